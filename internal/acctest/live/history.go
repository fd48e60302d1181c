package live

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// historyQuestions are about versions and deployments of routes, and about their graphs.
func historyQuestions() []Question {
	bare := map[string]emulator.Quirk{"no": emulator.RouteRepliesBare}
	all := []Question{
		{
			Name: "version/create-response", Question: "Does the response to a new version have its version_id?",
			Documented: "No in the SDK, yes as observed.", Emulated: "yes", Quirks: bare,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				response, err := s.newVersion(ctx)
				return Answer{
					Value: yes(response.get("result", "version_id") != nil), Detail: "members: " + listed(keys(response.object("result"))),
					Samples: map[string]Response{"new version": response},
				}, err
			},
		},
		{
			Name: "version/deployed", Question: "Is a new version deployed at once?", Documented: "No.", Emulated: "no",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				before, err := s.expect(ctx, http.MethodGet, r.path(""), nil)
				if err != nil {
					return Answer{}, err
				}
				if _, err := s.newVersion(ctx); err != nil {
					return Answer{}, err
				}
				after, err := s.expect(ctx, http.MethodGet, r.path(""), nil)
				same := before.get("result", "version", "version_id") == after.get("result", "version", "version_id")
				return Answer{Value: yes(!same)}, err
			},
		},
		{
			Name: "deployment/create-response", Question: "Does the response to a new deployment have its IDs?",
			Documented: "No in the SDK; inferred from new versions.", Emulated: "yes", Quirks: bare,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, err := s.expect(ctx, http.MethodPost, r.path("/deployments"), values{"version_id": r.created.get("result", "version", "version_id")})
				return Answer{
					Value:   yes(response.get("result", "deployment_id") != nil && response.get("result", "version_id") != nil),
					Detail:  "members: " + listed(keys(response.object("result"))),
					Samples: map[string]Response{"new deployment": response},
				}, err
			},
		},
		{
			Name: "route/delete-response", Question: "Does the response to DELETE of a route show its version?",
			Documented: "No in the API documents.", Emulated: "yes", Quirks: bare,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.freshRoute(ctx, graph("gpt-4o"))
				if err != nil {
					return Answer{}, err
				}
				response, err := s.expect(ctx, http.MethodDelete, r.path(""), nil)
				return Answer{Value: yes(response.get("result", "version") != nil), Detail: "members: " + listed(keys(response.object("result")))}, err
			},
		},
		{
			Name: "version/list-lag", Question: "Is a new version in the list at once?", Documented: "Lists of routes were observed to lag.",
			Emulated: "at once", Quirks: map[string]emulator.Quirk{"later": emulator.RouteListLags},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				count := 0
				if _, err := s.awaited(ctx, func() (bool, error) {
					items, err := s.history(ctx, r, "versions", "")
					count = len(items)
					return count > 0, err
				}); err != nil {
					return Answer{}, err
				}
				if _, err := s.newVersion(ctx); err != nil {
					return Answer{}, err
				}
				return s.awaited(ctx, func() (bool, error) {
					items, err := s.history(ctx, r, "versions", "")
					return len(items) > count, err
				})
			},
		},
		{
			Name: "deployment/missing-version", Question: "What does a deployment of a version that does not exist return?",
			Documented: "Not documented.", Emulated: "404 7005",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				return outcomeOf(s.call(ctx, http.MethodPost, r.path("/deployments"), values{"version_id": "00000000-0000-4000-8000-000000000000"}))
			},
		},
	}
	for _, list := range []string{"versions", "deployments"} {
		all = append(all, Question{
			Name: list + "/per-page", Question: fmt.Sprintf("What does the list of %s return for per_page?", list),
			Documented: "The API documents have no parameters. Observed: a list, and an empty result.", Emulated: "a list",
			Quirks: map[string]emulator.Quirk{"an empty result": emulator.VersionsRefusePaging},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, err := s.call(ctx, http.MethodGet, r.path("/"+list+"?per_page=100"), nil)
				answer := Answer{Value: "an empty result", Samples: map[string]Response{"list of " + list: response}}
				if !response.OK() {
					answer = refused(response)
				} else if _, ok := response.get("data", list).([]any); ok {
					answer.Value = "a list"
				}
				return answer, err
			},
		}, Question{
			Name: list + "/page-size", Question: fmt.Sprintf("Does the list of %s honor per_page=1?", list),
			Documented: "The API documents have no parameters.", Emulated: "yes",
			Quirks: map[string]emulator.Quirk{"an empty result": emulator.VersionsRefusePaging},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				all, err := s.history(ctx, r, list, "")
				if err != nil {
					return Answer{}, err
				}
				items, err := s.history(ctx, r, list, "?per_page=1")
				answer := Answer{Value: yes(len(items) == 1), Detail: fmt.Sprintf("%d of %d", len(items), len(all))}
				if items == nil {
					answer.Value = "an empty result"
				}
				return answer, err
			},
		})
	}
	return append(all, graphQuestions()...)
}

