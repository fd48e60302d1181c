package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// newCustomProvider asks for a custom provider with more than the required fields.
func (s *Session) newCustomProvider(ctx context.Context, more values) (Response, error) {
	name := s.name()
	body := values{"name": name, "slug": name, "base_url": "https://api.example.com"}
	maps.Copy(body, more)
	before := s.touched[customProviders]
	s.making(customProviders, "")
	response, err := s.call(ctx, http.MethodPost, "custom-providers", body)
	s.tried(customProviders, before, response, err)
	if id := response.text("result", "id"); err == nil && response.OK() && id != "" {
		s.making(customProviders, id)
	}
	return response, err
}

// customProvider returns the response to a custom provider that was created with headers
// and a position. Questions share it, and do not change it.
func (s *Session) customProvider(ctx context.Context) (Response, error) {
	return once(s, "custom provider", func() (Response, error) {
		response, err := s.newCustomProvider(ctx, values{"headers": `{"x-team":"a"}`, "position": 3})
		if err == nil {
			err = response.require("POST custom-providers")
		}
		return response, err
	})
}

// documentedCustomFields are the fields of a custom provider in API documents.
var documentedCustomFields = []string{
	"id", "base_url", "beta", "created_at", "curl_example", "description", "enable", "headers", "js_example", "link", "logo",
	"modified_at", "name", "position", "slug",
}

// ofCustom is a question about what GET of a custom provider shows.
func ofCustom(name, question, documented, emulated string, quirks map[string]emulator.Quirk, describe func(Response) string) Question {
	return Question{
		Name: "custom/" + name, Question: question, Documented: documented, Emulated: emulated, Quirks: quirks,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			created, err := s.customProvider(ctx)
			if err != nil {
				return Answer{}, err
			}
			response, err := s.expect(ctx, http.MethodGet, "custom-providers/"+created.text("result", "id"), nil)
			return Answer{Value: describe(response), Samples: map[string]Response{"custom provider": response}}, err
		},
	}
}

