package faultproxy

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Fault is something that goes wrong with a request.
type Fault struct {
	// Name is the name of the fault in rules, and Help says what it does.
	Name, Help string
	// Forwards is whether the service receives the request, and carries it out.
	Forwards bool

	play func(*exchange)
}

const refused = "refused"

// Faults returns all faults.
func Faults() []Fault { return slices.Clone(faults()) }

// Find returns the fault of a name.
func Find(name string) (Fault, bool) {
	i := slices.IndexFunc(faults(), func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return Fault{}, false
	}
	return faults()[i], true
}

// afterSuffix marks a fault of the response to a request that was carried out.
const afterSuffix = "-after"

var faults = sync.OnceValue(func() []Fault {
	all := []Fault{
		{refused, "refuses the connection (on a listener: closes it without reading)", false, func(*exchange) { cut() }},
		{"cut-before", "reads the request and closes the connection", false, func(*exchange) { cut() }},
		{"cut" + afterSuffix, "closes the connection instead of responding", true, func(*exchange) { cut() }},
		{"truncated", "sends half of the response's body, of which the header states the length", true, truncate},
		{"other" + afterSuffix, "responds with what a GET of another object of the kind returned last", true, answerOther},
		{"other", "like other-after", false, answerOther},
		{"id-path", "replaces every id of the response by ../x", true, invent("../x")},
		{"id-long", "replaces every id of the response by 200 characters", true, invent(strings.Repeat("x", 200))},
		{"id-nul", "replaces every id of the response by one with a NUL", true, invent("a\\u0000b")},
	}
	for _, status := range []int{http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		all = append(all, failure(fmt.Sprint(status), status, ""))
		for _, wait := range waits {
			all = append(all, failure(fmt.Sprintf("%d-%s", status, wait.name), status, wait.value))
		}
	}
	for _, response := range responses() {
		all = append(all, response)
		if slices.Contains(refusals, response.Name) {
			continue
		}
		response.Forwards, response.Name = true, response.Name+afterSuffix
		response.Help = "like " + strings.TrimSuffix(response.Name, afterSuffix)
		all = append(all, response)
	}
	return all
})

// refusals are the responses that say that the request was not carried out.
var refusals = []string{"redirect", "control", "long-message", "many-errors"}

// waits are the values of Retry-After.
var waits = []struct{ name, value string }{
	{"seconds", "2"}, {"block", "300"}, {"date", "date"}, {"negative", "-1"}, {"huge", "1e99"}, {"word", "soon"},
}

func failure(name string, status int, wait string) Fault {
	help := fmt.Sprintf("responds with %d", status)
	if wait != "" {
		help += " and Retry-After: " + wait
	}
	return Fault{name, help, false, func(e *exchange) {
		headers := []string{"Retry-After", wait}
		switch wait {
		case "":
			headers = nil
		case "date":
			headers = []string{"Retry-After", e.now().Add(2 * time.Second).UTC().Format(http.TimeFormat)}
		}
		e.answer(status, errorBody(http.StatusText(status)), headers...)
	}}
}

// now returns the time of the service, which may not be that of this machine.
func (e *exchange) now() time.Time {
	if e.proxy.Now != nil {
		return e.proxy.Now()
	}
	return time.Now()
}

func errorBody(message string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":7009,"message":"%s"}],"messages":[],"result":null}`, message)
}

