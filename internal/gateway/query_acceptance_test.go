package gateway_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// TestAccGateway_query finds gateways by a search, and one of them whole.
func TestAccGateway_query(t *testing.T) {
	service := acctest.Acceptance(t)
	acctest.UseCLIWith(t, cli.CLI.SupportsQuery)
	name := acctest.RandomName()
	const listed = "aigateway_gateway.found"
	is := func(id string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"account_id": knownvalue.StringExact(service.AccountID), "id": knownvalue.StringExact(id)}
	}
	query := func(arguments string) string {
		return fmt.Sprintf("list \"aigateway_gateway\" \"found\" {\n  provider = aigateway\n  %s\n  config {\n    search = %q\n  }\n}\n", arguments, name)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: service.ProviderFactories(),
		CheckDestroy:             destroyed(t, service),
		Steps: []resource.TestStep{
			{Config: fmt.Sprintf("resource \"aigateway_gateway\" \"some\" {\n  count = 3\n  name = \"%s-${count.index}\"\n  cache_ttl = 60\n}\n", name)},
			{
				Query: true, Config: query(""),
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength(listed, 3),
					querycheck.ExpectIdentity(listed, is(name+"-0")),
					querycheck.ExpectIdentity(listed, is(name+"-2")),
				},
			},
			{
				Query: true, Config: query("include_resource = true"),
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectResourceDisplayName(listed, queryfilter.ByResourceIdentity(is(name+"-1")), knownvalue.StringExact(name+"-1")),
					querycheck.ExpectResourceKnownValues(listed, queryfilter.ByResourceIdentity(is(name+"-1")), []querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("cache_ttl"), KnownValue: knownvalue.Int64Exact(60)},
						{Path: tfjsonpath.New("name"), KnownValue: knownvalue.StringExact(name + "-1")},
					}),
				},
			},
			{
				Query: true, Config: query("limit = 2"),
				QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength(listed, 2)},
			},
		},
	})
}
