package gateway

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

func stripeSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: descriptions["stripe"] + " Not set means off. The provider ignores what the service returns for `authorization`, " +
			"since it may be masked: a refresh does not show drift in it, and an import does not read it.",
		CustomType: stripeType,
		Optional:   true,
		Attributes: map[string]schema.Attribute{
			"authorization":            authorizationSchema("Stripe's API key. Exactly one of `authorization` and `authorization_wo` must be set."),
			"authorization_wo":         authorizationWOSchema(),
			"authorization_wo_version": versionSchema("authorization_wo"),
			"usage_events": schema.ListNestedAttribute{
				// checkStripe requires it: the CLI's own error would print the line.
				MarkdownDescription: "Required. What is reported for each request.",
				Optional:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"payload": schema.StringAttribute{
						MarkdownDescription: "Required. Meter event as a JSON string. `$cost`, `$model`, `$provider`, `$input_tokens` and the like are replaced by the values of the request.",
						Optional:            true,
					},
				}},
			},
		},
	}
}

var (
	stripeEventType = raw.NewObjectType(map[string]attr.Type{"payload": types.StringType})
	stripeType      = raw.NewObjectType(map[string]attr.Type{
		"authorization": types.StringType, "authorization_wo": types.StringType, "authorization_wo_version": types.NumberType,
		"usage_events": types.ListType{ElemType: stripeEventType},
	})
)

// checkStripe refuses values that cannot be sent. As in checkOTel, the errors have
// no path if there is a secret.
func checkStripe(stripe types.Object, diags *diag.Diagnostics) {
	if stripe.IsNull() || stripe.IsUnknown() {
		return
	}
	plain, writeOnly := convert.Part[types.String](stripe, "authorization"), convert.Part[types.String](stripe, "authorization_wo")
	switch {
	case plain.IsNull() && writeOnly.IsNull():
		// Without a key, there is no secret in the line that the CLI prints.
		diags.AddAttributeError(path.Root("stripe").AtName("authorization"), "Missing Stripe key",
			"Set authorization here, or authorization_wo and authorization_wo_version, to Stripe's API key. No import and no query can read it, so "+
				"generated configuration lacks it. The next apply sends the key.")
	case !plain.IsNull() && !writeOnly.IsNull() && !plain.IsUnknown() && !writeOnly.IsUnknown():
		diags.AddError("Invalid Stripe settings", "stripe: set exactly one of authorization and authorization_wo, Stripe's API key.")
	}
	version := convert.Part[types.Number](stripe, "authorization_wo_version")
	if !writeOnly.IsNull() && version.IsNull() {
		diags.AddError("Invalid Stripe settings",
			"stripe: authorization_wo needs authorization_wo_version, a number to change whenever the value changes.")
	}
	if writeOnly.IsNull() && !version.IsNull() {
		diags.AddError("Invalid Stripe settings", "stripe: authorization_wo_version goes with authorization_wo, which is not set.")
	}
	events := convert.Part[types.List](stripe, "usage_events")
	if events.IsNull() {
		diags.AddError("Invalid Stripe settings", "stripe: usage_events is required; it may be empty.")
	}
	for i, element := range events.Elements() {
		if event, ok := element.(types.Object); ok && !event.IsUnknown() && convert.Part[types.String](event, "payload").IsNull() {
			diags.AddError("Invalid Stripe settings", fmt.Sprintf("stripe: usage_events[%d] needs a payload.", i))
		}
	}
}

// stripeToAPI converts the settings. A write-only secret comes from the configured
// object, if there is one.
func stripeToAPI(from, configured types.Object) *gateways.Stripe {
	if from.IsNull() || from.IsUnknown() {
		return nil
	}
	to := &gateways.Stripe{Authorization: convert.Part[types.String](from, "authorization").ValueString(), UsageEvents: []string{}}
	if secret := convert.Part[types.String](configured, "authorization_wo"); !secret.IsNull() {
		to.Authorization = secret.ValueString()
	}
	for _, element := range convert.Part[types.List](from, "usage_events").Elements() {
		if event, ok := element.(types.Object); ok {
			to.UsageEvents = append(to.UsageEvents, convert.Part[types.String](event, "payload").ValueString())
		}
	}
	return to
}

// stripeFromAPI converts the settings that the service returned. The secret and its
// version stay as they were known.
func stripeFromAPI(from *gateways.Stripe, known types.Object) types.Object {
	if from == nil {
		return types.ObjectNull(stripeType.AttrTypes)
	}
	attributes := map[string]attr.Value{
		"authorization":            convert.Part[types.String](known, "authorization"),
		"authorization_wo":         types.StringNull(),
		"authorization_wo_version": convert.Part[types.Number](known, "authorization_wo_version"),
	}
	events := make([]attr.Value, 0, len(from.UsageEvents))
	for _, payload := range from.UsageEvents {
		events = append(events, types.ObjectValueMust(stripeEventType.AttrTypes, map[string]attr.Value{"payload": types.StringValue(payload)}))
	}
	attributes["usage_events"] = types.ListValueMust(stripeEventType, events)
	return types.ObjectValueMust(stripeType.AttrTypes, attributes)
}
