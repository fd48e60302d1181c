package gateway_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// inputServer is a server as one generated from the published OpenAPI document
// is: it takes GatewayInput and nothing else, answers Gateway, chooses ids of
// its own, and knows no pages.
type inputServer struct {
	t        *testing.T
	mu       sync.Mutex
	gateways map[string]attrs
	requests []string
	made     int
	// terse makes PUT and DELETE answer without a body.
	terse bool
	// fail makes the next request of a method fail.
	fail map[string]int
}

// gatewayInput is the document's schema of that name.
type gatewayInput struct {
	Name                 *string `json:"name"`
	CacheEnabled         *bool   `json:"cache_enabled"`
	CacheTTL             *int64  `json:"cache_ttl"`
	RateLimitingEnabled  *bool   `json:"rate_limiting_enabled"`
	RateLimitingLimit    *int64  `json:"rate_limiting_limit"`
	RateLimitingInterval *int64  `json:"rate_limiting_interval"`
	LogEnabled           *bool   `json:"log_enabled"`
}

func newInputServer(t *testing.T) (*inputServer, *protocol.Server) {
	t.Helper()
	s := &inputServer{t: t, gateways: map[string]attrs{}, fail: map[string]int{}}
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	return s, inputProvider(t, listener.URL)
}

func inputProvider(t *testing.T, url string) *protocol.Server {
	t.Helper()
	service := &acctest.Service{AccountID: acctest.AccountID, Token: "token", BaseURL: url, GatewayBaseURL: url + "/v1"}
	return service.Protocol(t, attrs{"wire_format": "gateway_input", "max_retries": int64(0)})
}

