package acctest_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

func TestDeep(t *testing.T) {
	for value, want := range map[string]bool{"": false, "full": true, "quick": false, "all": true} {
		t.Setenv("AIGATEWAY_TEST_DEPTH", value)
		t.Setenv("TF_ACC", "1") // is about the CLI alone
		if got := acctest.Deep(); got != want {
			t.Errorf("depth %q: %v, want %v", value, got, want)
		}
		if got := acctest.Exhaustive(); got != (value == "all") {
			t.Errorf("depth %q: exhaustive = %v", value, got)
		}
	}
}
