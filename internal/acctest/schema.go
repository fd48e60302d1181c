package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// RequireDescriptions fails the test for each attribute of the provider without a
// description that ends like a sentence.
func RequireDescriptions(t *testing.T, schema *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	check := func(at string, attribute *tfprotov6.SchemaAttribute) {
		if !strings.HasSuffix(attribute.Description, ".") {
			t.Errorf("%s: the description is %q", at, attribute.Description)
		}
	}
	for _, attribute := range schema.Provider.Block.Attributes {
		check("provider."+attribute.Name, attribute)
	}
	for name, resource := range schema.ResourceSchemas {
		EachAttribute(name, resource.Block.Attributes, check)
	}
	for name, source := range schema.DataSourceSchemas {
		EachAttribute("data."+name, source.Block.Attributes, check)
	}
}

// EachAttribute visits attributes and those nested in them, with their paths, such
// as "aigateway_gateway.otel.url".
func EachAttribute(at string, attributes []*tfprotov6.SchemaAttribute, visit func(at string, attribute *tfprotov6.SchemaAttribute)) {
	for _, attribute := range attributes {
		visit(at+"."+attribute.Name, attribute)
		if attribute.NestedType != nil {
			EachAttribute(at+"."+attribute.Name, attribute.NestedType.Attributes, visit)
		}
	}
}
