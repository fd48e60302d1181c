package live

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const errNoRequests = unaskedError("it needs a request through a gateway, which -requests=false forbids")

// chat sends a request through a gateway with an invalid key, which the provider refuses
// and does not charge for.
func (s *Session) chat(ctx context.Context, gateway string, metadata values) (Response, error) {
	return s.chatAs(ctx, gateway, s.options.Token, metadata)
}

// chatAs is chat with another token, or none.
func (s *Session) chatAs(ctx context.Context, gateway, token string, metadata values) (Response, error) {
	header := http.Header{
		// The emulator's built-in model refuses keys that begin so; OpenAI all that are not its.
		"Authorization": {"Bearer rejected-" + s.secret()},
	}
	if token != "" {
		header.Set("Cf-Aig-Authorization", "Bearer "+token)
	}
	if metadata != nil {
		header.Set("Cf-Aig-Metadata", compact(metadata))
	}
	return s.send(ctx, request{
		http.MethodPost, s.options.GatewayURL + "/" + s.options.AccountID + "/" + gateway + "/openai/chat/completions", header,
		values{"model": "gpt-4o-mini", "max_tokens": 1, "messages": []any{values{"role": "user", "content": "tf-acc"}}},
	})
}

// loggedGateway returns a gateway with two logs, whose metadata is {"n": 1} and {"n": 2},
// and the logs. Questions share it.
func (s *Session) loggedGateway(ctx context.Context) (gateway string, logs []any, err error) {
	if !s.options.Requests {
		return "", nil, errNoRequests
	}
	gateway, err = once(s, "logged gateway", func() (string, error) {
		gateway, err := s.gateway(ctx)
		for n := 1; n <= 2 && err == nil; n++ {
			_, err = s.chat(ctx, gateway, values{"n": n})
		}
		return gateway, err
	})
	if err != nil {
		return "", nil, err
	}
	answer, err := s.awaited(ctx, func() (bool, error) {
		logs, err = s.logs(ctx, gateway, "")
		return len(logs) == 2, err
	})
	if err == nil && len(logs) != 2 {
		err = fmt.Errorf("the list has %d logs of 2 requests: %s", len(logs), answer.Value)
	}
	return gateway, logs, err
}

// logs returns logs of a gateway.
func (s *Session) logs(ctx context.Context, gateway, query string) ([]any, error) {
	response, err := s.expect(ctx, http.MethodGet, "gateways/"+gateway+"/logs"+query, nil)
	items, _ := response.get("result").([]any)
	return items, err
}

// logFilter returns the query for one log, in the form of the documentation (a JSON list)
// or that of the SDKs.
func logFilter(id any, asJSON bool) string {
	if asJSON {
		return "?" + url.Values{"filters": {compact([]any{values{"key": "id", "operator": "eq", "value": []any{id}}})}}.Encode()
	}
	return "?" + url.Values{"filters.key": {"id"}, "filters.operator": {"eq"}, "filters.value": {fmt.Sprint(id)}}.Encode()
}

// planeQuestions are about what the data plane refuses.
func planeQuestions() []Question {
	plane := func(name, question, documented, emulated string, gateway func(context.Context, *Session) (string, error)) Question {
		return Question{
			Name: "plane/" + name, Question: question, Documented: documented, Emulated: emulated,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				if !s.options.Requests {
					return Answer{}, errNoRequests
				}
				id, err := gateway(ctx, s)
				if err != nil {
					return Answer{}, err
				}
				defer s.remove(ctx, id)
				return sampled("error of plane/" + name)(s.chatAs(ctx, id, "", nil))
			},
		}
	}
	return []Question{
		plane("missing-gateway", "What does a request without a token return if the gateway does not exist?",
			"Observed: 400 with code 2001. That this comes before the token is inferred.", "400 2001",
			func(_ context.Context, s *Session) (string, error) { return s.name(), nil }),
		plane("no-token", "What does a request without a token return if the gateway demands one?", "401 with code 2009.", "401 2009",
			func(ctx context.Context, s *Session) (string, error) {
				response, id, err := s.createGateway(ctx, values{"authentication": true})
				if err == nil {
					err = response.require("POST gateways")
				}
				return id, err
			}),
	}
}

