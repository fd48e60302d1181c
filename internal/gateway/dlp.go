package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

func dlpSchema() schema.Attribute {
	action := []validator.String{stringvalidator.OneOf("FLAG", "BLOCK")}
	return schema.SingleNestedAttribute{
		MarkdownDescription: descriptions["dlp"] + " Not set means off. Set either `action` and `profiles`, for everything, or `policies`.",
		Optional:            true,
		CustomType:          dlpType,
		Attributes: map[string]schema.Attribute{
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether anything is scanned.",
				Required:            true,
			},
			"action": schema.StringAttribute{
				MarkdownDescription: "What happens to a match: `FLAG` logs it, `BLOCK` refuses it. Requires `profiles`.",
				Optional:            true,
				Validators:          action,
			},
			"profiles": schema.SetAttribute{
				MarkdownDescription: "IDs of the DLP profiles to match. Requires `action`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues()},
			},
			"policies": schema.MapNestedAttribute{
				MarkdownDescription: "Policies, by an ID of your choice.",
				Optional:            true,
				Validators:          []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)), mapvalidator.NoNullValues()},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"action": schema.StringAttribute{
						MarkdownDescription: "What happens to a match: `FLAG` logs it, `BLOCK` refuses it.",
						Required:            true,
						Validators:          action,
					},
					"check": schema.SetAttribute{
						MarkdownDescription: "What is scanned: `REQUEST`, `RESPONSE`, or both.",
						ElementType:         types.StringType,
						Required:            true,
						Validators: []validator.Set{
							setvalidator.SizeAtLeast(1),
							setvalidator.NoNullValues(),
							setvalidator.ValueStringsAre(stringvalidator.OneOf("REQUEST", "RESPONSE")),
						},
					},
					"enabled": schema.BoolAttribute{
						MarkdownDescription: "Whether the policy applies.",
						Required:            true,
					},
					"profiles": schema.SetAttribute{
						MarkdownDescription: "IDs of the DLP profiles to match.",
						ElementType:         types.StringType,
						Required:            true,
						Validators:          []validator.Set{setvalidator.NoNullValues()},
					},
				}},
			},
		},
	}
}

var (
	stringsType   = types.SetType{ElemType: types.StringType}
	dlpPolicyType = raw.NewObjectType(map[string]attr.Type{
		"action": types.StringType, "check": stringsType, "enabled": types.BoolType, "profiles": stringsType,
	})
	dlpType = raw.NewObjectType(map[string]attr.Type{
		"enabled": types.BoolType, "action": types.StringType, "profiles": stringsType, "policies": types.MapType{ElemType: dlpPolicyType},
	})
)

// checkDLP refuses a value that has neither of the two forms.
func checkDLP(dlp types.Object, diags *diag.Diagnostics) {
	if dlp.IsNull() || dlp.IsUnknown() {
		return
	}
	action, profiles := convert.Part[types.String](dlp, "action"), convert.Part[types.Set](dlp, "profiles")
	policies := convert.Part[types.Map](dlp, "policies")
	if action.IsUnknown() || profiles.IsUnknown() || policies.IsUnknown() {
		return
	}
	byProfiles := !action.IsNull() && !profiles.IsNull() && policies.IsNull()
	byPolicies := action.IsNull() && profiles.IsNull() && !policies.IsNull()
	if !byProfiles && !byPolicies {
		diags.AddAttributeError(path.Root("dlp"), "DLP needs one of its two forms",
			"Set enabled with either action and profiles, or policies, and not parts of both.")
	}
}

func dlpToAPI(from types.Object) *gateways.DLP {
	if from.IsNull() || from.IsUnknown() {
		return nil
	}
	to := &gateways.DLP{
		Enabled:  convert.Part[types.Bool](from, "enabled").ValueBool(),
		Action:   convert.Part[types.String](from, "action").ValueString(),
		Profiles: sortedStringsOf(convert.Part[types.Set](from, "profiles")),
	}
	policies := convert.Part[types.Map](from, "policies")
	if policies.IsNull() {
		return to
	}
	to.Policies = map[string]gateways.DLPPolicy{}
	for id, element := range policies.Elements() {
		policy := element.(types.Object) //nolint:forcetypeassert // the schema says so
		to.Policies[id] = gateways.DLPPolicy{
			Enabled:  convert.Part[types.Bool](policy, "enabled").ValueBool(),
			Action:   convert.Part[types.String](policy, "action").ValueString(),
			Check:    sortedStringsOf(convert.Part[types.Set](policy, "check")),
			Profiles: sortedStringsOf(convert.Part[types.Set](policy, "profiles")),
		}
	}
	return to
}

func dlpFromAPI(from *gateways.DLP) types.Object {
	if from == nil {
		return types.ObjectNull(dlpType.AttrTypes)
	}
	attributes := map[string]attr.Value{
		"enabled":  types.BoolValue(from.Enabled),
		"action":   types.StringNull(),
		"profiles": types.SetNull(types.StringType),
		"policies": types.MapNull(dlpPolicyType),
	}
	if from.Policies == nil {
		attributes["action"], attributes["profiles"] = types.StringValue(from.Action), setOf(from.Profiles)
		return types.ObjectValueMust(dlpType.AttrTypes, attributes)
	}
	policies := map[string]attr.Value{}
	for id, policy := range from.Policies {
		policies[id] = types.ObjectValueMust(dlpPolicyType.AttrTypes, map[string]attr.Value{
			"action":   types.StringValue(policy.Action),
			"check":    setOf(policy.Check),
			"enabled":  types.BoolValue(policy.Enabled),
			"profiles": setOf(policy.Profiles),
		})
	}
	attributes["policies"] = types.MapValueMust(dlpPolicyType, policies)
	return types.ObjectValueMust(dlpType.AttrTypes, attributes)
}