func (s *inputServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(r.URL.RequestURI(), "/accounts/"+acctest.AccountID+"/ai-gateway/gateways")
	s.requests = append(s.requests, r.Method+" "+path)
	if status := s.fail[r.Method]; status != 0 {
		delete(s.fail, r.Method)
		w.WriteHeader(status)
		return
	}
	id := strings.TrimPrefix(path, "/")
	gateway, exists := s.gateways[id]
	switch {
	case r.Method == http.MethodGet && path == "":
		all := []any{}
		for _, id := range slices.Sorted(maps.Keys(s.gateways)) {
			all = append(all, s.gateways[id])
		}
		s.answer(w, all)
	case r.Method == http.MethodPost && path == "":
		s.made++
		id = fmt.Sprintf("7f9c24e8-3b12-4d6f-9a0%d", s.made)
		s.gateways[id] = attrs{"id": id, "created_at": "2026-01-15T10:30:00Z", "modified_at": "2026-01-15T10:30:00Z"}
		s.take(w, r, s.gateways[id])
	case !exists:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"success":false}`)
	case r.Method == http.MethodGet:
		s.answer(w, gateway)
	case r.Method == http.MethodPut:
		s.take(w, r, gateway)
	case r.Method == http.MethodDelete:
		delete(s.gateways, id)
		if !s.terse {
			s.answer(w, nil)
		}
	}
}

// take checks a body against the schema and stores it.
func (s *inputServer) take(w http.ResponseWriter, r *http.Request, gateway attrs) {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	var input gatewayInput
	if err := decoder.Decode(&input); err != nil || input.Name == nil {
		s.t.Errorf("%s with a body that is no GatewayInput: %v", r.Method, err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	raw, err := json.Marshal(input)
	if err != nil {
		s.t.Error(err)
	}
	fields := attrs{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		s.t.Error(err)
	}
	for field, value := range fields {
		if value != nil {
			gateway[field] = value
		}
	}
	gateway["slug"] = strings.ToLower(strings.ReplaceAll(*input.Name, " ", "-"))
	if r.Method == http.MethodPut && s.terse {
		return
	}
	s.answer(w, gateway)
}

func (s *inputServer) answer(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json")
	// The document's own example of a success has an empty error in it.
	if err := json.NewEncoder(w).Encode(attrs{"success": true, "errors": []any{attrs{}}, "messages": []any{attrs{}}, "result": result}); err != nil {
		s.t.Error(err)
	}
}

// requireRequests compares the requests since the last look; X is the id.
func (s *inputServer) requireRequests(want ...string) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	got := strings.ReplaceAll(strings.Join(s.requests, ", "), fmt.Sprintf("7f9c24e8-3b12-4d6f-9a0%d", s.made), "X")
	if got != strings.Join(want, ", ") {
		s.t.Errorf("requests: %s, want %s", got, strings.Join(want, ", "))
	}
	s.requests = nil
}

func TestGatewayInput(t *testing.T) {
	t.Parallel()
	for _, terse := range []bool{false, true} {
		t.Run(fmt.Sprint("terse ", terse), func(t *testing.T) {
			t.Parallel()
			service, server := newInputServer(t)
			service.terse = terse
			gateway := server.Resource(resourceType)
			config := func(parts ...attrs) attrs {
				return with(append([]attrs{{"name": "My Gateway"}}, parts...)...)
			}
			put := []string{"GET /X", "PUT /X", "GET /X"}
			if terse {
				put = []string{"GET /X", "PUT /X", "GET /X", "GET /X"}
			}

			gateway.MustApply(config(attrs{"cache_ttl": int64(60)}))
			service.requireRequests("POST ", "GET /X")
			requireState(t, gateway, attrs{
				"name": "My Gateway", "slug": "my-gateway", "cache_enabled": true, "cache_ttl": int64(60),
				"log_enabled": nil, "authentication": nil, "store_id": nil, "guardrails": nil,
			})
			gateway.MustApply(config(attrs{"cache_ttl": int64(90), "log_enabled": false}))
			service.requireRequests(put...)
			// This format tells the TTL of a cache that is off.
			gateway.MustApply(config(attrs{"cache_enabled": false, "cache_ttl": int64(90)}))
			requireState(t, gateway, attrs{"cache_enabled": false, "cache_ttl": int64(90), "log_enabled": false})
			gateway.MustApply(config(attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)}))
			gateway.MustApply(config())
			service.mu.Lock()
			service.requests = nil
			service.mu.Unlock()

			imported := server.Resource(resourceType)
			id := gateway.State()["id"].(string)
			if diags := imported.Import(acctest.AccountID + "/" + id); diags.HasError() {
				t.Fatal(diags)
			}
			imported.MustPlanEmpty(config(attrs{"cache_enabled": false, "cache_ttl": int64(90)}))

			state, diags := server.ReadDataSource("aigateway_gateway", attrs{"name": "My Gateway"})
			if diags.HasError() || protocol.Object(t, state)["id"] != id {
				t.Errorf("data source: %v %s", state, diags)
			}
			list, diags := server.ReadDataSource("aigateway_gateways", attrs{"search": "My"})
			if diags.HasError() || len(protocol.Object(t, list)["gateways"].([]any)) != 1 {
				t.Errorf("data source: %v %s", list, diags)
			}
			if action := gateway.MustApply(config(attrs{"name": "Another"})); action != protocol.Replace {
				t.Errorf("renamed: %s", action)
			}
			gateway.MustApply(nil)
			if len(service.gateways) != 0 {
				t.Errorf("left: %v", service.gateways)
			}
		})
	}
}

func TestGatewayInputRefusesWhatItLacks(t *testing.T) {
	t.Parallel()
	service, server := newInputServer(t)
	for _, l := range slices.Concat(scalars, features) {
		for attribute := range l.first {
			if slices.Contains([]string{
				"cache_enabled", "cache_ttl", "rate_limiting_enabled", "rate_limiting_limit", "rate_limiting_interval", "log_enabled",
			}, attribute) {
				continue
			}
			_, diags := server.Resource(resourceType).Plan(with(attrs{attribute: l.first[attribute]}))
			want := fmt.Sprintf(`wire_format is "gateway_input", which has no %s`, attribute)
			if !strings.Contains(diags.String(), want) {
				t.Errorf("%s: %s", attribute, diags)
			}
		}
	}
	service.requireRequests()
}

// TestGatewayInputLostCreate: names are not unique there, so nobody can tell.
func TestGatewayInputLostCreate(t *testing.T) {
	t.Parallel()
	service, server := newInputServer(t)
	service.fail[http.MethodPost] = http.StatusBadGateway
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(with())
	if diags := gateway.Apply(plan); !strings.Contains(diags.String(), "no way to look for it") || gateway.Exists() {
		t.Errorf("state %v, %s", gateway.State(), diags)
	}
	service.requireRequests("POST ")
}

// TestGatewayInputMock runs against a mock that answers the document's
// examples, whatever it is asked.
func TestGatewayInputMock(t *testing.T) {
	t.Parallel()
	const example = `{"id":"abc123","name":"Example Title","slug":"example_value","cache_enabled":true,"cache_ttl":10,` +
		`"rate_limiting_enabled":true,"rate_limiting_limit":10,"rate_limiting_interval":10,"log_enabled":true,` +
		`"created_at":"2026-01-15T10:30:00Z","modified_at":"2026-01-15T10:30:00Z"}`
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodPut || r.Method == http.MethodDelete: // described without a body
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/gateways"):
			fmt.Fprint(w, `{"result":[`+example+`],"success":true}`)
		default:
			fmt.Fprint(w, `{"result":`+example+`,"success":true,"errors":[{}],"messages":[{}]}`)
		}
	}))
	t.Cleanup(mock.Close)
	server := inputProvider(t, mock.URL)
	gateway := server.Resource(resourceType)
	config := attrs{"name": "Example Title"}
	gateway.MustApply(config)
	requireState(t, gateway, attrs{"id": "abc123", "slug": "example_value", "cache_ttl": int64(10), "log_enabled": true})
	whole := attrs{
		"name": "Example Title", "cache_enabled": true, "cache_ttl": int64(10), "rate_limiting_enabled": true,
		"rate_limiting_limit": int64(10), "rate_limiting_interval": int64(10), "log_enabled": true,
	}
	gateway.MustPlanEmpty(whole)
	imported := server.Resource(resourceType)
	if diags := imported.Import("abc123"); diags.HasError() {
		t.Fatal(diags)
	}
	imported.MustPlanEmpty(whole)
	if diags := gateway.Apply(must(gateway.Plan(nil))); diags.HasError() {
		t.Error(diags)
	}
}

func must(plan *protocol.Plan, _ protocol.Diagnostics) *protocol.Plan { return plan }
