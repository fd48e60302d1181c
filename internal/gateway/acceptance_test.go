package gateway_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

const address = resourceType + ".test"

func configured(name string, attributes ...string) string {
	return acctest.ResourceBlock(resourceType, "test", append([]string{fmt.Sprintf("name = %q", name)}, attributes...)...)
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

func has(attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
}

// destroyed looks in the service for gateways of the state that should be
// gone.
func destroyed(t *testing.T, service *acctest.Service) resource.TestCheckFunc {
	t.Helper()
	return func(state *terraform.State) error {
		api, err := service.Client()
		if err != nil {
			return err
		}
		for _, found := range state.RootModule().Resources {
			if found.Type != resourceType {
				continue
			}
			_, err := gateways.Get(t.Context(), api, found.Primary.Attributes["account_id"], found.Primary.ID)
			if !errors.Is(err, client.ErrNotFound) {
				return fmt.Errorf("gateway %s after destroy: %v", found.Primary.ID, err)
			}
		}
		return nil
	}
}

func TestAccGateway_lifecycle(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	name, other := acctest.RandomName(), acctest.RandomName()
	sameCreation := statecheck.CompareValue(compare.ValuesSame())
	steps := []resource.TestStep{
		{
			Config:           configured(name),
			ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				has("account_id", knownvalue.StringExact(service.AccountID)),
				has("id", knownvalue.StringExact(name)),
				has("slug", knownvalue.StringExact(name)),
				has("authentication", knownvalue.Bool(true)),
				has("log_enabled", knownvalue.Bool(true)),
				has("cache_enabled", knownvalue.Bool(false)),
				has("gateway_url", knownvalue.StringExact(service.GatewayBaseURL+"/"+service.AccountID+"/"+name)),
				sameCreation.AddStateValue(address, tfjsonpath.New("created_at")),
			},
		},
		{ResourceName: address, ImportState: true, ImportStateVerify: true},
		{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			ImportStateId: service.AccountID + "/" + name,
		},
		{
			ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
		},
		{
			Config: configured(name, "cache_ttl = 300", "rate_limiting_limit = 5", "rate_limiting_interval = 60",
				`rate_limiting_technique = "sliding"`, "log_enabled = false", "authentication = false", "cache_invalidate_on_update = true"),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has("cache_enabled", knownvalue.Bool(true)),
				has("cache_ttl", knownvalue.Int64Exact(300)),
				has("rate_limiting_enabled", knownvalue.Bool(true)),
				has("rate_limiting_technique", knownvalue.StringExact("sliding")),
				has("log_enabled", knownvalue.Bool(false)),
				has("authentication", knownvalue.Bool(false)),
				sameCreation.AddStateValue(address, tfjsonpath.New("created_at")),
			},
		},
		{
			Config:           configured(name, "cache_enabled = false"),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				has("cache_ttl", knownvalue.Int64Exact(300)),
				has("rate_limiting_limit", knownvalue.Int64Exact(5)),
			},
		},
		{
			Config:           configured(name),
			ConfigPlanChecks: planned(plancheck.ResourceActionNoop),
		},
		{
			Config:            configured(other),
			ConfigPlanChecks:  planned(plancheck.ResourceActionReplace),
			ConfigStateChecks: []statecheck.StateCheck{has("id", knownvalue.StringExact(other))},
		},
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps:                    steps,
	})
}

func TestAccGateway_identity(t *testing.T) {
	service := acctest.Acceptance(t)
	acctest.UseCLIWith(t, cli.CLI.SupportsIdentityImport)
	name := acctest.RandomName()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{
				Config: configured(name),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
						"account_id": knownvalue.StringExact(service.AccountID),
						"id":         knownvalue.StringExact(name),
					}),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestAccGateway_disappears(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	name := acctest.RandomName()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{Config: configured(name)},
			{
				PreConfig: func() {
					api, err := service.Client()
					if err == nil {
						err = gateways.Delete(t.Context(), api, service.AccountID, name)
					}
					if err != nil {
						t.Fatal(err)
					}
				},
				Config:           configured(name),
				ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
			},
		},
	})
}

func TestAccGateway_dataSources(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	name := acctest.RandomName()
	config := configured(name, "cache_ttl = 60") + `
data "aigateway_gateway" "test" {
  name = aigateway_gateway.test.id
}

data "aigateway_gateways" "test" {
  search     = aigateway_gateway.test.name
  depends_on = [aigateway_gateway.test]
}
`
	both := func(attribute string) statecheck.StateCheck {
		return statecheck.CompareValuePairs(address, tfjsonpath.New(attribute),
			"data.aigateway_gateway.test", tfjsonpath.New(attribute), compare.ValuesSame())
	}
	checks := []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.aigateway_gateways.test", tfjsonpath.New("gateways").AtSliceIndex(0).AtMapKey("id"),
			knownvalue.StringExact(name)),
	}
	for attribute := range attributesOfTheResource(t) {
		checks = append(checks, both(attribute))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}

// TestAccGateway_refused looks at what a user sees of a value that is refused.
func TestAccGateway_refused(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	refused := func(says string, attributes ...string) resource.TestStep {
		return resource.TestStep{Config: configured("demo", attributes...), PlanOnly: true, ExpectError: acctest.Wrapped(says)}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		Steps: []resource.TestStep{
			refused("Set cache_ttl to the number of seconds, from 1 to 2592000", "cache_enabled = true"),
			refused("cache_ttl must be above 0", "cache_enabled = true", "cache_ttl = 0"),
			refused("Set rate_limiting_interval as well", "rate_limiting_limit = 5"),
			refused(`value must be one of: ["fixed" "sliding"]`, `rate_limiting_technique = "SLIDING"`),
			{Config: configured("Demo"), PlanOnly: true, ExpectError: acctest.Wrapped("must consist of 1 to 64 lower-case letters")},
		},
	})
}

// TestAccGateway_generatedConfiguration imports a gateway that exists and lets
// the CLI write its configuration, which must then plan empty.
func TestAccGateway_generatedConfiguration(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	supported, reason := acctest.CLI().SupportsGenerateConfig()
	acctest.Require(t, supported, reason)
	api, err := service.Client()
	if err != nil {
		t.Fatal(err)
	}
	on, seconds := true, int64(90)
	name := acctest.RandomName()
	if _, err := gateways.Create(t.Context(), api, service.AccountID, name, gateways.Settings{
		CacheEnabled: &on, CacheTTL: &seconds, LogEnabled: &on,
	}); err != nil {
		t.Fatal(err)
	}
	w := service.NewWorkspace(t)
	w.Write("import.tf", fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, service.AccountID+"/"+name))
	w.Run("init", "-no-color")
	w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	generated := w.Read("generated.tf")
	for _, line := range []string{"cache_ttl", "= 90", "authentication", "= false"} {
		if !strings.Contains(generated, line) {
			t.Errorf("the generated configuration lacks %q:\n%s", line, generated)
		}
	}
	out := w.Apply()
	if !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
	if err := os.Remove(filepath.Join(w.Dir, "import.tf")); err != nil {
		t.Fatal(err)
	}
	w.RequireEmptyPlan()
}
