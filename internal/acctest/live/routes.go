package live

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// graph returns the elements of a route to a model.
func graph(model string) []any {
	to := func(id string) values { return values{"elementId": id} }
	return []any{
		values{"id": "start", "type": "start", "outputs": values{"next": to("model")}},
		values{
			"id": "model", "type": "model", "outputs": values{"success": to("end"), "fallback": to("end")},
			"properties": values{"provider": "openai", "model": model, "retries": 0, "timeout": 10000},
		},
		values{"id": "end", "type": "end", "outputs": values{}},
	}
}

// A route is one that questions share.
type route struct {
	gateway, id string
	created     Response
}

func (r route) path(more string) string { return "gateways/" + r.gateway + "/routes/" + r.id + more }

// route returns the route that questions share, with one version.
func (s *Session) route(ctx context.Context) (route, error) {
	return once(s, "route", func() (route, error) {
		r, err := s.freshRoute(ctx, graph("gpt-4o-mini"))
		if err == nil && r.id == "" {
			err = fmt.Errorf("the response to a new route has no ID: %s", compact(r.created.JSON))
		}
		return r, err
	})
}

// freshRoute creates a route for one question, in the gateway that questions share.
func (s *Session) freshRoute(ctx context.Context, elements []any) (route, error) {
	gateway, err := s.shared(ctx)
	if err != nil {
		return route{}, err
	}
	created, err := s.newRoute(ctx, gateway, elements)
	return route{gateway, created.text("result", "id"), created}, err
}

func (s *Session) newRoute(ctx context.Context, gateway string, elements []any) (Response, error) {
	return s.expect(ctx, http.MethodPost, "gateways/"+gateway+"/routes", values{"name": s.name(), "elements": elements})
}

// ofRoute is the question what GET of a route shows.
func ofRoute(name, question, documented, emulated string, quirks map[string]emulator.Quirk, describe func(Response) string) Question {
	return Question{
		Name: name, Question: question, Documented: documented, Emulated: emulated, Quirks: quirks,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			r, err := s.route(ctx)
			if err != nil {
				return Answer{}, err
			}
			response, err := s.expect(ctx, http.MethodGet, r.path(""), nil)
			return Answer{Value: describe(response), Samples: map[string]Response{"route": response}}, err
		},
	}
}

// typeOf names the JSON type of a value.
func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null or absent"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}

