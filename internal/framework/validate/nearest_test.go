package validate_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	candidates := []string{"provider", "model", "metadata"}
	for word, want := range map[string]string{
		"provider": "provider", "providers": "provider", "mode": "model", "metdata": "metadata", "": "model",
	} {
		if got := validate.Nearest(word, candidates); got != want {
			t.Errorf("nearest to %q: %q, want %q", word, got, want)
		}
	}
	if got := validate.Nearest("word", nil); got != "" {
		t.Errorf("of none: %q", got)
	}
}
