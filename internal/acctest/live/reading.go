package live

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// readingQuestions are about what GET of a gateway shows.
func readingQuestions() []Question {
	all := []Question{
		initial("log_management", "How many logs does a new gateway keep?",
			"Observed: 10000000 on paid plans, 100000 on the free plan.", "100000", "10000000", emulator.PaidPlan),
		initial("log_management_strategy", "What does a new gateway do when its logs are full?",
			"Observed: DELETE_OLDEST on paid plans, STOP_INSERTING on the free plan.", `"STOP_INSERTING"`, `"DELETE_OLDEST"`, emulator.PaidPlan),
		initial("store_id", "How does a gateway without a Secrets Store read?", `Observed: "".`, `""`, "null", emulator.EchoNull),
		initial("authentication", "Does a gateway that the API creates demand a token?", "Observed: no. The dashboard's do.", "false", "", ""),
		initial("rate_limiting_technique", "Which technique does a new gateway have?", "The dashboard sends fixed.", `"fixed"`, "", ""),
		initial("workers_ai_billing_mode", "Which billing mode does a new gateway have?", "Observed: postpaid.", `"postpaid"`, "", ""),
		initial("zdr", "What is zdr in a new gateway?", "Observed: false.", "false", "", ""),
		{
			Name:       "read/unset",
			Question:   "Are optional settings that are not set null in responses, or absent?",
			Documented: "Nullable and optional; observers report both.",
			Emulated:   "null",
			Quirks:     map[string]emulator.Quirk{"absent": emulator.OmitUnset},
			Probe:      unsetForm,
		},
		{
			Name:       "read/more-fields",
			Question:   "Which fields do responses have that the API documents lack?",
			Documented: "Older responses have account_id, account_tag, internal_id and wholesale.",
			Emulated:   "none",
			Quirks: map[string]emulator.Quirk{
				"those of older responses": emulator.ExtraFields, "unknown ones": emulator.UnknownFields,
			},
			Probe: moreFields,
		},
	}
	for _, name := range []string{"dlp", "guardrails", "otel", "spend_limits", "stripe"} {
		all = append(all, Question{
			Name:       "read/" + name,
			Question:   fmt.Sprintf("Does GET of a gateway show %s that PUT has set?", name),
			Documented: "The API documents say so; one observer says that no read shows guardrails, spend_limits and otel.",
			Emulated:   "shown",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				got, answer, err := configured(ctx, s, name)
				if got != nil {
					answer.Value = "shown"
				}
				return answer, err
			},
		})
	}
	for _, secret := range []struct{ name, setting, member string }{
		{"otel-authorization", "otel", "authorization"},
		{"otel-headers", "otel", "headers"},
		{"stripe-authorization", "stripe", "authorization"},
	} {
		all = append(all, Question{
			Name:       "secret/" + secret.name,
			Question:   fmt.Sprintf("Does GET of a gateway show %s of %s?", secret.member, secret.setting),
			Documented: "It is part of the response's schema; whether its value comes back is not said.",
			Emulated:   "verbatim",
			Quirks:     map[string]emulator.Quirk{"masked": emulator.SecretsMasked, "absent": emulator.SecretsOmitted},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return shownSecret(ctx, s, secret.setting, secret.member)
			},
		})
	}
	return all
}

// initial is the question what a setting is in a new gateway.
func initial(name, question, documented, emulated, other string, quirk emulator.Quirk) Question {
	q := Question{
		Name: "initial/" + name, Question: question, Documented: documented, Emulated: emulated,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			fresh, err := s.fresh(ctx)
			return Answer{Value: compact(fresh[name])}, err
		},
	}
	if quirk != "" {
		q.Quirks = map[string]emulator.Quirk{other: quirk}
	}
	return q
}

