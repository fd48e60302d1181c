package emulator_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestConditionsOfARequest shows that conditions see the request: metadata, headers
// and body. Package conditions tests the operators.
func TestConditionsOfARequest(t *testing.T) {
	h := open(t, object{"collect_logs": false})
	for condition, want := range map[string]string{"metadata.plan": "free", "headers.x-team": "red", "body.messages.0.content": "hi"} {
		h.route(node("c", "conditional", object{"conditions": object{condition: want}}, "true", "yes", "false", "no"),
			ask("yes", "openai/true", "end", "end"), ask("no", "openai/false", "end", "end"))
		h.ask("cf-aig-metadata", `{"plan":"free"}`, "X-Team", "red").wantModel(t, "openai/true", "0")
		h.chat("gw", "dynamic/r", "other", "cf-aig-metadata", `{"plan":"paid"}`).wantModel(t, "openai/false", "0")
	}
}

// Metadata that the service drops is not there for conditions.
func TestConditionsOnDroppedMetadata(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	h.route(node("c", "conditional", object{"conditions": object{"metadata.plan": object{"$exists": true}}}, "true", "yes", "false", "no"),
		ask("yes", "openai/true", "end", "end"), ask("no", "openai/false", "end", "end"))
	for metadata, want := range map[string]string{
		`{"plan":"x"}`:            "openai/true",
		`{"plan":"x","bad":null}`: "openai/false",
		`nonsense`:                "openai/false",
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"plan":"x"}`: "openai/false",
	} {
		h.ask("cf-aig-metadata", metadata).wantModel(t, want, "0")
	}
}
