package gateway

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// maxSpendRules is the documented limit of rules in one gateway.
const maxSpendRules = 20

// checkSpendLimits refuses filters without values, and values where each has a
// budget of its own: the service would drop those.
func checkSpendLimits(limits types.Object, diags *diag.Diagnostics) {
	for id, element := range convert.Part[types.Map](limits, "rules").Elements() {
		rule, _ := element.(types.Object)
		for key, element := range convert.Part[types.Map](rule, "metadata").Elements() {
			filter, _ := element.(types.Object)
			mode, values := convert.Part[types.String](filter, "mode"), convert.Part[types.List](filter, "values")
			problem := ""
			switch {
			case mode.IsUnknown(), values.IsUnknown():
			case mode.ValueString() == "filter" && values.IsNull():
				problem = "mode \"filter\" needs values, those that count."
			case mode.ValueString() == "partition" && !values.IsNull():
				problem = "mode \"partition\" gives each value a budget of its own and takes no values."
			}
			if problem != "" {
				diags.AddAttributeError(path.Root("spend_limits").AtName("rules").AtMapKey(id).AtName("metadata").AtMapKey(key),
					"Invalid metadata of a spend rule", fmt.Sprintf("Rule %q, metadata %q: %s", id, key, problem))
			}
		}
	}
}

func spendLimitsSchema() schema.Attribute {
	// Inside the map, defaults are static: a computed value would not survive
	// a change of another element.
	filter := func(what string) schema.Attribute {
		return schema.SingleNestedAttribute{
			MarkdownDescription: "Only requests to these " + what + " count. All count when not set.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"values": schema.ListAttribute{
					MarkdownDescription: "The " + what + ", as requests name them.",
					ElementType:         types.StringType,
					Required:            true,
					Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
				},
			},
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: descriptions["spend_limits"] + " Not set means off. The cost of a request is counted when it is done, so " +
			"the first request beyond a budget still passes; answers from the cache cost nothing.",
		Optional: true,
		Attributes: map[string]schema.Attribute{
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether the rules apply. Defaults to `true`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"rules": schema.MapNestedAttribute{
				MarkdownDescription: "Budgets, at most 20, by an id of your choice, which the service quotes when a budget is used up.",
				Required:            true,
				Validators:          []validator.Map{mapvalidator.SizeAtMost(maxSpendRules), mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)), mapvalidator.NoNullValues()},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"limit": schema.Float64Attribute{
						MarkdownDescription: "The budget for one window, in US dollars by the API's documentation.",
						Required:            true,
						Validators:          []validator.Float64{float64validator.AtLeast(0)},
					},
					"window": schema.Int64Attribute{
						MarkdownDescription: "How long a window lasts, in seconds.",
						Required:            true,
						Validators:          []validator.Int64{int64validator.Between(0, validate.MaxExact)},
					},
					"limit_type": schema.StringAttribute{
						MarkdownDescription: "What is counted; the API's `limitType`. Only `cost`, which is the default.",
						Optional:            true,
						Computed:            true,
						Default:             stringdefault.StaticString("cost"),
						Validators:          []validator.String{stringvalidator.OneOf("cost")},
					},
					"technique": schema.StringAttribute{
						MarkdownDescription: "`fixed`: windows follow each other by the clock. `sliding` (the default): the window is always the last seconds.",
						Optional:            true,
						Computed:            true,
						Default:             stringdefault.StaticString("sliding"),
						Validators:          []validator.String{stringvalidator.OneOf("fixed", "sliding")},
					},
					"enabled": schema.BoolAttribute{
						MarkdownDescription: "Whether this rule applies. Defaults to `true`.",
						Optional:            true,
						Computed:            true,
						Default:             booldefault.StaticBool(true),
					},
					"metadata": schema.MapNestedAttribute{
						MarkdownDescription: "Which requests count, by the keys of their metadata.",
						Optional:            true,
						Validators:          []validator.Map{mapvalidator.NoNullValues()},
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"mode": schema.StringAttribute{
								MarkdownDescription: "`filter`: only requests with one of `values` count. `partition`: each value has a budget of its own.",
								Required:            true,
								Validators:          []validator.String{stringvalidator.OneOf("filter", "partition")},
							},
							"values": schema.ListAttribute{
								MarkdownDescription: "The values that count, with `mode = \"filter\"`.",
								ElementType:         types.StringType,
								Optional:            true,
								Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
							},
						}},
					},
					"model":    filter("models"),
					"provider": filter("providers"),
				}},
			},
		},
	}
}

