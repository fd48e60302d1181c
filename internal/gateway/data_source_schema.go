package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
)

// readModel is a gateway in a data source: as in the resource, but for secrets,
// which are not read.
type readModel struct {
	facts
	settings
	features
}

func readModelOf(accountID, gatewayBaseURL types.String, gateway *gateways.Gateway) readModel {
	m := model{features: noFeatures()}
	m.fromAPI(accountID, gatewayBaseURL, gateway)
	read := readModel(m)

	receiverTypes := map[string]attr.Type{"url": types.StringType, "content_type": types.StringType}
	read.OTel = types.ListNull(types.ObjectType{AttrTypes: receiverTypes})
	if !m.OTel.IsNull() {
		receivers := make([]attr.Value, 0, len(m.OTel.Elements()))
		for _, element := range m.OTel.Elements() {
			receivers = append(receivers, pick(element, receiverTypes))
		}
		read.OTel = types.ListValueMust(types.ObjectType{AttrTypes: receiverTypes}, receivers)
	}
	eventTypes := map[string]attr.Type{"usage_events": stripeTypes()["usage_events"]}
	read.Stripe = types.ObjectNull(eventTypes)
	if !m.Stripe.IsNull() {
		read.Stripe = pick(m.Stripe, eventTypes)
	}
	return read
}

// pick is an object with some of its attributes.
func pick(from attr.Value, attributes map[string]attr.Type) types.Object {
	object, _ := from.(types.Object)
	picked := map[string]attr.Value{}
	for name := range attributes {
		picked[name] = object.Attributes()[name]
	}
	return types.ObjectValueMust(attributes, picked)
}

// readable is a feature's attribute as a data source has it: computed, without
// secrets, and with the description that both share.
func readable(name string, of resourceschema.Attribute) schema.Attribute {
	switch a := attributes.ReadOnly(of).(type) {
	case schema.SingleNestedAttribute:
		a.MarkdownDescription = descriptions[name]
		return a
	case schema.ListNestedAttribute:
		a.MarkdownDescription = descriptions[name]
		return a
	default:
		return a
	}
}