// customQuestions are about custom providers.
func customQuestions() []Question {
	hides := map[string]emulator.Quirk{"no": emulator.CustomProviderHidesHeaders}
	all := []Question{
		ofCustom("id", "Which form does the ID of a custom provider have?", "A UUID.", "a UUID", nil,
			func(r Response) string { return idForm(r.get("result", "id")) }),
		ofCustom("times", "Which type do the times of a custom provider have?", "Numbers in the documentation's samples, strings in the API documents.",
			"a string", map[string]emulator.Quirk{"a number": emulator.CustomProviderUnixTimes},
			func(r Response) string { return typeOf(r.get("result", "created_at")) }),
		ofCustom("headers", "Does GET of a custom provider show headers?", "Yes in the API documents, no in the documentation's samples.", "yes", hides,
			func(r Response) string { return yes(r.get("result", "headers") != nil) }),
		ofCustom("position", "Does GET of a custom provider show position?", "Yes in the API documents, no in the documentation's samples.", "yes", hides,
			func(r Response) string { return yes(r.get("result", "position") != nil) }),
		ofCustom("enable", "Is a new custom provider enabled?", "Documented: no.", "false", nil,
			func(r Response) string { return compact(r.get("result", "enable")) }),
		ofCustom("unset", "How does an unset string of a custom provider read?", "null in the documentation's samples.", "null", nil,
			func(r Response) string {
				value, ok := lookup(r.get("result"), "description")
				if !ok {
					return "absent"
				}
				return compact(value)
			}),
		ofCustom("more-fields", "Which fields of a custom provider do the API documents lack?", "The documentation's samples have account_id and account_tag.",
			"none", map[string]emulator.Quirk{"account_id, account_tag": emulator.ExtraFields},
			func(r Response) string {
				return listed(slices.DeleteFunc(keys(r.object("result")), func(name string) bool { return slices.Contains(documentedCustomFields, name) }))
			}),
		refusedCustom("duplicate-slug", "What does POST return if another custom provider has the slug?", "409 with code 1003.", "409 1003",
			func(created Response) values { return values{"slug": created.get("result", "slug")} }),
		refusedCustom("http", "What does POST return for a base_url with http?", "400 with code 1002.", "400 1002",
			func(Response) values { return values{"base_url": "http://api.example.com"} }),
		refusedCustom("underscore", "What does POST return for a slug with an underscore?", "Letters, digits and hyphens.", "400 7001",
			func(created Response) values { return values{"slug": created.text("result", "slug") + "_x"} }),
		refusedCustom("unknown-field", "What does POST of a custom provider return for a field that no document has?", "Not documented.", "200",
			func(Response) values { return values{unknownField: "x"} }),
		{
			Name: "custom/list-lag", Question: "Is a new custom provider in the list at once?", Documented: "Not documented.", Emulated: "at once",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				created, err := s.newCustomProvider(ctx, nil)
				if err == nil {
					err = created.require("POST custom-providers")
				}
				if err != nil {
					return Answer{}, err
				}
				return s.awaited(ctx, func() (bool, error) {
					response, err := s.expect(ctx, http.MethodGet, "custom-providers?per_page=100&search="+created.text("result", "slug"), nil)
					items, _ := response.get("result").([]any)
					return hasMember(items, "id", created.get("result", "id")), err
				})
			},
		},
	}
	for _, change := range []struct {
		field        string
		value, start any
		quirks       map[string]emulator.Quirk
	}{
		{"headers", `{"x-team":"b"}`, `{"x-team":"a"}`, map[string]emulator.Quirk{
			"ignored": emulator.CustomProviderPatchIgnores, "not shown": emulator.CustomProviderHidesHeaders,
		}},
		{"position", 4.0, 3.0, map[string]emulator.Quirk{
			"ignored": emulator.CustomProviderPatchIgnores, "not shown": emulator.CustomProviderHidesHeaders,
		}},
		{"slug", nil, nil, nil}, {"description", "b", "a", nil},
	} {
		all = append(all, Question{
			Name: "custom/patch-" + change.field, Question: fmt.Sprintf("Does PATCH of a custom provider change %s?", change.field),
			Documented: "The documentation's list of fields that PATCH takes lacks headers and position.", Emulated: "changed", Quirks: change.quirks,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return patched(ctx, s, change.field, change.start, change.value)
			},
		})
	}
	return append(all, Question{
		Name: "custom/patch-null", Question: "What does PATCH of a custom provider return for a null description?",
		Documented: "Not documented.", Emulated: "400 7001",
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			created, err := s.newCustomProvider(ctx, values{"description": "a"})
			if err == nil {
				err = created.require("POST custom-providers")
			}
			if err != nil {
				return Answer{}, err
			}
			return outcomeOf(s.call(ctx, http.MethodPatch, "custom-providers/"+created.text("result", "id"), values{"description": nil}))
		},
	})
}

// refusedCustom asks what POST of a custom provider answers to fields.
func refusedCustom(name, question, documented, emulated string, body func(created Response) values) Question {
	return Question{
		Name: "custom/" + name, Question: question, Documented: documented, Emulated: emulated,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			created, err := s.customProvider(ctx)
			if err != nil {
				return Answer{}, err
			}
			return sampled("error of custom/" + name)(s.newCustomProvider(ctx, body(created)))
		},
	}
}

// patched changes a field of a new custom provider and says what became of it. A nil value
// stands for a new name.
func patched(ctx context.Context, s *Session, field string, start, value any) (Answer, error) {
	more := values{field: start}
	if value == nil {
		more, value = nil, s.name()
	}
	created, err := s.newCustomProvider(ctx, more)
	if err == nil {
		err = created.require("POST custom-providers")
	}
	if err != nil {
		return Answer{}, err
	}
	path := "custom-providers/" + created.text("result", "id")
	response, err := s.call(ctx, http.MethodPatch, path, values{field: value})
	if err != nil || !response.OK() {
		return refused(response), err
	}
	read, err := s.expect(ctx, http.MethodGet, path, nil)
	got, shown := lookup(read.get("result"), field)
	answer := Answer{Value: "ignored", Detail: strings.TrimSpace("GET shows " + compact(got))}
	switch {
	case !shown:
		answer.Value = "not shown"
	case got == value:
		answer.Value = "changed"
	}
	return answer, err
}
