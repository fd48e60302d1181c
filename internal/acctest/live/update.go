package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// publicKey is a throw-away RSA key, whose private half nobody has.
const publicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvmJ0zJk/3ch1bugKYbFl
3DrcoxJ4EyM3G1oR7udWVVBWo8YnmLm0jeRO72r6fsknrw3k3tsOLBsUsYwJQyYq
XVYFBFBHAOdpug0p40py+matf85Y4MSrlzIy/GicOZgTtoCk7bpXW1VHT7Aq/0tc
aP4PP53vH24xYiVnzTtf0ji8MuyHzZWbugVg9eq1Pz2UtoH34w7aI+vqJQHGbWTG
Qchk8TRk0BSf94dQtHGp1+nhATU9jhQwQ94QzMKyc/6BdnnOCzdHA78rBNtSnH4T
6ZqGIMd4KY9z1jr/lsyDKddF/eNB0l0zaKGAzJmx6HiEX1anikCTt9oVpbjkS/wC
jQIDAQAB
-----END PUBLIC KEY-----`

// A setting is an optional setting of a gateway that a question sets and takes away.
type setting struct {
	name string
	// value differs from the default.
	value func(context.Context, *Session) (any, error)
	// null is what the emulator makes of null.
	null string
	// quirks are what it makes of null under quirks.
	quirks map[string]emulator.Quirk
}

func constant(value any) func(context.Context, *Session) (any, error) {
	return func(context.Context, *Session) (any, error) { return value, nil }
}

func fromUpdateOnly(name string) func(context.Context, *Session) (any, error) {
	return func(_ context.Context, s *Session) (any, error) { return updateOnly(s)[name], nil }
}

const (
	readsNull   = "reads as null"
	readsFalse  = "reads as false"
	nullInvalid = "refused: 400 7001"
)

// settings returns all settings that a body may omit or set to null.
func settings() []setting {
	echo := map[string]emulator.Quirk{readsNull: emulator.EchoNull}
	return []setting{
		{"authentication", constant(true), readsFalse, nil},
		{"byok_only", constant(true), nullInvalid, nil},
		{"dlp", fromUpdateOnly("dlp"), nullInvalid, nil},
		{"guardrails", fromUpdateOnly("guardrails"), readsNull, nil},
		{"log_classification", constant(true), nullInvalid, nil},
		{"log_management", constant(20000), readsNull, nil},
		{"log_management_strategy", func(ctx context.Context, s *Session) (any, error) {
			initial, err := s.fresh(ctx)
			if initial["log_management_strategy"] == "DELETE_OLDEST" {
				return "STOP_INSERTING", err
			}
			return "DELETE_OLDEST", err
		}, readsNull, nil},
		{"logpush", constant(true), nullInvalid, nil},
		{"logpush_public_key", constant(publicKey), readsNull, nil},
		{"otel", fromUpdateOnly("otel"), readsNull, nil},
		{"rate_limiting_technique", constant("sliding"), readsNull, nil},
		{"retry_backoff", constant("linear"), readsNull, nil},
		{"retry_delay", constant(1000), readsNull, nil},
		{"retry_max_attempts", constant(2), readsNull, nil},
		{"spend_limits", fromUpdateOnly("spend_limits"), readsNull, nil},
		{"store_id", func(ctx context.Context, s *Session) (any, error) { return s.storeID(ctx) }, `reads as ""`, echo},
		{"stripe", fromUpdateOnly("stripe"), readsNull, nil},
		{"workers_ai_billing_mode", constant("unified"), nullInvalid, nil},
		{"zdr", constant(true), readsFalse, nil},
	}
}

// updateQuestions are about what PUT of a gateway does with what its body lacks.
func updateQuestions() []Question {
	var omitted, null []Question
	add := func(f setting, quirks map[string]emulator.Quirk) {
		null = append(null, Question{
			Name:       "null/" + f.name,
			Question:   fmt.Sprintf("What does null for %s do in PUT of a gateway?", f.name),
			Documented: nullDocument(f),
			Emulated:   f.null,
			Quirks:     withByok(f.name, quirks),
			Probe:      func(ctx context.Context, s *Session) (Answer, error) { return replaced(ctx, s, f, values{f.name: nil}) },
		})
	}
	for _, name := range []string{"cache_ttl", "rate_limiting_interval", "rate_limiting_limit"} {
		add(setting{name, constant(60), "reads as 0", nil}, map[string]emulator.Quirk{readsNull: emulator.EchoNull})
	}
	for _, f := range settings() {
		add(f, f.quirks)
		omitted = append(omitted, Question{
			Name:       "omitted/" + f.name,
			Question:   fmt.Sprintf("What becomes of %s if PUT of a gateway omits it?", f.name),
			Documented: "Cloudflare's staff call PUT a replacement; the source of the service's framework suggests that the value stays.",
			Emulated:   "reset",
			Quirks:     withByok(f.name, map[string]emulator.Quirk{"kept": emulator.PutKeepsOmitted}),
			Probe:      func(ctx context.Context, s *Session) (Answer, error) { return replaced(ctx, s, f, nil) },
		})
	}
	return append(omitted, null...)
}

// withByok adds the quirk of an API that does not know byok_only.
func withByok(name string, quirks map[string]emulator.Quirk) map[string]emulator.Quirk {
	if name != "byok_only" {
		return quirks
	}
	with := map[string]emulator.Quirk{"not stored": emulator.NoBYOKOnly}
	maps.Copy(with, quirks)
	return with
}

func nullDocument(f setting) string {
	if f.null == nullInvalid {
		return "The API documents do not allow null."
	}
	return "The service takes null (API documents, or observed); what it means is not documented."
}

// replaced sets a setting by PUT, sends a second PUT with the body, and says what the
// setting is then.
func replaced(ctx context.Context, s *Session, f setting, body values) (Answer, error) {
	initial, err := s.fresh(ctx)
	if err != nil {
		return Answer{}, err
	}
	id, err := s.shared(ctx)
	if err != nil {
		return Answer{}, err
	}
	value, err := f.value(ctx, s)
	if err != nil {
		return Answer{}, err
	}
	first, before, err := s.put(ctx, id, values{f.name: value})
	switch {
	case err != nil:
		return Answer{}, err
	case !first.OK():
		return Answer{Value: "could not be set: " + first.outcome(), Detail: first.complaint()}, nil
	case reflect.DeepEqual(before[f.name], initial[f.name]):
		return Answer{Value: "not stored", Detail: "GET shows " + compact(before[f.name]) + " after PUT of another value"}, nil
	}
	second, after, err := s.put(ctx, id, body)
	if err != nil {
		return Answer{}, err
	}
	if !second.OK() {
		return refused(second), nil
	}
	_, isNull := body[f.name]
	detail := fmt.Sprintf("It was %s, is %s, and is %s in a new gateway.", compact(before[f.name]), compact(after[f.name]), compact(initial[f.name]))
	switch {
	case reflect.DeepEqual(after[f.name], before[f.name]):
		return Answer{Value: "kept", Detail: detail}, nil
	case !isNull && reflect.DeepEqual(after[f.name], initial[f.name]):
		return Answer{Value: "reset", Detail: detail}, nil
	default:
		return Answer{Value: "reads as " + compact(after[f.name]), Detail: detail}, nil
	}
}

// put replaces the settings of a gateway. If the service accepts that, it returns them as
// GET shows them. It returns an error if the refusal does not concern the body.
func (s *Session) put(ctx context.Context, id string, more values) (Response, values, error) {
	response, err := s.call(ctx, http.MethodPut, "gateways/"+id, required(more))
	switch {
	case err != nil:
		return response, nil, err
	case response.Status == http.StatusBadRequest, response.Status == http.StatusUnprocessableEntity:
		return response, nil, nil
	}
	if err := response.require("PUT of a gateway"); err != nil {
		return response, nil, err
	}
	read, err := s.read(ctx, id)
	return response, read, err
}
