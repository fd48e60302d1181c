package acctest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// A secretHolder is a resource with secrets, those that state has and those that
// are write-only.
type secretHolder struct {
	typeName  string
	stored    []string // places in secretsOfTheSchema
	writeOnly []string
	config    func(secret func(place string) string, generation int64) map[string]any
	importID  string
}

type values = map[string]any

var secretHolders = map[string]secretHolder{
	"plain": {
		typeName: "aigateway_gateway", importID: "plain",
		stored: []string{"aigateway_gateway.otel.headers", "aigateway_gateway.otel.authorization", "aigateway_gateway.stripe.authorization"},
		config: func(secret func(string) string, _ int64) values {
			return values{
				"name": "plain",
				"otel": []any{values{
					"url": "https://otel.example.com", "headers": values{"x-key": secret("aigateway_gateway.otel.headers")},
					"authorization": secret("aigateway_gateway.otel.authorization"),
				}},
				"stripe": values{
					"authorization": secret("aigateway_gateway.stripe.authorization"), "usage_events": []any{values{"payload": "{}"}},
				},
			}
		},
	},
	"written": {
		typeName: "aigateway_gateway", importID: "written",
		writeOnly: []string{"aigateway_gateway.otel.headers_wo", "aigateway_gateway.otel.authorization_wo", "aigateway_gateway.stripe.authorization_wo"},
		config: func(secret func(string) string, generation int64) values {
			return values{
				"name": "written",
				"otel": []any{values{
					"url": "https://otel.example.com", "headers_wo": values{"x-key": secret("aigateway_gateway.otel.headers_wo")},
					"headers_wo_version": generation, "authorization_wo": secret("aigateway_gateway.otel.authorization_wo"),
					"authorization_wo_version": generation,
				}},
				"stripe": values{
					"authorization_wo": secret("aigateway_gateway.stripe.authorization_wo"), "authorization_wo_version": generation,
					"usage_events": []any{values{"payload": "{}"}},
				},
			}
		},
	},
	"key": {
		typeName: "aigateway_provider_config", importID: "keyed/openai/default",
		writeOnly: []string{"aigateway_provider_config.secret_wo"},
		config: func(secret func(string) string, generation int64) values {
			return values{
				"gateway_id": "keyed", "provider_slug": "openai",
				"secret_wo": secret("aigateway_provider_config.secret_wo"), "secret_wo_version": generation,
			}
		},
	},
	"custom provider": {
		typeName: "aigateway_custom_provider", importID: "own",
		stored: []string{"aigateway_custom_provider.headers"},
		config: func(secret func(string) string, _ int64) values {
			return values{
				"name": "Our own", "slug": "own", "base_url": "https://llm.example.com",
				"headers": values{"x-key": secret("aigateway_custom_provider.headers")},
			}
		},
	},
}

// secretOf returns the value of a secret in a generation.
func secretOf(generation int64) func(place string) string {
	return func(place string) string {
		return fmt.Sprintf("%s%d", strings.TrimSuffix(secretsOfTheSchema[place], "1"), generation)
	}
}

// An echoing transport answers one request with what was sent, the token and the
// request body, and with the other secrets that the provider knows.
type echoing struct {
	requests, at int
	known        []string
	response     func(text string) (status int, body string)
}

