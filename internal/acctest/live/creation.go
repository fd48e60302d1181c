package live

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// updateOnly are the settings that older API documents have for PUT only, with a value.
func updateOnly(s *Session) values {
	return values{
		"dlp":                values{"enabled": false, "action": "FLAG", "profiles": []any{}},
		"guardrails":         values{"prompt": values{"S1": "FLAG"}, "response": values{}},
		"log_classification": true,
		"otel": []any{values{
			"url": "https://otel.example.com/v1/traces", "headers": values{"x-key": s.secret()}, "content_type": "json",
		}},
		"spend_limits": values{"enabled": true, "rules": []any{
			values{"limit": 5, "limitType": "cost", "window": 3600, "technique": "fixed"},
		}},
		"stripe": values{"authorization": s.secret(), "usage_events": []any{values{"payload": `{"cost":"$cost"}`}}},
	}
}

// creationQuestions are about what POST of a gateway accepts.
func creationQuestions() []Question {
	var all []Question
	for _, name := range []string{"dlp", "guardrails", "log_classification", "otel", "spend_limits", "stripe"} {
		all = append(all, Question{
			Name:       "create/" + name,
			Question:   fmt.Sprintf("Does POST of a gateway store %s?", name),
			Documented: "The API document of August 2026 has it for PUT only, that of October 2026 for POST too.",
			Emulated:   "dropped",
			Quirks:     map[string]emulator.Quirk{"stored": emulator.CreateAcceptsAll, unknownKey: emulator.StrictBodies},
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				return created(ctx, s, name, updateOnly(s)[name])
			},
		})
	}
	return append(all, Question{
		Name:       "create/byok_only",
		Question:   "Does POST of a gateway store byok_only?",
		Documented: "The API document of October 2026 has it, that of August does not.",
		Emulated:   "stored",
		Quirks:     map[string]emulator.Quirk{"dropped": emulator.NoBYOKOnly},
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			return created(ctx, s, "byok_only", true)
		},
	})
}

// created creates a gateway with one more setting and says what became of it.
func created(ctx context.Context, s *Session, name string, value any) (Answer, error) {
	initial, err := s.fresh(ctx)
	if err != nil {
		return Answer{}, err
	}
	response, id, err := s.createGateway(ctx, values{name: value})
	if err != nil {
		return Answer{}, err
	}
	if !response.OK() {
		// A refusal of this value is an answer, unless nothing can be created.
		if response.Status == http.StatusBadRequest {
			return refused(response), nil
		}
		return Answer{}, response.require("POST gateways")
	}
	defer s.remove(ctx, id)
	got, err := s.read(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	if reflect.DeepEqual(got[name], initial[name]) {
		return Answer{Value: "dropped"}, nil
	}
	return Answer{Value: "stored", Detail: "GET shows " + compact(got[name])}, nil
}

// unknownKey is the value of an answer that refuses a body for a key that the service does
// not know.
const unknownKey = "refused as unknown"

// refused is the answer that a request was not accepted.
func refused(response Response) Answer {
	if strings.Contains(response.complaint(), "nrecognized key") { // the framework's words
		return Answer{Value: unknownKey, Detail: response.outcome() + ": " + response.complaint()}
	}
	return Answer{Value: "refused: " + response.outcome(), Detail: response.complaint()}
}
