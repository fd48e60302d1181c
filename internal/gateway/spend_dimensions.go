package gateway

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// Keys of dimensions.
const (
	providerDimension = "provider"
	modelDimension    = "model"
	metadataPrefix    = "metadata."
)

// Values of mode.
const (
	modeFilter    = "filter"
	modePartition = "partition"
)

var dimensionType = raw.NewObjectType(map[string]attr.Type{
	"mode": types.StringType, "values": types.ListType{ElemType: types.StringType},
})

func dimensionsSchema() schema.Attribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: "Which requests count, by `provider`, by `model`, or by a key of their metadata as `\"metadata.<key>\"` (quoted, " +
			"since it has a dot). A request counts if every dimension matches. `{}` counts all requests.",
		Required:   true,
		Validators: []validator.Map{mapvalidator.NoNullValues()},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			// Required, by checkDimensions: the framework takes an unknown dimension
			// for one without a mode.
			"mode": schema.StringAttribute{
				MarkdownDescription: "Required. `filter`: only requests with one of `values` count. `partition`: each value has its own budget. " +
					"That the API calls a budget for each provider or model `partition`, as it does for metadata, is inferred. Another mode is sent " +
					"as it is, with a warning.",
				Optional: true,
			},
			"values": schema.ListAttribute{
				MarkdownDescription: "The values that count, as requests name them. Required with `mode = \"filter\"`, and not allowed otherwise.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			},
		}},
	}
}

// checkDimensions validates the keys, and that a mode has the values it needs:
// the service would drop the others. A mode that is newer than the provider is allowed,
// since a rule that has it could not be kept otherwise.
func checkDimensions(rule string, dimensions types.Map, diags *diag.Diagnostics) {
	elements := dimensions.Elements()
	for _, key := range sortedKeys(elements) {
		dimension, _ := elements[key].(types.Object)
		at := path.Root("spend_limits").AtName("rules").AtMapKey(rule).AtName("dimensions").AtMapKey(key)
		if suggestion := checkDimensionKey(key); suggestion != "" {
			diags.AddAttributeError(at, "Invalid dimension of a spend rule", fmt.Sprintf(
				"Rule %q: there is no dimension %q. Did you mean %q? The dimensions are provider, model and metadata.<key>, "+
					"with a key of the metadata of requests.", rule, key, suggestion))
			continue
		}
		mode, values := convert.Part[types.String](dimension, "mode"), convert.Part[types.List](dimension, "values")
		problem := ""
		switch {
		case dimension.IsNull(), dimension.IsUnknown(), mode.IsUnknown():
		case mode.IsNull():
			problem = "mode is required: \"filter\" or \"partition\"."
		case mode.ValueString() != modeFilter && mode.ValueString() != modePartition:
			diags.AddAttributeWarning(at, "Unknown mode of a spend rule", fmt.Sprintf("Rule %q, dimension %q: this version of the provider knows "+
				"the modes \"filter\" and \"partition\". It does not know the mode %q, and sends it as it is. A service that does not know it "+
				"either refuses the gateway. If the rule was set elsewhere, keep the dimension: without it, all requests count together.",
				rule, key, mode.ValueString()))
		case values.IsUnknown():
		case mode.ValueString() == modeFilter && values.IsNull():
			problem = "mode \"filter\" needs values: the values that count."
		case mode.ValueString() == modePartition && !values.IsNull():
			problem = "mode \"partition\" gives each value its own budget and takes no values."
		}
		if problem != "" {
			diags.AddAttributeError(at, "Invalid dimension of a spend rule", fmt.Sprintf("Rule %q, dimension %q: %s", rule, key, problem))
		}
	}
}

// checkDimensionKey returns "" for a valid key, or else the nearest valid one.
func checkDimensionKey(key string) (suggestion string) {
	head, rest, dotted := strings.Cut(key, ".")
	switch {
	case key == providerDimension || key == modelDimension || strings.HasPrefix(key, metadataPrefix) && rest != "":
		return ""
	case dotted && rest != "":
		return metadataPrefix + rest
	}
	nearest := validate.Nearest(head, []string{providerDimension, modelDimension, "metadata"})
	if nearest == "metadata" {
		return metadataPrefix + "<key>"
	}
	return nearest
}

// dimensionsToAPI sets the dimensions of a rule.
func dimensionsToAPI(dimensions types.Map, to *gateways.SpendRule) {
	for key, element := range dimensions.Elements() {
		dimension, _ := element.(types.Object)
		filter := gateways.SpendFilter{
			Mode: convert.Part[types.String](dimension, "mode").ValueString(), Values: stringsOf(convert.Part[types.List](dimension, "values")),
		}
		switch name, isMetadata := strings.CutPrefix(key, metadataPrefix); {
		case key == providerDimension:
			to.Provider = &filter
		case key == modelDimension:
			to.Model = &filter
		case isMetadata:
			if to.Metadata == nil {
				to.Metadata = map[string]gateways.SpendFilter{}
			}
			to.Metadata[name] = filter
		}
	}
}

func dimensionsFromAPI(from gateways.SpendRule) types.Map {
	elements := map[string]attr.Value{}
	add := func(key string, filter gateways.SpendFilter) {
		values := types.ListNull(types.StringType)
		// Only a filter takes values, so an empty list says nothing elsewhere.
		if len(filter.Values) > 0 || filter.Values != nil && filter.Mode == modeFilter {
			values = listOf(filter.Values)
		}
		elements[key] = types.ObjectValueMust(dimensionType.AttrTypes, map[string]attr.Value{
			"mode": types.StringValue(filter.Mode), "values": values,
		})
	}
	for key, filter := range map[string]*gateways.SpendFilter{providerDimension: from.Provider, modelDimension: from.Model} {
		// A filter without values lets everything count, as none does. In another mode,
		// it may not.
		if filter != nil && (filter.Mode != modeFilter && filter.Mode != "" || len(filter.Values) > 0) {
			add(key, *filter)
		}
	}
	for key, filter := range from.Metadata {
		add(metadataPrefix+key, filter)
	}
	return types.MapValueMust(dimensionType, elements)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
