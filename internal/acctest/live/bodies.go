package live

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// unknownField is a field that no API document has.
const unknownField = "tf_acc_live_field"

// bodyQuestions are about what bodies of gateways may have, and what becomes of it.
func bodyQuestions() []Question {
	strict := map[string]emulator.Quirk{unknownKey: emulator.StrictBodies}
	unknown := map[string]emulator.Quirk{unknownKey: emulator.StrictBodies, "stored": emulator.UnknownFields}
	return []Question{
		{
			Name: "create/unknown-field", Question: "What does POST of a gateway do with a field that no document has?",
			Documented: "Not documented; the service's framework drops such fields.", Emulated: "dropped", Quirks: unknown,
			Probe: func(ctx context.Context, s *Session) (Answer, error) { return created(ctx, s, unknownField, "x") },
		},
		{
			Name: "update/unknown-field", Question: "What does PUT of a gateway do with a field that no document has?",
			Documented: "Not documented; the service's framework drops such fields.", Emulated: "dropped", Quirks: unknown,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return stored(ctx, s, values{unknownField: "x"}, func(got values) string {
					if got[unknownField] == nil {
						return "dropped"
					}
					return "stored"
				})
			},
		},
		{
			Name: "update/id", Question: "Does PUT of a gateway accept an id in its body?",
			Documented: "The body's schema has none; a script was seen to send it.", Emulated: "taken", Quirks: strict,
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				return stored(ctx, s, values{"id": id}, func(values) string { return "taken" })
			},
		},
		{
			Name: "update/missing-required", Question: "What does PUT of a gateway return if cache_ttl is missing?",
			Documented: "It is required. A client's comment has the text \"Expected number, received nan\".", Emulated: "400 7001",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				body := required(nil)
				delete(body, "cache_ttl")
				return outcomeOf(s.call(ctx, http.MethodPut, "gateways/"+id, body))
			},
		},
		{
			Name: "update/collect-logs-off", Question: "Does turning collect_logs off turn log_classification off?",
			Documented: "Documented: yes.", Emulated: "turned off",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return stored(ctx, s, values{"collect_logs": false, "log_classification": true}, func(got values) string {
					if got["log_classification"] == true {
						return "stays on"
					}
					return "turned off"
				})
			},
		},
		{
			Name: "update/retry-delay", Question: "Does PUT of a gateway accept a retry_delay of 60000 ms?",
			Documented: "The maximum was 5000 in August 2026 and is 60000 since October.", Emulated: "taken",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return stored(ctx, s, values{"retry_delay": 60000}, func(got values) string { return taken(got["retry_delay"] == 60000.0) })
			},
		},
		{
			Name: "update/cache-ttl", Question: "Does PUT of a gateway accept a cache_ttl of more than a month?",
			Documented: "The limit is a month; the schema has no maximum.", Emulated: "taken",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				const twoMonths = 60 * 24 * 60 * 60
				return stored(ctx, s, values{"cache_ttl": twoMonths}, func(got values) string { return taken(got["cache_ttl"] == float64(twoMonths)) })
			},
		},
		{
			Name: "update/dlp-policies", Question: "Does PUT of a gateway accept dlp with policies?",
			Documented: "One of two shapes in the API documents.", Emulated: "taken",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				policy := values{"id": "tf-acc", "action": "FLAG", "check": []any{"REQUEST"}, "enabled": false, "profiles": []any{}}
				return stored(ctx, s, values{"dlp": values{"enabled": false, "policies": []any{policy}}}, func(got values) string {
					_, ok := lookup(got["dlp"], "policies", 0, "id")
					return taken(ok)
				})
			},
		},
		{
			Name: "update/spend-rule-id", Question: "Which ID does a spend limit rule get that has none?",
			Documented: "The documents' default is 8 hexadecimal digits, another one in each document.", Emulated: "8 hexadecimal digits",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return stored(ctx, s, values{"spend_limits": updateOnly(s)["spend_limits"]}, func(got values) string {
					id, _ := lookup(got["spend_limits"], "rules", 0, "id")
					return idForm(id)
				})
			},
		},
		spendDimension("model"), spendDimension("provider"),
		{
			Name: "update/response", Question: "Does the response to PUT of a gateway show what GET shows?",
			Documented: "Both have the same schema.", Emulated: "the same",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				id, err := s.shared(ctx)
				if err != nil {
					return Answer{}, err
				}
				response, got, err := s.put(ctx, id, values{"guardrails": updateOnly(s)["guardrails"], "otel": updateOnly(s)["otel"]})
				if err != nil || !response.OK() {
					return refused(response), err
				}
				differ := differences(response.object("result"), got)
				if len(differ) == 0 {
					return Answer{Value: "the same"}, nil
				}
				return Answer{Value: "other fields", Detail: "They differ in " + strings.Join(differ, ", ")}, nil
			},
		},
	}
}

// spendDimension asks for a budget of each model or provider.
func spendDimension(name string) Question {
	return Question{
		Name: "update/spend-partition-" + name, Question: fmt.Sprintf("Does a spend limit rule accept {mode: partition} for %s?", name),
		Documented: "The documentation has budgets for each; the word on the wire is inferred from metadata, and the SDKs have filter only.",
		Emulated:   "taken",
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			rule := values{"limit": 5, "limitType": "cost", "window": 3600, name: values{"mode": "partition"}}
			return stored(ctx, s, values{"spend_limits": values{"enabled": true, "rules": []any{rule}}}, func(got values) string {
				mode, _ := lookup(got["spend_limits"], "rules", 0, name, "mode")
				return taken(mode == "partition")
			})
		},
	}
}

func taken(stored bool) string {
	if stored {
		return "taken"
	}
	return "dropped"
}

// stored puts settings into the shared gateway and describes what GET shows then.
func stored(ctx context.Context, s *Session, body values, describe func(values) string) (Answer, error) {
	id, err := s.shared(ctx)
	if err != nil {
		return Answer{}, err
	}
	response, got, err := s.put(ctx, id, body)
	switch {
	case err != nil:
		return Answer{}, err
	case !response.OK():
		return refused(response), nil
	}
	answer := Answer{Value: describe(got)}
	for name := range body {
		if name != "id" {
			answer.Detail += fmt.Sprintf("GET shows %s: %s. ", name, compact(got[name]))
		}
	}
	return answer, nil
}

// outcomeOf is the answer whose value is the status and the codes of a response.
func outcomeOf(response Response, err error) (Answer, error) {
	return Answer{Value: response.outcome(), Detail: response.complaint()}, err
}

var (
	uuidForm   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	hexForm    = regexp.MustCompile(`^[0-9a-f]+$`)
	letterForm = regexp.MustCompile(`^[0-9A-Za-z]+$`)
)

// idForm describes the form of an ID without showing it.
func idForm(id any) string {
	text, ok := id.(string)
	switch {
	case id == nil:
		return "none"
	case !ok:
		return fmt.Sprintf("a %T", id)
	case uuidForm.MatchString(text):
		return "a UUID"
	case hexForm.MatchString(text):
		return fmt.Sprintf("%d hexadecimal digits", len(text))
	case letterForm.MatchString(text):
		return fmt.Sprintf("%d letters and digits", len(text))
	default:
		return fmt.Sprintf("%d characters", len(text))
	}
}
