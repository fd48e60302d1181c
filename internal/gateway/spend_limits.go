package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// maxSpendRules is the documented limit of rules in one gateway.
const maxSpendRules = 20

func checkSpendLimits(limits types.Object, diags *diag.Diagnostics) {
	rules := convert.Part[types.Map](limits, "rules").Elements()
	for _, id := range sortedKeys(rules) {
		rule, _ := rules[id].(types.Object)
		checkDimensions(id, convert.Part[types.Map](rule, "dimensions"), diags)
	}
}

func spendLimitsSchema() schema.Attribute {
	// Inside the map, defaults are static: a computed value would not survive a
	// change of another element.
	return schema.SingleNestedAttribute{
		MarkdownDescription: descriptions["spend_limits"] + " Not set means off. A request's cost is counted when the request has finished, so " +
			"the first request beyond a budget still passes. Cached responses cost nothing.",
		CustomType: configuredSpendLimits,
		Optional:   true,
		Attributes: map[string]schema.Attribute{
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether the rules apply. Defaults to `true`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"rules": schema.MapNestedAttribute{
				MarkdownDescription: "Budgets, at most 20, by an ID of your choice. The service names the ID when a budget is used up.",
				Required:            true,
				Validators:          []validator.Map{mapvalidator.SizeAtMost(maxSpendRules), mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)), mapvalidator.NoNullValues()},
				CustomType:          types.MapType{ElemType: configuredSpendRule},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"limit": schema.Float64Attribute{
						MarkdownDescription: "Budget for one window, in US dollars (as the API documents it).",
						Required:            true,
						Validators:          []validator.Float64{float64validator.AtLeast(0)},
					},
					"window": schema.Int64Attribute{
						CustomType:          wholenumber.Type{},
						MarkdownDescription: "Length of a window, in seconds.",
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
						MarkdownDescription: "`fixed`: windows follow each other by the clock. `sliding` (the default): the window always covers the last seconds.",
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
					"dimensions": dimensionsSchema(),
				}},
			},
		},
	}
}

var (
	spendRuleType, spendLimitsType             = spendLimitsTypes(types.Int64Type)
	configuredSpendRule, configuredSpendLimits = spendLimitsTypes(wholenumber.Type{})
)

// spendLimitsTypes returns the types of a rule and of the whole attribute. Only the
// schema's have a window of type wholenumber.Type: a request must not be made from it.
func spendLimitsTypes(window attr.Type) (rule, limits raw.ObjectType) {
	rule = raw.NewObjectType(map[string]attr.Type{
		"limit": types.Float64Type, "window": window, "limit_type": types.StringType, "technique": types.StringType,
		"enabled": types.BoolType, "dimensions": types.MapType{ElemType: dimensionType},
	})
	return rule, raw.NewObjectType(map[string]attr.Type{"enabled": types.BoolType, "rules": types.MapType{ElemType: rule}})
}

func spendLimitsToAPI(from types.Object) *gateways.SpendLimits {
	if from.IsNull() || from.IsUnknown() {
		return nil
	}
	to := &gateways.SpendLimits{Enabled: convert.Part[types.Bool](from, "enabled").ValueBool(), Rules: map[string]gateways.SpendRule{}}
	for id, element := range convert.Part[types.Map](from, "rules").Elements() {
		rule := element.(types.Object) //nolint:forcetypeassert // guaranteed by the schema
		limit := gateways.SpendRule{
			Enabled:   convert.Part[types.Bool](rule, "enabled").ValueBool(),
			Limit:     convert.Part[types.Float64](rule, "limit").ValueFloat64(),
			LimitType: convert.Part[types.String](rule, "limit_type").ValueString(),
			Window:    convert.Part[types.Int64](rule, "window").ValueInt64(),
			Technique: convert.Part[types.String](rule, "technique").ValueString(),
		}
		dimensionsToAPI(convert.Part[types.Map](rule, "dimensions"), &limit)
		to.Rules[id] = limit
	}
	return to
}

func spendLimitsFromAPI(from *gateways.SpendLimits) types.Object {
	if from == nil {
		return types.ObjectNull(spendLimitsType.AttrTypes)
	}
	rules := map[string]attr.Value{}
	for id, rule := range from.Rules {
		rules[id] = types.ObjectValueMust(spendRuleType.AttrTypes, map[string]attr.Value{
			"limit":      types.Float64Value(rule.Limit),
			"window":     types.Int64Value(rule.Window),
			"limit_type": types.StringValue(rule.LimitType),
			"technique":  types.StringValue(rule.Technique),
			"enabled":    types.BoolValue(rule.Enabled),
			"dimensions": dimensionsFromAPI(rule),
		})
	}
	return types.ObjectValueMust(spendLimitsType.AttrTypes, map[string]attr.Value{
		"enabled": types.BoolValue(from.Enabled),
		"rules":   types.MapValueMust(spendRuleType, rules),
	})
}
