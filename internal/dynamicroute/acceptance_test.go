package dynamicroute_test

import (
	"errors"
	"fmt"
	"testing"

	comparing "github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	routesclient "github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
)

const address = resourceType + ".test"

// configured returns a route with a gateway of its own, and data sources that read
// both it and all of the gateway's.
func configured(gateway, name, conditions, onTrue string) string {
	return acctest.ResourceBlock("aigateway_gateway", "test", fmt.Sprintf("name = %q", gateway)) + fmt.Sprintf(`
resource "aigateway_dynamic_route" "test" {
  gateway_id = aigateway_gateway.test.id
  name       = %q
  entry      = "tier"

  elements = {
    tier = { conditional = {
      conditions = %s
      on_true    = %q
      on_false   = "quota"
    } }
    split = { percentage = { outputs = { "10%%" = "strong", else = "cheap" } } }
    quota = { rate = { key = "metadata.user_id", limit = 100, limit_type = "count", window = 60,
      on_success = "strong", on_fallback = "split" } }
    strong = { model = { provider = "openai", model = "gpt-5.2", timeout = 10000, retries = 1, on_success = "end", on_fallback = "cheap" } }
    cheap  = { model = { provider = "workers-ai", model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast", timeout = 10000, retries = 0, on_success = "end", on_fallback = "end" } }
  }
}

data "aigateway_dynamic_route" "test" {
  gateway_id = aigateway_gateway.test.id
  id         = aigateway_dynamic_route.test.id
}
`, name, conditions, onTrue)
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

// has compares an attribute of the resource, and of the data source.
func has(attribute string, value knownvalue.Check) []statecheck.StateCheck {
	at := tfjsonpath.New(attribute)
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(address, at, value),
		statecheck.CompareValuePairs(address, at, "data."+address, at, comparing.ValuesSame()),
	}
}

// destroyed looks in the service for routes of the state that should be gone.
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
			of := found.Primary.Attributes
			_, err := routesclient.Get(t.Context(), api, of["account_id"], of["gateway_id"], found.Primary.ID)
			if !errors.Is(err, client.ErrNotFound) {
				return fmt.Errorf("route %s after destroy: %w", found.Primary.ID, err)
			}
		}
		return nil
	}
}

// TestAccDynamicRoute_lifecycle takes a route with a real CLI through its life.
func TestAccDynamicRoute_lifecycle(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	gateway := acctest.RandomName()
	const conditions, respelt = `jsonencode({ "metadata.plan" = { "$eq" = "free" } })`, `" {\"metadata.plan\": {\"$eq\": \"free\"}}\n"`
	same := func(attribute string) func() statecheck.StateCheck {
		values := statecheck.CompareValue(comparing.ValuesSame())
		return func() statecheck.StateCheck { return values.AddStateValue(address, tfjsonpath.New(attribute)) }
	}
	sameID, sameCreation := same("id"), same("created_at")
	versions := statecheck.CompareValue(comparing.ValuesDiffer())
	graph := tfjsonpath.New("elements").AtMapKey("tier").AtMapKey("conditional").AtMapKey("on_true")
	importID := func(kind string) resource.ImportStateIdFunc {
		return func(state *terraform.State) (string, error) {
			of := state.RootModule().Resources[address].Primary.Attributes
			return map[string]string{"name": gateway + "/" + of["name"], "id": service.AccountID + "/" + gateway + "/id:" + of["id"]}[kind], nil
		}
	}
	// The service writes JSON in its own way.
	spelling := []string{"elements.tier.conditional.conditions"}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{
				Config:           configured(gateway, "customer-support", conditions, "split"),
				ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
				ConfigStateChecks: append(has("model", knownvalue.StringExact("dynamic/customer-support")),
					sameID(), sameCreation(), versions.AddStateValue(address, tfjsonpath.New("version_id"))),
			},
			{
				ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: importID("name"),
				ImportStateVerifyIgnore: spelling,
			},
			{
				ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: importID("id"),
				ImportStateVerifyIgnore: spelling,
			},
			{
				ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: importID("name"),
			},
			{
				Config:            configured(gateway, "help", conditions, "split"),
				ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: append(has("model", knownvalue.StringExact("dynamic/help")), sameID(), sameCreation()),
			},
			{
				Config:           configured(gateway, "help", respelt, "split"),
				ConfigPlanChecks: planned(plancheck.ResourceActionNoop),
			},
			{
				Config:           configured(gateway, "help", conditions, "strong"),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: append(has("name", knownvalue.StringExact("help")),
					statecheck.ExpectKnownValue(address, graph, knownvalue.StringExact("strong")),
					sameID(), sameCreation(), versions.AddStateValue(address, tfjsonpath.New("version_id")),
					statecheck.ExpectKnownValue("data."+address, tfjsonpath.New("versions"), knownvalue.ListSizeExact(2))),
			},
		},
	})
}

// TestAccDynamicRoute_identity imports by it, and finds it in state.
func TestAccDynamicRoute_identity(t *testing.T) {
	service := acctest.Acceptance(t)
	acctest.UseCLIWith(t, cli.CLI.SupportsIdentityImport)
	gateway := acctest.RandomName()
	config := configured(gateway, "support", `"{}"`, "split")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
						"account_id": knownvalue.StringExact(service.AccountID),
						"gateway_id": knownvalue.StringExact(gateway),
						"id":         knownvalue.NotNull(),
					}),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

// TestAccDynamicRoute_refused looks at what a user sees of a graph that is
// refused.
func TestAccDynamicRoute_refused(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		Steps: []resource.TestStep{
			{
				Config: configured("demo", "support", `"{}"`, "nowhere"), PlanOnly: true,
				ExpectError: acctest.Wrapped(`Element "tier": on_true leads to "nowhere", but there is no such element.`),
			},
			{
				Config: configured("demo", "a/b", `"{}"`, "split"), PlanOnly: true,
				ExpectError: acctest.Wrapped("must not contain white space or slashes"),
			},
		},
	})
}
