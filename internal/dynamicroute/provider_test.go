package dynamicroute_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestOtherWireFormat: it has no routes, which the plan says.
func TestOtherWireFormat(t *testing.T) {
	t.Parallel()
	s := service(t)
	_, id := exists(t, s, s.Protocol(t, nil), gated())
	server := s.Protocol(t, attrs{"wire_format": "gateway_input"})
	const says = `The provider's wire_format is "gateway_input", which has gateways only`
	_, diags := server.Resource(resourceType).Plan(gated())
	requireSays(t, diags, "Dynamic routes are not in the wire format", says)
	const unsent = `the wire format "gateway_input" has no dynamic routes, so no request was sent`
	requireSays(t, server.Resource(resourceType).Import(gatewayID+"/support"), unsent)
	for source, config := range map[string]attrs{singular: {"gateway_id": gatewayID, "id": id}, plural: {"gateway_id": gatewayID}} {
		_, diags := server.ReadDataSource(source, config)
		requireSays(t, diags, unsent)
	}
	s.RequireRequests(t)
}

// TestMissingConfiguration: what nobody has set, the plan says.
func TestMissingConfiguration(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			s := acctest.Emulate(t, emulator.Options{})
			// There is a token for the other plane.
			server := protocol.New(t, s.Provider(variable+"=", "CF_AIG_TOKEN=run-token"), attrs{})
			_, diags := server.Resource(resourceType).Plan(gated())
			requireSays(t, diags, variable)
			requireSays(t, server.Resource(resourceType).Import(gatewayID+"/support"), variable)
			requireSays(t, server.Resource(resourceType).ImportIdentity(attrs{"gateway_id": gatewayID, "id": "01a1fdbe"}), variable)
			for source, config := range map[string]attrs{singular: {"gateway_id": gatewayID, "id": "01a1fdbe"}, plural: {"gateway_id": gatewayID}} {
				_, diags := server.ReadDataSource(source, config)
				requireSays(t, diags, variable)
			}
			if requests := s.Requests(); len(requests) > 0 {
				t.Errorf("requests %v", requests)
			}
		})
	}
}

func TestUnknownProviderConfiguration(t *testing.T) {
	t.Parallel()
	subject.UnknownProvider(t, gated(), gatewayID+"/support", map[string]attrs{
		singular: {"gateway_id": gatewayID, "name": "support"}, plural: {"gateway_id": gatewayID},
	})
}

// TestSchemas: every attribute says what it is, and resource and data sources
// have the same.
func TestSchemas(t *testing.T) {
	t.Parallel()
	schema := service(t).Protocol(t, nil).Schema()
	acctest.RequireDescriptions(t, schema)
	places := func(attributes []*tfprotov6.SchemaAttribute, but ...string) []string {
		all := map[string]bool{}
		acctest.EachAttribute("", attributes, func(at string, _ *tfprotov6.SchemaAttribute) { all[at] = true })
		for _, name := range but {
			for at := range all {
				if at == "."+name || len(at) > len(name)+1 && at[:len(name)+2] == "."+name+"." {
					delete(all, at)
				}
			}
		}
		return slices.Sorted(maps.Keys(all))
	}
	resource := schema.ResourceSchemas[resourceType].Block.Attributes
	if got, want := places(schema.DataSourceSchemas[singular].Block.Attributes, "mermaid", "versions", "deployments"), places(resource); !slices.Equal(got, want) {
		t.Errorf("the data source has\n  %v\nthe resource\n  %v", got, want)
	}
	for _, attribute := range schema.DataSourceSchemas[plural].Block.Attributes {
		if attribute.Name != "routes" {
			continue
		}
		got, want := places(attribute.NestedType.Attributes), places(resource, "account_id", "gateway_id", "entry", "elements")
		if !slices.Equal(got, want) {
			t.Errorf("the list has\n  %v\nof the resource's\n  %v", got, want)
		}
	}
}
