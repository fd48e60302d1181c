package live

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// differences returns the names of the members in which two objects differ.
func differences(a, b map[string]any) (names []string) {
	for name := range a {
		if !reflect.DeepEqual(a[name], b[name]) {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// limits are the documented numbers of gateways that an account may have.
var limits = []int{10, 20}

// refusalQuestions are about what the service refuses, and with which status and code.
func refusalQuestions() []Question {
	return []Question{
		{
			Name: "create/limit", Question: "What does POST return if the account has as many gateways as it may have?",
			Documented: "The limit is 10 or 20; status and code are not known.", Emulated: "400 7001", Probe: atTheLimit,
		},
		{
			Name: "create/status", Question: "Which status does POST of a gateway have?",
			Documented: "200 in the OpenAPI document; newer versions of the framework answer 201.", Emulated: "200",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				response, id, err := s.createGateway(ctx, nil)
				if err == nil {
					err = response.require("POST gateways")
				}
				defer s.remove(ctx, id)
				return Answer{Value: response.outcome()}, err
			},
		},
		{
			Name: "create/duplicate", Question: "What does POST return if the gateway exists?",
			Documented: "Observed: code 7001; a matcher of a third party expects HTTP 504 too. The text is not known.", Emulated: "400 7001",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				body := required(values{"id": id})
				return sampled("error of a duplicate gateway")(s.call(ctx, http.MethodPost, "gateways", body))
			},
		},
		creation("create/missing-required", "What does POST of a gateway return if cache_ttl and collect_logs are missing?",
			"They are required.", "400 7001", func(body values) {
				delete(body, "cache_ttl")
				delete(body, "collect_logs")
			}),
		creation("create/null-ttl", "Does POST of a gateway accept null for cache_ttl?", "It is nullable.", "200",
			func(body values) { body["cache_ttl"] = nil }),
		creation("create/id-upper-case", "May the ID of a gateway have upper-case letters?", "Sources say no.", "400 7001",
			renamed(strings.ToUpper)),
		creation("create/id-underscore", "May the ID of a gateway have underscores?", "Sources disagree.", "200",
			renamed(func(id string) string { return id + "_x" })),
		creation("create/id-double-hyphen", "May the ID of a gateway have two hyphens in a row?", "A pattern of a third party says no.", "400 7001",
			renamed(func(id string) string { return id + "--x" })),
		creation("create/id-65", "May the ID of a gateway have 65 characters?", "At most 64.", "400 7001",
			renamed(func(id string) string { return id + strings.Repeat("x", 65-len(id)) })),
		refusal("missing/gateway", "What does GET of a gateway that does not exist return?", "Observed: 404 with code 7002.", "404 7002",
			http.MethodGet, "gateways/{missing}", nil),
		refusal("missing/gateway-delete", "What does DELETE of a gateway that does not exist return?", "Not documented for DELETE.", "404 7002",
			http.MethodDelete, "gateways/{missing}", nil),
		refusal("missing/gateway-update", "What does PUT of a gateway that does not exist return?", "Not documented for PUT.", "404 7002",
			http.MethodPut, "gateways/{missing}", required(nil)),
		refusal("missing/gateway-invalid-body", "What does PUT with an invalid body return if the gateway does not exist?",
			"Inferred from the framework: the body is checked first.", "400 7001", http.MethodPut, "gateways/{missing}", values{}),
		refusal("missing/url", "What does the URL of a provider return for a gateway that does not exist?", "Not documented.", "404 7002",
			http.MethodGet, "gateways/{missing}/url/openai", nil),
		refusal("missing/routes", "What does the list of routes return if the gateway does not exist?", "Observed: 404 with code 7002.", "404 7002",
			http.MethodGet, "gateways/{missing}/routes", nil),
		refusal("missing/logs", "What does the list of logs return if the gateway does not exist?", "Not documented.", "404 7002",
			http.MethodGet, "gateways/{missing}/logs", nil),
		refusal("missing/policies", "What does the list of policies return if the gateway does not exist?", "Not documented.", "404 7002",
			http.MethodGet, "gateways/{missing}/policies", nil),
		refusal("missing/provider-configs", "What does the list of provider configs return if the gateway does not exist?",
			"Observed: an empty list.", "200", http.MethodGet, "gateways/{missing}/provider_configs", nil),
		refusal("missing/route", "What does GET of a route that does not exist return?", "Observed: 404 with code 7005.", "404 7005",
			http.MethodGet, "gateways/{shared}/routes/00000000-0000-4000-8000-000000000000", nil),
		refusal("missing/policy", "What does GET of a policy that does not exist return?", "Not documented.", "404 7002",
			http.MethodGet, "gateways/{shared}/policies/00000000-0000-4000-8000-000000000000", nil),
		refusal("missing/provider-config", "What does DELETE of a provider config that does not exist return?", "404 with code 7002.", "404 7002",
			http.MethodDelete, "gateways/{shared}/provider_configs/00000000-0000-4000-8000-000000000000", nil),
		refusal("missing/log", "What does GET of a log that does not exist return?", "Observed: 404 with code 7002.", "404 7002",
			http.MethodGet, "gateways/{shared}/logs/01ARZ3NDEKTSV4RRFFQ69G5FAV", nil),
		refusal("missing/custom-provider", "What does GET of a custom provider that does not exist return?", "404 with code 1004.", "404 1004",
			http.MethodGet, "custom-providers/00000000-0000-4000-8000-000000000000", nil),
		refusal("missing/custom-domain", "What does GET of a custom domain that does not exist return?", "Not documented.", "404 7002",
			http.MethodGet, "gateways/{shared}/custom-domains/tf-acc.example.com", nil),
		refusal("missing/path", "What does a path that does not exist return?", "404 with codes 7003 and 7000.", "404 7003 7000",
			http.MethodGet, "tf-acc-live", nil),
		refusal("missing/method", "What does PATCH of a gateway return, a method that the API does not have?", "Observed: 405 with code 7001.", "405 7001",
			http.MethodPatch, "gateways/{shared}", values{}),
		refusal("list/per-page", "What does the list of gateways return for per_page=101?", "The maximum is 100.", "400 7001",
			http.MethodGet, "gateways?per_page=101", nil),
		{
			Name: "token/invalid", Question: "What does the API return for a token that does not exist?",
			Documented: "401 or 403, with code 10000.", Emulated: "401 10000",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				header := http.Header{"Authorization": {"Bearer " + s.secret()}}
				return outcomeOf(s.send(ctx, request{http.MethodGet, s.account("ai-gateway/gateways"), header, nil}))
			},
		},
	}
}