// unsetForm says whether settings that are not set are null or absent.
func unsetForm(ctx context.Context, s *Session) (Answer, error) {
	fresh, err := s.fresh(ctx)
	if err != nil {
		return Answer{}, err
	}
	var null, absent, set []string
	for _, name := range []string{
		"dlp", "guardrails", "logpush_public_key", "otel", "retry_backoff", "retry_delay", "retry_max_attempts", "spend_limits", "stripe",
	} {
		switch value, ok := fresh[name]; {
		case !ok:
			absent = append(absent, name)
		case value == nil:
			null = append(null, name)
		default:
			set = append(set, name+"="+compact(value))
		}
	}
	answer := Answer{Detail: fmt.Sprintf("null: %s; absent: %s; others: %s", listed(null), listed(absent), listed(set))}
	switch {
	case len(set) > 0, len(null) > 0 && len(absent) > 0:
		answer.Value = "it varies"
	case len(null) > 0:
		answer.Value = "null"
	default:
		answer.Value = "absent"
	}
	return answer, nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// documentedFields are the fields of a gateway in API documents.
var documentedFields = []string{
	"id", "cache_invalidate_on_update", "cache_ttl", "collect_logs", "rate_limiting_interval", "rate_limiting_limit",
	"authentication", "byok_only", "created_at", "dlp", "guardrails", "is_default", "log_classification", "log_management",
	"log_management_strategy", "logpush", "logpush_public_key", "modified_at", "otel", "rate_limiting_technique", "retry_backoff",
	"retry_delay", "retry_max_attempts", "spend_limits", "store_id", "stripe", "workers_ai_billing_mode", "zdr",
}

var olderFields = []string{"account_id", "account_tag", "internal_id", "wholesale"}

// moreFields says which fields no document has.
func moreFields(ctx context.Context, s *Session) (Answer, error) {
	id, err := s.gateway(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer s.remove(ctx, id)
	response, err := s.expect(ctx, http.MethodGet, "gateways/"+id, nil)
	if err != nil {
		return Answer{}, err
	}
	var more []string
	for name := range response.object("result") {
		if !slices.Contains(documentedFields, name) {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	answer := Answer{Value: "none", Samples: map[string]Response{"gateway": response}}
	if len(more) > 0 {
		answer.Detail = strings.Join(more, ", ")
		answer.Value = "unknown ones"
		if slices.ContainsFunc(more, func(name string) bool { return slices.Contains(olderFields, name) }) {
			answer.Value = "those of older responses"
		}
	}
	return answer, nil
}

// configured sets one of the settings of [updateOnly] by PUT and returns it as GET shows
// it, or nil with an answer that says why there is none.
func configured(ctx context.Context, s *Session, name string) (any, Answer, error) {
	fresh, err := s.fresh(ctx)
	if err != nil {
		return nil, Answer{}, err
	}
	id, err := s.shared(ctx)
	if err != nil {
		return nil, Answer{}, err
	}
	value := updateOnly(s)[name]
	if exporters, ok := value.([]any); ok && name == "otel" {
		exporter, _ := exporters[0].(values)
		exporter["authorization"] = s.secret()
	}
	response, got, err := s.put(ctx, id, values{name: value})
	switch {
	case err != nil:
		return nil, Answer{}, err
	case !response.OK():
		return nil, Answer{Value: "could not be set: " + response.outcome(), Detail: response.complaint()}, nil
	case reflect.DeepEqual(got[name], fresh[name]):
		return nil, Answer{Value: "not shown", Detail: "GET shows " + compact(got[name])}, nil
	}
	return got[name], Answer{Samples: map[string]Response{"gateway with " + name: {Status: http.StatusOK, JSON: map[string]any{name: got[name]}}}}, nil
}

// shownSecret says what GET shows of a secret.
func shownSecret(ctx context.Context, s *Session, setting, member string) (Answer, error) {
	got, answer, err := configured(ctx, s, setting)
	if got == nil {
		return answer, err
	}
	if list, ok := got.([]any); ok && len(list) > 0 {
		got = list[0]
	}
	value, shown := lookup(got, member)
	text := compact(value)
	switch {
	case !shown || value == nil || text == `""` || text == "{}":
		answer.Value = "absent"
	case s.redact.exact(text) != text:
		answer.Value = "verbatim"
	default:
		answer.Value, answer.Detail = "masked", "GET shows "+text
	}
	return answer, nil
}