// responses are the faults that consist of a response.
func responses() []Fault {
	answer := func(name, help string, status int, body string, headers ...string) Fault {
		return Fault{name, help, false, func(e *exchange) { e.answer(status, body, headers...) }}
	}
	success := func(result string) string {
		return `{"success":true,"errors":[],"messages":[],"result":` + result + `}`
	}
	html := func(name, help string, status int) Fault {
		return Fault{name, help, false, func(e *exchange) {
			e.begin(status, "text/html")
			e.write([]byte("<html><body><h1>" + http.StatusText(status) + "</h1></body></html>"))
		}}
	}
	return []Fault{
		answer("500", "responds with 500", http.StatusInternalServerError, errorBody("Internal error")),
		html("502", "responds with 502 and a page of HTML", http.StatusBadGateway),
		html("504", "responds with 504 and a page of HTML", http.StatusGatewayTimeout),
		html("html", "responds with 200 and a page of HTML", http.StatusOK),
		answer("empty", "responds with 200 and no body", http.StatusOK, ""),
		answer("null", "responds with 200 and null", http.StatusOK, "null"),
		answer("result-null", "responds with success and the result null", http.StatusOK, success("null")),
		answer("unsuccessful", "responds with 200 and success: false", http.StatusOK, errorBody("It did not work")),
		answer("result-list", "responds with success and a list with a number as the result", http.StatusOK, success(`[1]`)),
		answer("result-string", "responds with success and a string as the result", http.StatusOK, success(`"done"`)),
		answer("result-number", "responds with success and a number beyond range as the result", http.StatusOK, success(`1e999`)),
		answer("result-object", "responds with success and an empty object as the result", http.StatusOK, success(`{}`)),
		answer("redirect", "responds with 302 and another host", http.StatusFound, "", "Location", "https://elsewhere.example/steal"),
		answer("control", "responds with 400 and a message of terminal control sequences", http.StatusBadRequest,
			errorBody(`\u001b[2J\u001b[1;32mApply complete!\u001b[0m\r\u0007\u202e`)),
		answer("long-message", "responds with 400 and a message of 1 MB", http.StatusBadRequest, errorBody(strings.Repeat("blah ", 200_000))),
		answer("many-errors", "responds with 400 and 10,001 errors", http.StatusBadRequest,
			`{"success":false,"errors":[`+strings.Repeat(`{"code":7001,"message":"No"},`, 10_000)+`{"code":7001,"message":"No"}],"result":null}`),
		{"hang", "never responds", false, func(e *exchange) {
			for e.pause(10 * time.Second) {
			}
			cut()
		}},
		{"slow", "sends a byte of the body every 10 seconds", false, func(e *exchange) {
			e.begin(http.StatusOK, "application/json")
			for e.write([]byte(" ")) && e.pause(10*time.Second) {
			}
		}},
		{"stalled", "sends the start of a body, and nothing more", false, func(e *exchange) {
			e.begin(http.StatusOK, "application/json")
			e.write([]byte(`{"success":true,`))
			for e.pause(10 * time.Second) {
			}
			cut()
		}},
		{"endless", "sends a body that never ends", false, func(e *exchange) {
			e.begin(http.StatusOK, "application/json")
			e.write([]byte(`{"success":true,"result":{"x":"`))
			for part := bytes.Repeat([]byte("x"), 64<<10); e.write(part); {
			}
		}},
		{"gzip-bomb", "sends a small body that becomes 256 MiB", false, func(e *exchange) {
			e.begin(http.StatusOK, "application/json", "Content-Encoding", "gzip")
			e.write(bomb())
		}},
	}
}

// bomb returns a JSON string of 256 MiB, compressed.
var bomb = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	part := bytes.Repeat([]byte("x"), 1<<20)
	_, _ = w.Write([]byte(`{"success":true,"result":{"x":"`))
	for range 256 {
		_, _ = w.Write(part)
	}
	_, _ = w.Write([]byte(`"}}`))
	_ = w.Close()
	return out.Bytes()
})

func truncate(e *exchange) {
	whole := e.reply.Body.Bytes()
	e.w.Header().Set("Content-Length", fmt.Sprint(max(len(whole), 2)))
	e.begin(e.reply.Code, "application/json")
	e.write(whole[:len(whole)/2])
	cut()
}

// answerOther plays the faults other and other-after. Without another object to
// show, it responds with one that nobody knows.
func answerOther(e *exchange) {
	body, ok := e.proxy.other(e.r)
	if !ok {
		body = []byte(`{"success":true,"errors":[],"messages":[],"result":{"id":"0000000000000000000000000000beef","name":"another"}}`)
	}
	e.answer(http.StatusOK, string(body))
}

var idMember = regexp.MustCompile(`"(id|[a-z]+_id)":\s*"[^"]*"`)

// invent replaces the ids of a response.
func invent(id string) func(*exchange) {
	return func(e *exchange) {
		body := idMember.ReplaceAllString(e.reply.Body.String(), `"$1":"`+id+`"`)
		e.answer(e.reply.Code, body)
	}
}
