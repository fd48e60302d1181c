package diagnostics_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

func TestCapitalize(t *testing.T) {
	for phrase, want := range map[string]string{
		"": "", "a": "A", "dynamic route": "Dynamic route", "Gateway": "Gateway", "7 routes": "7 routes",
	} {
		if got := diagnostics.Capitalize(phrase); got != want {
			t.Errorf("%q becomes %q, want %q", phrase, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	for phrase, want := range map[string]string{
		"": ".", "it broke": "it broke.", "It broke.": "It broke.", "It broke...": "It broke.", "v1.2": "v1.2.", "is it right?": "is it right?",
	} {
		if got := diagnostics.Sentence(phrase); got != want {
			t.Errorf("%q becomes %q, want %q", phrase, got, want)
		}
	}
}
