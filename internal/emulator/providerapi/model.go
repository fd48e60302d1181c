package providerapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Emulator is a provider that only the emulator has. Its models make a request
// go wrong in a known way:
//
//	emulator/echo          responds like any other model
//	emulator/status-NNN    responds with that status, 400 to 599
//	emulator/slow          responds after 30 s of real time
//	emulator/slow-250ms    responds after that time, any Go duration
//	emulator/flaky-N       responds 500 the first N times, then like any other
//	                       model; the server counts for each gateway
//	emulator/empty         responds 200 with no choices
//	emulator/garbage       responds 200 with a body that is not JSON
//	emulator/cut           cuts the connection; when streaming, after one chunk
//
// On paths that name their provider, the model's full name does the same:
// "emulator/slow" sent to openai/chat/completions is slow, and the provider is
// openai. For Workers AI it is "@cf/emulator/slow". Errors have the shape of the
// API that was called.
const Emulator = "emulator"

// defaultDelay is how long emulator/slow waits.
const defaultDelay = 30 * time.Second

// FaultKind is a way in which a model goes wrong.
type FaultKind int

// The kinds of faults.
const (
	NoFault FaultKind = iota
	UnknownModel
	EmptyResponse
	Garbage
	Cut
	Slow
	Flaky
	StatusError
)

// A Fault is the failure that the name of a model stands for.
type Fault struct {
	Kind   FaultKind
	Delay  time.Duration // for Slow
	Times  int           // for Flaky
	Status int           // for StatusError
}

// FaultOf returns the fault that the name of a model stands for. Names below
// emulator/ that are not listed at [Emulator] ask for [UnknownModel].
func FaultOf(provider, model string) Fault {
	name, ok := strings.CutPrefix(strings.TrimPrefix(model, "@cf/"), Emulator+"/")
	if provider == Emulator {
		name, ok = model, true
	}
	if !ok {
		return Fault{}
	}
	kind, argument, _ := strings.Cut(name, "-")
	switch kind {
	case "echo":
		return Fault{}
	case "empty":
		return Fault{Kind: EmptyResponse}
	case "garbage":
		return Fault{Kind: Garbage}
	case "cut":
		return Fault{Kind: Cut}
	case "slow":
		if argument == "" {
			return Fault{Kind: Slow, Delay: defaultDelay}
		}
		if d, err := time.ParseDuration(argument); err == nil && d >= 0 {
			return Fault{Kind: Slow, Delay: d}
		}
	case "flaky":
		if times, err := strconv.Atoi(argument); err == nil && times >= 0 {
			return Fault{Kind: Flaky, Times: times}
		}
	case "status":
		switch status, err := strconv.Atoi(argument); {
		case err != nil || status < 400 || status > 599 || status == http.StatusNotFound:
		default:
			return Fault{Kind: StatusError, Status: status}
		}
	}
	return Fault{Kind: UnknownModel}
}

// NewStatusError returns the error of a model whose name stands for a
// status.
func NewStatusError(status int) Error {
	return Error{Status: status, Code: "emulated", Message: fmt.Sprintf("The emulator was asked to answer %d", status)}
}

// NewUnknownModel returns the error for a model that does not exist.
func NewUnknownModel(model string) Error {
	return Error{
		Status: http.StatusNotFound, Code: "model_not_found",
		Message: fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", model),
	}
}

// Complete returns the built-in model's response: it repeats the prompt and, as
// a [KeyFingerprint], the key that it was sent. A token is a word.
func Complete(provider string, q Request, key, id string, now time.Time) *Completion {
	note := ""
	if key != "" {
		note = " with key " + KeyFingerprint(key)
	}
	words := strings.Fields(fmt.Sprintf("The emulator answers for provider %q and model %q%s. The prompt was: %s",
		provider, q.Model, note, q.Prompt))
	if q.Embeddings != nil {
		words = nil
	}
	truncated := q.MaxTokens > 0 && len(words) > q.MaxTokens
	if truncated {
		words = words[:q.MaxTokens]
	}
	return &Completion{
		ID:        strings.ReplaceAll(id, "-", ""),
		Created:   now.Unix(),
		Text:      strings.Join(words, " "),
		Truncated: truncated,
		TokensIn:  len(strings.Fields(q.Input)),
		TokensOut: len(words),
	}
}

// KeyFingerprint returns how the built-in model names the key that it was sent:
// "sha256:" and the first 16 hexadecimal digits of the key's hash.
func KeyFingerprint(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:8])
}
