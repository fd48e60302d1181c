package customprovider_test

import (
	"errors"
	"fmt"
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
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
)

const address = resourceType + ".test"

func configured(slug string, attributes ...string) string {
	return acctest.ResourceBlock(resourceType, "test", append([]string{
		fmt.Sprintf("name = %q", slug), fmt.Sprintf("slug = %q", slug), `base_url = "https://llm.example.com/v1"`,
	}, attributes...)...)
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

// destroyed looks in the service for custom providers of the state that should
// be gone.
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
			_, err := customproviders.Get(t.Context(), api, found.Primary.Attributes["account_id"], found.Primary.ID)
			if !errors.Is(err, client.ErrNotFound) {
				return fmt.Errorf("custom provider %s after destroy: %v", found.Primary.ID, err)
			}
		}
		return nil
	}
}

func TestAccCustomProvider_lifecycle(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	slug, other := acctest.RandomName(), acctest.RandomName()
	sameID, sameCreation := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesSame())
	same := func(checks ...statecheck.StateCheck) []statecheck.StateCheck {
		return append(checks, sameID.AddStateValue(address, tfjsonpath.New("id")), sameCreation.AddStateValue(address, tfjsonpath.New("created_at")))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{
				Config:           configured(slug),
				ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
				ConfigStateChecks: same(
					has("account_id", knownvalue.StringExact(service.AccountID)),
					has("request_slug", knownvalue.StringExact("custom-"+slug)),
					has("enable", knownvalue.Bool(false)),
				),
			},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateId: slug},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			{
				Config:           configured(slug, `description = "Ours."`, "enable = true", `link = "https://docs.example.com"`),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: same(
					has("enable", knownvalue.Bool(true)),
					has("description", knownvalue.StringExact("Ours.")),
				),
			},
			{
				Config:           configured(other),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				ConfigStateChecks: same(
					has("request_slug", knownvalue.StringExact("custom-"+other)),
					has("enable", knownvalue.Bool(false)),
					has("description", knownvalue.Null()),
				),
			},
			{
				ResourceName: address, ImportState: true, ImportStateVerify: true,
				ImportStateId: service.AccountID + "/" + other,
			},
		},
	})
}

func TestAccCustomProvider_identity(t *testing.T) {
	service := acctest.Acceptance(t)
	acctest.UseCLIWith(t, cli.CLI.SupportsIdentityImport)
	slug := acctest.RandomName()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{
				Config: configured(slug),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
					statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("account_id")),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestAccCustomProvider_dataSources(t *testing.T) {
	t.Parallel()
	service := acctest.Acceptance(t)
	slug := acctest.RandomName()
	config := configured(slug, `description = "Ours."`) + `
data "aigateway_custom_provider" "test" {
  slug = aigateway_custom_provider.test.slug
}

data "aigateway_custom_providers" "test" {
  search = aigateway_custom_provider.test.id
  enable = false
}
`
	listed := tfjsonpath.New("custom_providers").AtSliceIndex(0)
	var checks []statecheck.StateCheck
	for _, attribute := range []string{"id", "name", "slug", "base_url", "description", "enable", "logo", "request_slug", "created_at", "modified_at"} {
		checks = append(checks,
			statecheck.CompareValuePairs(address, tfjsonpath.New(attribute), "data."+address, tfjsonpath.New(attribute), compare.ValuesSame()),
			statecheck.CompareValuePairs(address, tfjsonpath.New(attribute), "data.aigateway_custom_providers.test", listed.AtMapKey(attribute), compare.ValuesSame()))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}
