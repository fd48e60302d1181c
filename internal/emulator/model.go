package emulator

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// faultProvider is a provider that only the emulator has. Its models make a
// request go wrong in a known way:
//
//	emulator/echo          answers like any other model
//	emulator/status-NNN    answers with that status, 400 to 599
//	emulator/slow          answers after 30 s of real time
//	emulator/slow-250ms    answers after that time, any Go duration
//	emulator/flaky-N       answers 500 the first N times, then like any other
//	                       model; the server counts for each gateway
//	emulator/empty         answers 200 with no choices
//	emulator/garbage       answers 200 with something that is no JSON
//	emulator/cut           cuts the connection; when streaming, after one chunk
//
// On paths that name their provider, the model's whole name does the same:
// "emulator/slow" asked of openai/chat/completions is slow, and the provider is
// openai. At Workers AI it is "@cf/emulator/slow". Errors have the form of the
// API that was asked.
const faultProvider = "emulator"

// slowness is how long emulator/slow waits.
const slowness = 30 * time.Second

// upstreamAnswer is what a provider answered.
type upstreamAnswer struct {
	provider, model string

	status      int
	contentType string
	body        []byte
	// completion is the answer before it was written; nil when it is an error
	// or garbage. Only completions are streamed and cached.
	completion *completion
	cut        bool
	// timedOut is set, and nothing else, when there was no answer in time.
	timedOut bool
	// unreachable is set, and nothing else, when there is nobody to answer.
	unreachable bool
}

// upstream asks the built-in model, for as long as ctx allows.
func (s *Server) upstream(ctx context.Context, x *exchange) upstreamAnswer {
	if f := s.providerRefusal(x); f != nil {
		return x.refused(*f)
	}
	if x.custom.local() {
		return s.forward(ctx, x)
	}
	if x.flawed != nil {
		return x.failed(*x.flawed)
	}
	answer := upstreamAnswer{status: http.StatusOK, contentType: "application/json"}
	full := s.complete(x)
	fault, ok := strings.CutPrefix(strings.TrimPrefix(x.question.model, "@cf/"), faultProvider+"/")
	if x.provider == faultProvider {
		fault, ok = x.question.model, true
	}
	if ok {
		name, argument, _ := strings.Cut(fault, "-")
		switch name {
		case "echo":
		case "empty":
			full.empty, full.tokensIn, full.tokensOut = true, 0, 0
		case "garbage":
			answer.contentType = "text/html"
			answer.body = []byte("<html>this is no JSON</html>")
			return answer
		case "cut":
			if !x.question.stream {
				cut()
			}
			answer.cut = true
		case "slow":
			wait, ok := parseSlowness(argument)
			if !ok {
				return x.unknownModel()
			}
			if !sleep(ctx, wait) {
				return upstreamAnswer{timedOut: true}
			}
		case "flaky":
			times, err := strconv.Atoi(argument)
			if err != nil || times < 0 {
				return x.unknownModel()
			}
			if s.fails(x, times) {
				return x.status(http.StatusInternalServerError)
			}
		case "status":
			status, err := strconv.Atoi(argument)
			if err != nil || status < 400 || status > 599 {
				return x.unknownModel()
			}
			return x.status(status)
		default:
			return x.unknownModel()
		}
	}
	answer.completion = full
	answer.body = marshal(x.form.write(x.question, full))
	return answer
}

func parseSlowness(argument string) (time.Duration, bool) {
	if argument == "" {
		return slowness, true
	}
	d, err := time.ParseDuration(argument)
	return d, err == nil && d >= 0
}

// flakiness counts the failures of one flaky model.
type flakiness struct{ account, gateway, model string }

// fails reports whether a flaky model has failures left, and uses one up.
func (s *Server) fails(x *exchange, times int) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	key := flakiness{x.account, x.gateway, x.question.model}
	if s.state.flaky[key] >= times {
		return false
	}
	if s.state.flaky == nil {
		s.state.flaky = map[flakiness]int{}
	}
	s.state.flaky[key]++
	return true
}

// failed is an error of the provider, in the form of its API; the gateway
// passes it through verbatim (documented).
func (x *exchange) failed(f failure) upstreamAnswer {
	return upstreamAnswer{status: f.status, contentType: "application/json", body: marshal(x.form.fail(f))}
}

// refused is failed for a key. That of Workers AI is always in the envelope of
// Cloudflare's API, with code 10000 (documented).
func (x *exchange) refused(f failure) upstreamAnswer {
	answer := x.failed(f)
	if x.provider == workersProvider {
		answer.body = marshal(workersRun{}.fail(f))
	}
	return answer
}

// status is the error that a model was asked for.
func (x *exchange) status(status int) upstreamAnswer {
	if status == http.StatusNotFound {
		return x.unknownModel()
	}
	return x.failed(failure{
		status: status, word: "emulated", message: fmt.Sprintf("The emulator was asked to answer %d", status),
	})
}

func (x *exchange) unknownModel() upstreamAnswer {
	return x.failed(failure{
		status: http.StatusNotFound, word: "model_not_found",
		message: fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", x.question.model),
	})
}

// complete is the built-in model: it says what it was asked, and, as a
// [KeyFingerprint], which key it was sent. A token is a word.
func (s *Server) complete(x *exchange) *completion {
	now := s.clock.Now()
	q := x.question
	words := strings.Fields(fmt.Sprintf("The emulator answers for provider %q and model %q%s. The prompt was: %s",
		x.provider, q.model, x.keyNote(s), q.prompt))
	if q.embed != nil {
		words = nil
	}
	short := q.maxTokens > 0 && len(words) > q.maxTokens
	if short {
		words = words[:q.maxTokens]
	}
	return &completion{
		id:        strings.ReplaceAll(s.ids.next(now), "-", ""),
		created:   now.Unix(),
		text:      strings.Join(words, " "),
		cutShort:  short,
		tokensIn:  len(strings.Fields(q.input)),
		tokensOut: len(words),
	}
}