// newVersion adds a version to the route that questions share.
func (s *Session) newVersion(ctx context.Context) (Response, error) {
	r, err := s.route(ctx)
	if err != nil {
		return Response{}, err
	}
	return s.expect(ctx, http.MethodPost, r.path("/versions"), values{"elements": graph("gpt-4o")})
}

// history returns a route's versions or deployments, nil if the response has no list.
func (s *Session) history(ctx context.Context, r route, list, query string) ([]any, error) {
	response, err := s.expect(ctx, http.MethodGet, r.path("/"+list+query), nil)
	items, _ := response.get("data", list).([]any)
	return items, err
}

// graphQuestions are about the graphs that a new version may have.
func graphQuestions() []Question {
	version := func(name, question, documented, emulated string, quirks map[string]emulator.Quirk, edit func([]any) []any) Question {
		return Question{
			Name: "graph/" + name, Question: question, Documented: documented, Emulated: emulated, Quirks: quirks,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, err := s.call(ctx, http.MethodPost, r.path("/versions"), values{"elements": edit(graph("gpt-4o-mini"))})
				if err != nil || !response.OK() {
					return refused(response), err
				}
				return Answer{Value: "taken"}, nil
			},
		}
	}
	object := func(item any) values {
		out, _ := item.(values)
		return out
	}
	return []Question{
		version("unknown-key", "Does an element accept a key that no document has?", "Not documented; the dashboard stores positions.",
			"taken", map[string]emulator.Quirk{unknownKey: emulator.StrictBodies}, func(elements []any) []any {
				object(elements[1])[unknownField] = "x"
				return elements
			}),
		version("end-without-outputs", "Does a version accept an end without outputs?", "Required in the API documents; the documentation's page on JSON omits them.",
			"refused: 400 7001", nil, func(elements []any) []any {
				delete(object(elements[2]), "outputs")
				return elements
			}),
		version("rate-limit", "Does an element accept the type rate_limit?", "The documentation's page on JSON has it; the API documents have rate.",
			"refused: 400 7001", nil, func(elements []any) []any {
				next := values{"elementId": "model"}
				object(elements[0])["outputs"] = values{"next": values{"elementId": "limit"}}
				return append(elements, values{
					"id": "limit", "type": "rate_limit", "outputs": values{"success": next, "fallback": next},
					"properties": values{"limitType": "count", "key": "metadata.user", "limit": 10, "interval": 60, "technique": "fixed"},
				})
			}),
		version("dangling", "Does a version accept an output that leads nowhere?", "Not documented.", "taken", nil, func(elements []any) []any {
			object(elements[0])["outputs"] = values{"next": values{"elementId": "nowhere"}}
			return elements
		}),
		version("no-start", "Does a version accept a graph without start?", "Not documented.", "taken", nil, func(elements []any) []any {
			return elements[1:]
		}),
		version("cycle", "Does a version accept a graph with a cycle?", "Not documented.", "taken", nil, func(elements []any) []any {
			object(elements[1])["outputs"] = values{"success": values{"elementId": "end"}, "fallback": values{"elementId": "start"}}
			return elements
		}),
		version("float-timeout", "Does a model accept a timeout with a fraction?", "A number in the API documents.", "taken", nil, func(elements []any) []any {
			properties, _ := object(elements[1])["properties"].(values)
			properties["timeout"] = 1000.5
			return elements
		}),
	}
}