// logQuestions are about logs.
func logQuestions() []Question {
	empty := func(name, question, documented, emulated, method, path string, describe func(Response) string) Question {
		return Question{
			Name: name, Question: question, Documented: documented, Emulated: emulated,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				gateway, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, err := s.call(ctx, method, "gateways/"+gateway+path, nil)
				return Answer{
					Value: describe(response), Detail: response.complaint(), Samples: map[string]Response{name: response},
				}, err
			},
		}
	}
	all := []Question{
		empty("logs/list", "Does the list of logs exist?", "New accounts have another API for logs; what this one answers then is not known.",
			"200, a list", http.MethodGet, "/logs", func(r Response) string {
				if _, ok := r.get("result").([]any); ok {
					return r.outcome() + ", a list"
				}
				return r.outcome()
			}),
		empty("logs/per-page", "What does the list of logs return for per_page=51?", "The maximum is 50.", "400 7001",
			http.MethodGet, "/logs?per_page=51", Response.outcome),
		empty("logs/delete-none", "Which members does the response to DELETE of logs have?", "success only.", "200: success",
			http.MethodDelete, "/logs?limit=1", func(r Response) string {
				body, _ := r.JSON.(map[string]any)
				return r.outcome() + ": " + listed(keys(body))
			}),
		empty("logs/delete-limit", "What does DELETE of logs return for limit=10001?", "The maximum is 10000.", "400 7001",
			http.MethodDelete, "/logs?limit=10001", Response.outcome),
		empty("domains/list", "Does the list of custom domains exist?", "Rolled out gradually.", "200", http.MethodGet, "/custom-domains", Response.outcome),
		{
			Name: "logs/metadata", Question: "Which type does metadata of a log have?", Documented: "A string in the API documents, an object as observed.",
			Emulated: "an object", Quirks: map[string]emulator.Quirk{"a string": emulator.LogMetadataString},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				_, logs, err := s.loggedGateway(ctx)
				if err != nil {
					return Answer{}, err
				}
				value, _ := lookup(logs[0], "metadata")
				return Answer{Value: typeOf(value), Samples: map[string]Response{"log": {Status: http.StatusOK, JSON: logs[0]}}}, nil
			},
		},
	}
	for _, form := range []struct {
		name   string
		asJSON bool
	}{{"json", true}, {"sdk", false}} {
		all = append(all, Question{
			Name: "logs/filter-" + form.name, Question: fmt.Sprintf("Does the list of logs honor a filter by ID, in the %s form?", form.name),
			Documented: "The documentation has a JSON list; the SDKs send filters.key and so on.", Emulated: "yes",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				gateway, logs, err := s.loggedGateway(ctx)
				if err != nil {
					return Answer{}, err
				}
				id, _ := lookup(logs[0], "id")
				response, err := s.call(ctx, http.MethodGet, "gateways/"+gateway+"/logs"+logFilter(id, form.asJSON), nil)
				if err != nil || !response.OK() {
					return refused(response), err
				}
				found, _ := response.get("result").([]any)
				return Answer{Value: yes(len(found) == 1 && hasMember(found, "id", id)), Detail: fmt.Sprintf("%d of 2 logs", len(found))}, nil
			},
		})
	}
	// The last question about logs, since it deletes them.
	return append(all, Question{
		Name: "logs/delete-filter", Question: "Does DELETE of logs honor a filter?", Documented: "Documented: yes.", Emulated: "yes",
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			gateway, logs, err := s.loggedGateway(ctx)
			if err != nil {
				return Answer{}, err
			}
			id, _ := lookup(logs[0], "id")
			response, err := s.call(ctx, http.MethodDelete, "gateways/"+gateway+"/logs"+logFilter(id, true), nil)
			if err != nil || !response.OK() {
				return refused(response), err
			}
			left, err := s.logs(ctx, gateway, "")
			value := "no"
			if len(left) == 1 && !hasMember(left, "id", id) {
				value = "yes"
			}
			return Answer{Value: value, Detail: fmt.Sprintf("%d of 2 logs are left", len(left))}, err
		},
	})
}
