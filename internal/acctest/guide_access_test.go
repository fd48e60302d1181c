package acctest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// TestGuideAccess follows the guide. A case of the check that goes wrong is a warning.
func TestGuideAccess(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	g := newWalk(t, acctest.CLI())
	g.follow("access", "1", "2")
	g.service.Emulator.ResetRequests()
	g.follow("access", "3")

	check := guide(t, "access/check.tf")
	g.w.Write("check.tf", strings.Replace(check, "allowed = true", "allowed = false", 1))
	if out := g.run("terraform apply"); !acctest.Wrapped("the opposite of what they should for an engineer and the strong model.").MatchString(out) {
		t.Errorf("the check does not warn:\n%s", out)
	}
	g.w.Write("check.tf", check)
	for _, request := range g.service.Emulator.Requests() {
		if !strings.HasPrefix(request.Path, "/client/v4/accounts/") || strings.Contains(request.Path, "/ai/") {
			t.Errorf("the check sends a request to a model: %s", request.Path)
		}
	}

	g.follow("access", "4", "5", "6")
	g.requireFollowed()

	// What the guide says about a limit for each person.
	const person = `dimensions = { "metadata.cf.user_id" = { mode = "partition" } }`
	if !strings.Contains(read(t, "templates/guides/access.md.tmpl"), person) {
		t.Error("the guide no longer shows " + person)
	}
	g.w.Write("main.tf", strings.Replace(guide(t, "access/main.tf"), "authentication = true",
		"spend_limits = { rules = { person = { limit = 1, window = 60, "+person+" } } }\n  authentication = true", 1))
	g.run("terraform apply")
	request := `sh as.sh '{"id": "`
	out := g.run(request + `u-1"}' openai/gpt-5.2-mini -H 'cf-aig-custom-cost: {"total_cost": 1}'; ` +
		request + `u-1"}' openai/gpt-5.2-mini; ` + request + `u-2"}' openai/gpt-5.2-mini`)
	if statuses := regexp.MustCompile(`(?m)^\d{3}$`).FindAllString(out, -1); !slices.Equal(statuses, []string{"200", "429", "200"}) ||
		!strings.Contains(out, "rule 'person'") {
		t.Errorf("a limit for each person:\n%s", out)
	}
	g.requireEmptyPlan("terraform apply")
}
