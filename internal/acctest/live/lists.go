package live

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// listQuestions are about lists of gateways.
func listQuestions() []Question {
	return []Question{
		{
			Name: "list/result-info", Question: "What does result_info of the list of gateways have?",
			Documented: "Not in the schema; clients read page, per_page, count and total_count.", Emulated: "count, page, per_page, total_count",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				response, err := s.expect(ctx, http.MethodGet, "gateways?per_page=1", nil)
				return Answer{Value: listed(keys(response.object("result_info")))}, err
			},
		},
		{
			Name: "list/past-the-end", Question: "What does a page of gateways past the end return?",
			Documented: "Not documented.", Emulated: "200, empty",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				response, err := s.call(ctx, http.MethodGet, "gateways?page=1000&per_page=100", nil)
				items, ok := response.get("result").([]any)
				value := response.outcome()
				switch {
				case ok && len(items) == 0:
					value += ", empty"
				case ok:
					value += ", not empty"
				}
				return Answer{Value: value, Detail: response.complaint()}, err
			},
		},
		{
			Name: "list/lag", Question: "Is a new gateway in the list at once?", Documented: "Not documented.", Emulated: "at once",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.gateway(ctx)
				if err != nil {
					return Answer{}, err
				}
				defer s.remove(ctx, id)
				return s.awaited(ctx, func() (bool, error) {
					response, err := s.expect(ctx, http.MethodGet, "gateways?per_page=100&search="+id, nil)
					items, _ := response.get("result").([]any)
					return hasMember(items, "id", id), err
				})
			},
		},
		{
			Name: "delete/result", Question: "What does the response to DELETE of a gateway have?",
			Documented: "The deleted gateway.", Emulated: "the gateway",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.gateway(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, err := s.expect(ctx, http.MethodDelete, "gateways/"+id, nil)
				if err != nil {
					return Answer{}, err
				}
				s.forget(id)
				return Answer{Value: resultOrMembers(response, "id", id, "the gateway")}, nil
			},
		},
		{
			Name: "url/unknown-provider", Question: "What does the URL of a provider that does not exist return?",
			Documented: "Not documented.", Emulated: "200",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, err := s.call(ctx, http.MethodGet, "gateways/"+id+"/url/tf-acc-unknown", nil)
				return Answer{Value: response.outcome(), Detail: fmt.Sprintf("result is a %T", response.get("result"))}, err
			},
		},
	}
}

// resultOrMembers returns what if the result's member has the value, and the members of the
// response otherwise.
func resultOrMembers(response Response, member string, value any, what string) string {
	if got := response.object("result"); got != nil && got[member] == value {
		return what
	}
	body, _ := response.JSON.(map[string]any)
	return "members " + strings.Join(keys(body), ", ")
}

// hasMember reports whether an object of a list has a member of that value.
func hasMember(items []any, name string, value any) bool {
	return slices.ContainsFunc(items, func(item any) bool {
		got, _ := lookup(item, name)
		return got == value
	})
}

// The waits for what may come later.
const (
	patience = 30 * time.Second
	beat     = 2 * time.Second
)

// awaited says whether something is there at once, later, or not in half a minute.
func (s *Session) awaited(ctx context.Context, there func() (bool, error)) (Answer, error) {
	for waited := time.Duration(0); ; waited += beat {
		ok, err := there()
		switch {
		case err != nil:
			return Answer{}, err
		case ok && waited == 0:
			return Answer{Value: "at once"}, nil
		case ok:
			return Answer{Value: "later", Detail: fmt.Sprintf("after about %s", waited)}, nil
		case waited >= patience:
			return Answer{Value: fmt.Sprintf("not in %s", patience)}, nil
		}
		if err := s.options.Sleep(ctx, beat); err != nil {
			return Answer{}, err
		}
	}
}
