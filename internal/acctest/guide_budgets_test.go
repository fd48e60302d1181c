package acctest_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// TestGuideBudgets follows the guide: what is refused, with which status and code, and what
// the log says was spent.
func TestGuideBudgets(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	g := newWalk(t, acctest.CLI())
	const name = "budgets-and-guardrails"
	g.follow(name, "1")
	g.service.Emulator.Clock().Advance(time.Minute) // for which the guide waits
	g.follow(name, "2", "3", "4", "5")
	g.requireFollowed()

	var refused map[string][]string
	if err := json.Unmarshal([]byte(g.w.Run("output", "-json", "refused")), &refused); err != nil {
		t.Fatal(err)
	}
	if len(refused["424"]) != 2 || len(refused["400"]) != 1 {
		t.Errorf("the log has %v, want two requests that guardrails blocked, and one that DLP did", refused)
	}
}