var (
	filterType    = types.ObjectType{AttrTypes: map[string]attr.Type{"values": types.ListType{ElemType: types.StringType}}}
	metadataType  = types.ObjectType{AttrTypes: map[string]attr.Type{"mode": types.StringType, "values": types.ListType{ElemType: types.StringType}}}
	spendRuleType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"limit": types.Float64Type, "window": types.Int64Type, "limit_type": types.StringType, "technique": types.StringType,
		"enabled": types.BoolType, "metadata": types.MapType{ElemType: metadataType},
		"model": filterType, "provider": filterType,
	}}
	spendLimitsType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"enabled": types.BoolType, "rules": types.MapType{ElemType: spendRuleType},
	}}
)

func spendLimitsToAPI(from types.Object) *gateways.SpendLimits {
	if from.IsNull() || from.IsUnknown() {
		return nil
	}
	to := &gateways.SpendLimits{Enabled: convert.Part[types.Bool](from, "enabled").ValueBool(), Rules: map[string]gateways.SpendRule{}}
	for id, element := range convert.Part[types.Map](from, "rules").Elements() {
		rule := element.(types.Object) //nolint:forcetypeassert // the schema says so
		filter := func(name string) *gateways.SpendFilter {
			selected := convert.Part[types.Object](rule, name)
			if selected.IsNull() {
				return nil
			}
			return &gateways.SpendFilter{Mode: "filter", Values: stringsOf(convert.Part[types.List](selected, "values"))}
		}
		to.Rules[id] = gateways.SpendRule{
			Enabled:   convert.Part[types.Bool](rule, "enabled").ValueBool(),
			Limit:     convert.Part[types.Float64](rule, "limit").ValueFloat64(),
			LimitType: convert.Part[types.String](rule, "limit_type").ValueString(),
			Window:    convert.Part[types.Int64](rule, "window").ValueInt64(),
			Technique: convert.Part[types.String](rule, "technique").ValueString(),
			Metadata:  metadataToAPI(convert.Part[types.Map](rule, "metadata")),
			Model:     filter("model"),
			Provider:  filter("provider"),
		}
	}
	return to
}

func metadataToAPI(from types.Map) map[string]gateways.SpendFilter {
	var to map[string]gateways.SpendFilter
	for key, element := range from.Elements() {
		selected := element.(types.Object) //nolint:forcetypeassert // the schema says so
		if to == nil {
			to = map[string]gateways.SpendFilter{}
		}
		to[key] = gateways.SpendFilter{
			Mode: convert.Part[types.String](selected, "mode").ValueString(), Values: stringsOf(convert.Part[types.List](selected, "values")),
		}
	}
	return to
}

func spendLimitsFromAPI(from *gateways.SpendLimits) types.Object {
	if from == nil {
		return types.ObjectNull(spendLimitsType.AttrTypes)
	}
	filter := func(selected *gateways.SpendFilter) attr.Value {
		if selected == nil || len(selected.Values) == 0 { // both let everything count
			return types.ObjectNull(filterType.AttrTypes)
		}
		return types.ObjectValueMust(filterType.AttrTypes, map[string]attr.Value{"values": listOf(selected.Values)})
	}
	rules := map[string]attr.Value{}
	for id, rule := range from.Rules {
		metadata := types.MapNull(metadataType)
		if len(rule.Metadata) > 0 {
			elements := map[string]attr.Value{}
			for key, selected := range rule.Metadata {
				values := types.ListNull(types.StringType)
				if selected.Values != nil {
					values = listOf(selected.Values)
				}
				elements[key] = types.ObjectValueMust(metadataType.AttrTypes, map[string]attr.Value{
					"mode": types.StringValue(selected.Mode), "values": values,
				})
			}
			metadata = types.MapValueMust(metadataType, elements)
		}
		rules[id] = types.ObjectValueMust(spendRuleType.AttrTypes, map[string]attr.Value{
			"limit":      types.Float64Value(rule.Limit),
			"window":     types.Int64Value(rule.Window),
			"limit_type": types.StringValue(rule.LimitType),
			"technique":  types.StringValue(rule.Technique),
			"enabled":    types.BoolValue(rule.Enabled),
			"metadata":   metadata,
			"model":      filter(rule.Model),
			"provider":   filter(rule.Provider),
		})
	}
	return types.ObjectValueMust(spendLimitsType.AttrTypes, map[string]attr.Value{
		"enabled": types.BoolValue(from.Enabled),
		"rules":   types.MapValueMust(spendRuleType, rules),
	})
}
