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

// workersModels are models of Workers AI with short names, for tests.
var workersModels = []string{
	"@cf/a/b", "@cf/m", "@cf/m/n", "@cf/meta/llama", "@cf/meta/llama-3", "@cf/meta/llama-3.3", "@cf/meta/x", "@cf/x", "@cf/x/y",
}

// start returns a server whose clock stands still, and which has [workersModels] unless
// the options have others.
func start(t testing.TB, opts emulator.Options) harness {
	t.Helper()
	if opts.WorkersModels == nil {
		opts.WorkersModels = workersModels
	}
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

// A reply is a response, with its body decoded if it is JSON.
type reply struct {
	// request is the method and path.
	request string
	status  int
	header  http.Header
	raw     string
	body    object
}

// send sends a request. Headers come in pairs.
func (h harness) send(method, path, body string, headers ...string) reply {
	h.t.Helper()
	return h.sendTo("", method, path, body, headers...)
}

// sendTo sends a request with a Host header, as if that name led here.
func (h harness) sendTo(host, method, path, body string, headers ...string) reply {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if host != "" {
		r.Host = host
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	out := reply{request: method + " " + path, status: w.Code, header: w.Result().Header, raw: w.Body.String()}
	if strings.HasPrefix(out.header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out.body); err != nil {
			h.t.Fatalf("%s %s: the response is no JSON object: %v\n%s", method, path, err, out.raw)
		}
	}
	return out
}

// api sends an authenticated request to the AI Gateway API of accountID.
func (h harness) api(method, path string, body any) reply {
	h.t.Helper()
	return h.apiOf(accountID, method, path, body)
}

func (h harness) apiOf(account, method, path string, body any) reply {
	h.t.Helper()
	return h.control(method, "/client/v4/accounts/"+account+"/ai-gateway/"+path, body)
}

// control sends an authenticated request to the control plane. A body that is not a string
// is sent as JSON.
func (h harness) control(method, path string, body any) reply {
	h.t.Helper()
	text, ok := body.(string)
	if !ok && body != nil {
		text = toJSON(h.t, body)
	}
	return h.send(method, path, text, "Authorization", "Bearer "+token)
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

// minimal returns the smallest body that PUT accepts, with changes.
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

// hi returns the body of a chat request whose prompt is "hi".
func hi(model string) string {
	return `{"model":"` + model + `","messages":[{"role":"user","content":"hi"}]}`
}

// withModel replaces the model of one of the bodies below.
func withModel(body, model string) string {
	return strings.Replace(body, `"m"`, `"`+model+`"`, 1)
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