// creation asks what POST answers to a body that edit has changed.
func creation(name, question, documented, emulated string, edit func(values)) Question {
	return Question{
		Name: name, Question: question, Documented: documented, Emulated: emulated,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			// Is it this body that is refused? Only if others are not.
			if _, err := s.shared(ctx); err != nil {
				return Answer{}, err
			}
			body := required(values{"id": s.name()})
			edit(body)
			id, _ := body["id"].(string)
			s.making(gateways, id)
			response, err := s.call(ctx, http.MethodPost, "gateways", body)
			if err == nil && response.OK() {
				s.remove(ctx, id)
			} else if err == nil {
				s.forget(id)
			}
			return outcomeOf(response, err)
		},
	}
}

// renamed changes the ID in a body.
func renamed(rename func(string) string) func(values) {
	return func(body values) {
		id, _ := body["id"].(string)
		body["id"] = rename(id)
	}
}

// refusal asks what a request answers. {missing} is a gateway that does not exist, {shared}
// one that does.
func refusal(name, question, documented, emulated, method, path string, body any) Question {
	return Question{
		Name: name, Question: question, Documented: documented, Emulated: emulated,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			path := strings.Replace(path, "{missing}", s.name(), 1)
			if strings.Contains(path, "{shared}") {
				id, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				path = strings.Replace(path, "{shared}", id, 1)
			}
			return sampled("error of " + name)(s.call(ctx, method, path, body))
		},
	}
}

// sampled is outcomeOf with the response as a sample.
func sampled(name string) func(Response, error) (Answer, error) {
	return func(response Response, err error) (Answer, error) {
		answer, err := outcomeOf(response, err)
		answer.Samples = map[string]Response{name: response}
		return answer, err
	}
}

// atTheLimit tries one creation, if the number of gateways is one of the documented limits.
func atTheLimit(ctx context.Context, s *Session) (Answer, error) {
	existing, err := s.list(ctx, s.account("ai-gateway/gateways"))
	if err != nil {
		return Answer{}, err
	}
	if !slices.Contains(limits, len(existing)) {
		return Answer{}, unasked("the account is not at the limit of gateways, and nothing is created to reach it")
	}
	response, id, err := s.createGateway(ctx, nil)
	if err == nil && response.OK() {
		s.remove(ctx, id)
		return Answer{}, unasked("the account may have more gateways than it has")
	}
	return sampled("error at the limit of gateways")(response, err)
}

// keys returns the names of an object's members, sorted.
func keys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