// routeQuestions are about routes.
func routeQuestions() []Question {
	asDocumented := func(value string) map[string]emulator.Quirk {
		return map[string]emulator.Quirk{value: emulator.RouteElementsTop}
	}
	return []Question{
		{
			Name: "route/create-response", Question: "What does the response to a new route have?",
			Documented: "The route with its deployment and version; the first version is deployed.", Emulated: "deployment, version",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				var has []string
				for _, name := range []string{"deployment", "version"} {
					if r.created.object("result", name) != nil {
						has = append(has, name)
					}
				}
				return Answer{
					Value: listed(has), Detail: "members: " + listed(keys(r.created.object("result"))),
					Samples: map[string]Response{"new route": r.created},
				}, nil
			},
		},
		{
			Name: "route/graph-lag", Question: "Does GET show the graph of a new route at once?",
			Documented: "Observed: not for up to two minutes.", Emulated: "at once",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.freshRoute(ctx, graph("gpt-4o"))
				if err != nil {
					return Answer{}, err
				}
				return s.awaited(ctx, func() (bool, error) {
					response, err := s.expect(ctx, http.MethodGet, r.path(""), nil)
					return response.get("result", "version", "data") != nil || response.get("result", "elements") != nil, err
				})
			},
		},
		ofRoute("route/data", "Which type does data of a route's version have?", "A string in the API documents, an array as observed.",
			"an array", asDocumented("a string"), func(r Response) string { return typeOf(r.get("result", "version", "data")) }),
		ofRoute("route/active", "Which type does active of a route's version have?",
			"\"true\" or \"false\" in the API documents, a boolean as observed.", "a boolean", asDocumented("a string"),
			func(r Response) string { return typeOf(r.get("result", "version", "active")) }),
		ofRoute("route/elements", "Does GET of a route show elements beside the name?", "Yes in the API documents, no as observed.",
			"no", asDocumented("yes"), func(r Response) string { return yes(r.get("result", "elements") != nil) }),
		ofRoute("route/is-valid", "Does a route's version have is_valid?", "Optional.", "yes", nil,
			func(r Response) string { return yes(r.get("result", "version", "is_valid") != nil) }),
		ofRoute("route/id", "Which form does the ID of a route have?", "Not documented.", "a UUID", nil,
			func(r Response) string { return idForm(r.get("result", "id")) }),
		ofRoute("route/version-id", "Which form does the ID of a version have?", "Not documented.", "a UUID", nil,
			func(r Response) string { return idForm(r.get("result", "version", "version_id")) }),
		ofRoute("route/deployment-id", "Which form does the ID of a deployment have?", "Not documented.", "a UUID", nil,
			func(r Response) string { return idForm(r.get("result", "deployment", "deployment_id")) }),
		{
			Name: "route/list-lag", Question: "Is a new route in the list at once?", Documented: "Observed: it may lag.", Emulated: "at once",
			Quirks: map[string]emulator.Quirk{"later": emulator.RouteListLags},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				created, err := s.newRoute(ctx, r.gateway, graph("gpt-4o"))
				if err != nil {
					return Answer{}, err
				}
				return s.awaited(ctx, func() (bool, error) {
					items, _, err := s.routes(ctx, r.gateway)
					return hasMember(items, "id", created.get("result", "id")), err
				})
			},
		},
		{
			Name: "route/list-graph", Question: "Do lists of routes have the graph?", Documented: "Yes in the API documents, no as observed.",
			Emulated: "no", Quirks: asDocumented("yes"),
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				var item any
				answer, err := s.awaited(ctx, func() (bool, error) {
					items, _, err := s.routes(ctx, r.gateway)
					if len(items) > 0 {
						item = items[0]
					}
					return item != nil, err
				})
				_, above := lookup(item, "elements")
				_, inside := lookup(item, "version", "data")
				if item != nil {
					answer.Value = yes(above || inside)
					answer.Samples = map[string]Response{"item of the list of routes": {Status: http.StatusOK, JSON: item}}
				}
				return answer, err
			},
		},
		{
			Name: "route/name-clash", Question: "What does the creation of a route return if another has its name?",
			Documented: "Names are unique. Observed: 400 with code 7005, and 500 with a database's message.", Emulated: "400 7005",
			Quirks: map[string]emulator.Quirk{"500 7000": emulator.RouteNameClash500},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				body := values{"name": r.created.get("result", "name"), "elements": graph("gpt-4o")}
				return sampled("error of two routes with a name")(s.call(ctx, http.MethodPost, "gateways/"+r.gateway+"/routes", body))
			},
		},
		{
			Name: "route/rename-clash", Question: "What does PATCH of a route return if another has the name?",
			Documented: "Names are unique; that PATCH answers as POST does is inferred.", Emulated: "400 7005",
			Quirks: map[string]emulator.Quirk{"500 7000": emulator.RouteNameClash500},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.route(ctx)
				if err != nil {
					return Answer{}, err
				}
				created, err := s.newRoute(ctx, r.gateway, graph("gpt-4o"))
				if err != nil {
					return Answer{}, err
				}
				other := route{r.gateway, created.text("result", "id"), created}
				return outcomeOf(s.call(ctx, http.MethodPatch, other.path(""), values{"name": r.created.get("result", "name")}))
			},
		},
		{
			Name: "route/rename-response", Question: "Which member does the response to PATCH of a route have?",
			Documented: "route instead of result.", Emulated: "route",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				r, err := s.freshRoute(ctx, graph("gpt-4o"))
				if err != nil {
					return Answer{}, err
				}
				response, err := s.expect(ctx, http.MethodPatch, r.path(""), values{"name": s.name()})
				if response.object("route") != nil {
					return Answer{Value: "route", Samples: map[string]Response{"renamed route": response}}, err
				}
				body, _ := response.JSON.(map[string]any)
				return Answer{Value: "members " + listed(keys(body))}, err
			},
		},
	}
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// routes returns the list of a gateway's routes.
func (s *Session) routes(ctx context.Context, gateway string) ([]any, Response, error) {
	response, err := s.expect(ctx, http.MethodGet, "gateways/"+gateway+"/routes", nil)
	items, _ := response.get("data", "routes").([]any)
	return items, response, err
}