// RoundTrip implements [http.RoundTripper].
func (e *echoing) RoundTrip(req *http.Request) (*http.Response, error) {
	e.requests++
	if e.requests != e.at {
		return http.DefaultTransport.RoundTrip(req)
	}
	var sent []byte
	if req.Body != nil {
		var err error
		if sent, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	status, body := e.response(strings.Join(append([]string{req.Header.Get("Authorization"), string(sent)}, e.known...), " "))
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// echoResponses are the ways in which a service repeats a text.
var echoResponses = map[string]func(text string) (int, string){
	"refused": func(text string) (int, string) { return http.StatusBadRequest, errorSaying(text) },
	"failed":  func(text string) (int, string) { return http.StatusInternalServerError, errorSaying(text) },
	"forbidden": func(text string) (int, string) {
		return http.StatusForbidden, "<html>" + text + "</html>"
	},
	"a page": func(text string) (int, string) { return http.StatusOK, "<html>" + text + "</html>" },
	"in base64": func(text string) (int, string) {
		return http.StatusBadRequest, errorSaying(base64.StdEncoding.EncodeToString([]byte(text)))
	},
	"in a URL": func(text string) (int, string) {
		return http.StatusBadRequest, errorSaying("https://example.com/?q=" + url.QueryEscape(text))
	},
	"escaped": func(text string) (int, string) {
		return http.StatusBadRequest, errorSaying(strings.ReplaceAll(text, "e", `\u0065`))
	},
	"no type": func(text string) (int, string) {
		return http.StatusOK, `{"success":true,"result":` + quoted(text) + `}`
	},
	"an odd field": func(text string) (int, string) {
		return http.StatusOK, `{"success":true,"result":{"cache_ttl":` + quoted(text) + `,"position":` + quoted(text) + `}}`
	},
}

func quoted(text string) string {
	raw, _ := json.Marshal(text) // a string can always be encoded
	return string(raw)
}

func errorSaying(text string) string {
	return `{"success":false,"errors":[{"code":7001,"message":` + quoted(text) + `,"path":["body","name"]}]}`
}

// loggedTB is a test whose context has a logger.
type loggedTB struct {
	testing.TB
	ctx context.Context //nolint:containedctx // testing.TB has a context for as long as the test runs; this one adds the logger.
}

// Context returns the context with the logger.
func (t loggedTB) Context() context.Context { return t.ctx }

// TestEchoedSecrets repeats the secrets that the provider knows in the response to each
// request of each step of a lifecycle. No diagnostic, no log line and no plan has one;
// state and private state have no write-only one.
func TestEchoedSecrets(t *testing.T) {
	t.Parallel()
	for name, holder := range secretHolders {
		for _, step := range []string{"create", "rotate", "read", "import", "delete"} {
			for kind, response := range echoResponses {
				if !acctest.Deep() && kind != "refused" && kind != "in base64" && kind != "no type" {
					continue
				}
				t.Run(name+"/"+step+"/"+kind, func(t *testing.T) {
					t.Parallel()
					requests := holder.echo(t, step, 0, response)
					if requests == 0 {
						t.Error("the step makes no requests, so this test checks nothing")
					}
					for at := range requests {
						holder.echo(t, step, at+1, response)
					}
				})
			}
		}
	}
}

// echo takes a new object to a step, of which one request is answered by an
// echo. It returns how many requests the step makes.
func (h secretHolder) echo(t *testing.T, step string, at int, response func(string) (int, string)) int {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{GatewayLimit: -1, SecretDelay: -1})
	s.Emulator.PutGateway(s.AccountID, values{"id": "keyed", "authentication": true, "store_id": s.Emulator.StoreIDs(s.AccountID)[0]})
	var logs bytes.Buffer
	logged := loggedTB{t, tflogtest.RootLogger(t.Context(), &logs)}
	transport := &echoing{response: response}
	factory := theprovider.NewWithOptions("test", theprovider.Options{Getenv: s.Getenv(), Transport: transport})
	server := protocol.New(logged, factory, values{"max_retries": int64(0)})
	r := server.Resource(h.typeName)
	if step != "create" {
		r.MustApply(h.config(secretOf(1), 1))
	}

	secrets := []string{s.Token}
	for _, place := range append(append([]string{}, h.stored...), h.writeOnly...) {
		secrets = append(secrets, secretOf(1)(place), secretOf(2)(place))
	}
	apply := func(config values) func() protocol.Diagnostics {
		return func() protocol.Diagnostics {
			plan, diags := r.Plan(config)
			if plan == nil {
				return diags
			}
			for _, place := range h.writeOnly {
				for _, generation := range []int64{1, 2} {
					if strings.Contains(plan.Planned.String(), secretOf(generation)(place)) {
						t.Errorf("%s is in the plan", place)
					}
				}
			}
			return append(diags, r.Apply(plan)...)
		}
	}
	var do func() protocol.Diagnostics
	switch step {
	case "create":
		do = apply(h.config(secretOf(1), 1))
	case "rotate":
		do = apply(h.config(secretOf(2), 2))
	case "read":
		do = r.Refresh
	case "import":
		r = server.Resource(h.typeName)
		do = func() protocol.Diagnostics { return r.Import(s.AccountID + "/" + h.importID) }
	case "delete":
		do = apply(nil)
	}
	transport.requests, transport.at, transport.known = 0, at, h.known(step)
	diags := do()
	for _, secret := range slices.Concat(secrets, encoded(secrets)) {
		for where, text := range map[string]string{"diagnostics": diags.String(), "log": logs.String()} {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("request %d: %s is in the %s: …%s…", at, secret, where, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
	state := fmt.Sprint(r.State(), r.Identity()) + string(r.Private())
	for _, place := range h.writeOnly {
		for _, generation := range []int64{1, 2} {
			if strings.Contains(state, secretOf(generation)(place)) {
				t.Errorf("request %d: %s is in state", at, place)
			}
		}
	}
	if !strings.Contains(logs.String(), "request answered") {
		t.Error("the log has no requests: is it the right one?")
	}
	return transport.requests
}

// known returns the secrets that the provider knows in a step: those that state has,
// and those that the configuration sets. Nothing tells it of a write-only one that an
// earlier run sent.
func (h secretHolder) known(step string) []string {
	var known []string
	places := h.stored
	generation := int64(1)
	switch step {
	case "import":
		return nil
	case "rotate":
		for _, place := range h.stored {
			known = append(known, secretOf(1)(place))
		}
		generation = 2
		places = slices.Concat(h.stored, h.writeOnly)
	case "create":
		places = slices.Concat(h.stored, h.writeOnly)
	}
	for _, place := range places {
		known = append(known, secretOf(generation)(place))
	}
	return known
}

// encoded returns the other forms in which the echoes have secrets. Of base64, it is
// the part that does not depend on what is before and after.
func encoded(secrets []string) []string {
	var forms []string
	for _, secret := range secrets {
		forms = append(forms, url.QueryEscape(secret), strings.ReplaceAll(secret, "e", `\u0065`))
		for before := range 3 {
			text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + secret))
			forms = append(forms, text[4:len(text)-4])
		}
	}
	return forms
}

// TestEverySecretIsEchoed holds the resources of the test above to the schema.
func TestEverySecretIsEchoed(t *testing.T) {
	t.Parallel()
	echoed := map[string]bool{}
	for _, holder := range secretHolders {
		for _, place := range append(append([]string{}, holder.stored...), holder.writeOnly...) {
			echoed[place] = true
		}
	}
	for place := range secretsOfTheSchema {
		// Those of the provider are sent with each request.
		if !echoed[place] && !strings.HasPrefix(place, "provider.") {
			t.Errorf("no resource of TestEchoedSecrets has %s", place)
		}
	}
}
