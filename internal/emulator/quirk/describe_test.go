package quirk_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
)

func TestEveryQuirkIsDescribed(t *testing.T) {
	seen := map[string]quirk.Quirk{}
	for _, q := range quirk.All() {
		text := q.Describe()
		if other, twice := seen[text]; text == "" || twice {
			t.Errorf("%s is described as %q, like %q", q, text, other)
		}
		seen[text] = q
	}
}
