package acctest_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// fractions are the numbers that need not be whole.
var fractions = []string{
	"aigateway_dynamic_route.elements.rate.limit",
	"aigateway_gateway.otel.authorization_wo_version",
	"aigateway_gateway.otel.headers_wo_version",
	"aigateway_gateway.spend_limits.rules.limit",
	"aigateway_gateway.stripe.authorization_wo_version",
	"aigateway_policy.budget.amount",
	"aigateway_provider_config.secret_wo_version",
	"data-aigateway_logs.max_cost",
	"data-aigateway_logs.min_cost",
}

// TestFractionsForIntegers sets every number that a configuration can set to a
// fraction. Each is a plain error of the attribute, unless the list above has it.
func TestFractionsForIntegers(t *testing.T) {
	t.Parallel()
	server := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil)
	schema := server.Schema()
	allowed := map[string]bool{}
	for _, at := range fractions {
		allowed[at] = true
	}
	integers := 0
	check := func(at string, attributes []*tfprotov6.SchemaAttribute, validate func(config map[string]any) protocol.Diagnostics) {
		eachNumber(at, attributes, func(at string, config map[string]any) {
			diags := validate(config)
			text := diags.String()
			for _, internal := range []string{"Conversion Error", "Read Error", "report the following", "error in the provider"} {
				if strings.Contains(text, internal) {
					t.Errorf("%s: the error is one of the provider:\n%s", at, text)
				}
			}
			about := slices.DeleteFunc(slices.Clone(diags), func(diag *tfprotov6.Diagnostic) bool {
				return !strings.Contains(diag.Detail, "a whole number") && !strings.Contains(diag.Detail, "not an integer")
			})
			if allowed[at] {
				delete(allowed, at)
				if len(about) > 0 {
					t.Errorf("%s may be a fraction:\n%s", at, text)
				}
				return
			}
			integers++
			if len(about) != 1 || !strings.Contains(about[0].Detail, "1.5") || plain(about[0].Attribute) != strings.SplitN(at, ".", 2)[1] {
				t.Errorf("%s: there should be one error about the attribute and 1.5:\n%s", at, text)
			}
		})
	}
	check("provider", schema.Provider.Block.Attributes, func(config map[string]any) protocol.Diagnostics {
		_, diags := protocol.Configure(t, provider.New("test"), config)
		return diags
	})
	for _, name := range slices.Sorted(maps.Keys(schema.ResourceSchemas)) {
		check(name, schema.ResourceSchemas[name].Block.Attributes, server.Resource(name).Validate)
	}
	for _, name := range slices.Sorted(maps.Keys(schema.DataSourceSchemas)) {
		check("data-"+name, schema.DataSourceSchemas[name].Block.Attributes, func(config map[string]any) protocol.Diagnostics {
			return server.ValidateDataSource(name, config)
		})
	}
	if integers < 20 {
		t.Errorf("only %d integers were found", integers)
	}
	for at := range allowed {
		t.Errorf("%s is not a number that a configuration can set", at)
	}
}

// eachNumber visits the numbers that a configuration can set, with their paths and
// a configuration that sets only the number, to a fraction.
func eachNumber(at string, attributes []*tfprotov6.SchemaAttribute, visit func(at string, config map[string]any)) {
	for _, attribute := range attributes {
		if !attribute.Optional && !attribute.Required {
			continue
		}
		at := at + "." + attribute.Name
		if nested := attribute.NestedType; nested != nil {
			eachNumber(at, nested.Attributes, func(at string, config map[string]any) {
				var value any = config
				switch nested.Nesting {
				case tfprotov6.SchemaObjectNestingModeMap:
					value = map[string]any{"key": config}
				case tfprotov6.SchemaObjectNestingModeList, tfprotov6.SchemaObjectNestingModeSet:
					value = []any{config}
				}
				visit(at, map[string]any{attribute.Name: value})
			})
		} else if attribute.Type.Is(tftypes.Number) {
			visit(at, map[string]any{attribute.Name: 1.5})
		}
	}
}

// plain returns the names of the attributes on a path.
func plain(path *tftypes.AttributePath) string {
	var names []string
	for _, step := range path.Steps() {
		if name, ok := step.(tftypes.AttributeName); ok {
			names = append(names, string(name))
		}
	}
	return strings.Join(names, ".")
}
