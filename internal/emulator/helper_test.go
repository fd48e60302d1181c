package emulator_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	accountID = "0123456789abcdef0123456789abcdef"
	otherID   = "ffffffffffffffffffffffffffffffff"
	token     = emulator.DefaultToken
)

// epoch is where the clocks of the tests stand still: the middle of a minute.
var epoch = time.Date(2026, 11, 1, 12, 0, 30, 123456789, time.UTC)

// object is a JSON object.
type object = map[string]any

// harness speaks to a server without a network.
type harness struct {
	t testing.TB
	*emulator.Server
}

// start returns a server whose clock stands still.
func start(t testing.TB, opts emulator.Options) harness {
	t.Helper()
	if opts.Clock == nil {
		opts.Clock = emulator.NewClock(epoch)
	}
	s, err := emulator.New(opts)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return harness{t, s}
}

func withQuirks(t testing.TB, quirks ...emulator.Quirk) harness {
	t.Helper()
	return start(t, emulator.Options{Quirks: quirks})
}

// reply is an answer, with its body decoded if it is JSON.
type reply struct {
	status int
	header http.Header
	raw    string
	body   object
}

// send sends a request. Headers come in pairs.
func (h harness) send(method, path, body string, headers ...string) reply {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	out := reply{status: w.Code, header: w.Result().Header, raw: w.Body.String()}
	if strings.HasPrefix(out.header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out.body); err != nil {
			h.t.Fatalf("%s %s: answer is no JSON object: %v\n%s", method, path, err, out.raw)
		}
	}
	return out
}

// api sends an authenticated request to the control plane of accountID. A body
// that is no string is sent as JSON.
func (h harness) api(method, path string, body any) reply {
	h.t.Helper()
	return h.apiOf(accountID, method, path, body)
}

func (h harness) apiOf(account, method, path string, body any) reply {
	h.t.Helper()
	text, ok := body.(string)
	if !ok && body != nil {
		text = toJSON(h.t, body)
	}
	return h.send(method, "/client/v4/accounts/"+account+"/ai-gateway/"+path, text,
		"Authorization", "Bearer "+token)
}

// create creates a gateway with the minimal body and the given changes.
func (h harness) create(id string, changes ...object) object {
	h.t.Helper()
	body := minimal(changes...)
	body["id"] = id
	return h.api("POST", "gateways", body).result(h.t)
}

// put updates a gateway with the minimal body and the given changes.
func (h harness) put(id string, changes ...object) object {
	h.t.Helper()
	return h.api("PUT", "gateways/"+id, minimal(changes...)).result(h.t)
}

func (h harness) get(id string) object {
	h.t.Helper()
	return h.api("GET", "gateways/"+id, nil).result(h.t)
}

// minimal is the smallest body that PUT accepts, with changes.
func minimal(changes ...object) object {
	body := object{
		"cache_invalidate_on_update": false,
		"cache_ttl":                  0,
		"collect_logs":               true,
		"rate_limiting_interval":     0,
		"rate_limiting_limit":        0,
	}
	for _, c := range changes {
		maps.Copy(body, c)
	}
	return body
}

// result returns the result of a success.
func (r reply) result(t testing.TB) object {
	t.Helper()
	out, ok := r.body["result"].(object)
	if r.status != http.StatusOK || r.body["success"] != true || !ok {
		t.Fatalf("no success: %d %s", r.status, r.raw)
	}
	return out
}

// wantErrors checks status, code and messages of a control plane error. A
// message may start with the path, as in "body.id: Required".
func (r reply) wantErrors(t testing.TB, status, code int, messages ...string) {
	t.Helper()
	if r.status != status || r.body["success"] != false {
		t.Errorf("status = %d, success = %v, want %d, false: %s", r.status, r.body["success"], status, r.raw)
	}
	errors, _ := r.body["errors"].([]any)
	var got []string
	for _, item := range errors {
		item := item.(object)
		if item["code"] != float64(code) {
			t.Errorf("code = %v, want %d", item["code"], code)
		}
		got = append(got, describe(item))
	}
	if strings.Join(got, "\n") != strings.Join(messages, "\n") {
		t.Errorf("errors:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(messages, "\n  "))
	}
}

func describe(item object) string {
	path, ok := item["path"].([]any)
	if !ok {
		return item["message"].(string)
	}
	var steps []string
	for _, step := range path {
		if name, ok := step.(string); ok {
			steps = append(steps, name)
			continue
		}
		steps = append(steps, strings.TrimSuffix(toString(step), ".0"))
	}
	return strings.Join(steps, ".") + ": " + item["message"].(string)
}

func toString(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// chat sends a chat request with the token; headers come in pairs.
func (h harness) chat(gateway, model, prompt string, headers ...string) reply {
	h.t.Helper()
	return h.chatBody(gateway, object{
		"model":    model,
		"messages": []object{{"role": "user", "content": prompt}},
	}, headers...)
}

func (h harness) chatBody(gateway string, body any, headers ...string) reply {
	h.t.Helper()
	text, ok := body.(string)
	if !ok {
		text = toJSON(h.t, body)
	}
	headers = append([]string{"cf-aig-authorization", "Bearer " + token}, headers...)
	return h.send("POST", "/v1/"+accountID+"/"+gateway+"/compat/chat/completions", text, headers...)
}

// wantDataError checks a data plane error.
func (r reply) wantDataError(t testing.TB, status, code int, message string) {
	t.Helper()
	items, _ := r.body["error"].([]any)
	if r.status != status || r.body["success"] != false || len(items) != 1 {
		t.Fatalf("want a data plane error with status %d, got %d: %s", status, r.status, r.raw)
	}
	item := items[0].(object)
	if item["code"] != float64(code) || !strings.Contains(item["message"].(string), message) {
		t.Errorf("error = %v, want %d %q", item, code, message)
	}
}

// text is what the model said.
func (r reply) text(t testing.TB) string {
	t.Helper()
	choices, _ := r.body["choices"].([]any)
	if r.status != http.StatusOK || len(choices) != 1 {
		t.Fatalf("no completion: %d %s", r.status, r.raw)
	}
	return choices[0].(object)["message"].(object)["content"].(string)
}

// wantPanic checks that do panics.
func wantPanic(t *testing.T, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	do()
}

// combinations returns all sets of quirks that do not contradict each other.
func combinations(all []emulator.Quirk) [][]emulator.Quirk {
	var out [][]emulator.Quirk
	for set := range 1 << len(all) {
		var quirks []emulator.Quirk
		for i, q := range all {
			if set&(1<<i) != 0 {
				quirks = append(quirks, q)
			}
		}
		if !slices.Contains(quirks, emulator.SecretsMasked) || !slices.Contains(quirks, emulator.SecretsOmitted) {
			out = append(out, quirks)
		}
	}
	return out
}
