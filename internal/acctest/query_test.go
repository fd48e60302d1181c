package acctest_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGenerateAccount takes over an account of 15 gateways and 40 routes: it queries
// everything, applies the generated configuration unchanged, and plans nothing
// afterwards. Nothing is written to the service.
func TestGenerateAccount(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsQuery)
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	content := accountContent{stores: 1, gateways: 15, keys: 20, providers: 4, routes: 40, policies: 12, domains: 3}
	fillAccount(service, content)
	w := service.NewWorkspaceWith(t, with)
	w.Write("account.tfquery.hcl", guide(t, "importing/account.tfquery.hcl"))
	w.Run("init", "-no-color")
	w.Run("query", "-no-color", "-generate-config-out=generated.tf")
	out := w.Run("apply", "-auto-approve", "-no-color")
	if want := fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", content.total()); !strings.Contains(out, want) {
		t.Errorf("want %s:\n%s", want, out)
	}
	w.RequireEmptyPlan()
	requireOnlyReads(t, service)
	for where, text := range map[string]string{"configuration": w.Read("generated.tf"), "output": out} {
		for _, secret := range existingSecrets {
			if strings.Contains(text, secret) {
				t.Errorf("the %s has the secret %s", where, secret)
			}
		}
	}
}

// TestGuideExistingAccount follows the guide word for word, from an empty folder to an empty
// plan: it writes the files that the guide shows and runs the commands between its first
// heading and the section on secrets.
func TestGuideExistingAccount(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsQuery)
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	fillAccount(service, smallAccount)
	w := service.NewWorkspaceWith(t, with)
	remove(t, w, "requirements.tf") // the guide has its own

	text, _, _ := strings.Cut(read(t, "docs/guides/importing.md"), "\n## Secrets\n")
	var commands []string
	said := map[int]string{
		1: "successfully initialized",
		2: "default/route-0",
		3: "list.aigateway_gateway.gateway",
		4: fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", smallAccount.total()),
		5: fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed.", smallAccount.total()),
		6: "No changes.",
	}
	for _, block := range regexp.MustCompile("(?s)`([^`\n]+)`[^`]*?\n\n```terraform\n(.*?)```|```sh\n(.*?)```").FindAllStringSubmatch(text, -1) {
		if block[1] != "" {
			w.Write(block[1], block[2])
			continue
		}
		for command := range strings.Lines(block[3]) {
			command = strings.TrimSpace(command)
			commands = append(commands, command)
			arguments := strings.Fields(strings.TrimPrefix(command, "terraform "))
			if arguments[0] == "apply" {
				arguments = append(arguments, "-auto-approve") // in place of the question
			}
			if out, want := w.Run(append(arguments, "-no-color")...), said[len(commands)]; !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", command, want, out)
			}
		}
	}
	if len(commands) != len(said) {
		t.Errorf("the commands %q, want %d", commands, len(said))
	}
	requireOnlyReads(t, service)

	// What the last step suggests: the import blocks can go.
	w.Write("account.tf", regexp.MustCompile(`(?s)\nimport \{.*?\n\}\n`).ReplaceAllString(w.Read("account.tf"), ""))
	w.RequireEmptyPlan()
}

// TestListExamples runs the example of each list resource.
func TestListExamples(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsQuery)
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	fillAccount(service, smallAccount)
	service.Emulator.PutGateway(service.AccountID, object{"id": "production"})
	for name := range listTypes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := service.NewWorkspaceWith(t, with)
			w.Write("all.tfquery.hcl", readExample(t, "list-resources/"+name+"/list-resource.tfquery.hcl"))
			w.Run("init", "-no-color")
			if out := w.Run("query", "-no-color"); name != "aigateway_policy" && !strings.Contains(out, "list."+name) {
				t.Errorf("nothing is listed:\n%s", out)
			}
		})
	}
}

// TestQueryLimit counts requests of a query of 250 gateways. Without a limit, the CLI shows
// 100, and a warning of the provider says so.
func TestQueryLimit(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsQuery)
	for name, test := range map[string]struct {
		block            string
		results, request int
		warns            bool
	}{
		"all":     {"limit = 10000", 250, 3, false},
		"default": {"", 100, 1, true},
		"whole":   {"limit = 10000\n  include_resource = true", 250, 3, false},
		"few":     {"limit = 5", 5, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
			fillAccount(service, accountContent{gateways: 250})
			w := service.NewWorkspaceWith(t, with)
			w.Write("all.tfquery.hcl", "list \"aigateway_gateway\" \"all\" {\n  provider = aigateway\n  "+test.block+"\n}\n")
			w.Run("init", "-no-color")
			out := w.Run("query", "-no-color")
			if got := strings.Count(out, "list.aigateway_gateway.all "); got != test.results {
				t.Errorf("%d results, want %d", got, test.results)
			}
			if got := len(service.Requests()); got != test.request {
				t.Errorf("%d requests, want %d: %q", got, test.request, service.Requests())
			}
			if strings.Contains(out, "There may be more gateways") != test.warns {
				t.Errorf("the warning:\n%s", out)
			}
		})
	}
}

// TestGenerateStripe shows the exception: a gateway with stripe, whose key nobody can read.
// The error names the line to fill in, and with the key the import goes on.
func TestGenerateStripe(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsQuery)
	service := acctest.Emulate(t, emulator.Options{})
	service.Emulator.PutGateway(service.AccountID, object{"id": "production", "stripe": object{
		"authorization": "stripe-of-the-dashboard", "usage_events": []any{object{"payload": "{}"}},
	}})
	w := service.NewWorkspaceWith(t, with)
	w.Write("account.tfquery.hcl", guide(t, "importing/account.tfquery.hcl"))
	w.Run("init", "-no-color")
	w.Run("query", "-no-color", "-generate-config-out=generated.tf")
	status, out := w.Try("plan", "-no-color")
	if status == 0 {
		t.Fatalf("the plan needs no key:\n%s", out)
	}
	for _, part := range []string{"Missing Stripe key", "on generated.tf line ", "authorization            = null # sensitive"} {
		if !strings.Contains(out, part) {
			t.Errorf("the error does not say %q:\n%s", part, out)
		}
	}
	w.Write("generated.tf", strings.Replace(w.Read("generated.tf"), "authorization            = null # sensitive", `authorization = "stripe-of-the-dashboard"`, 1))
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "imported, 0 added") {
		t.Errorf("with the key:\n%s", out)
	}
	w.RequireEmptyPlan()
}
