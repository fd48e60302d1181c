package gateway

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform-provider-aigateway/internal/client"
)

// readModel is a gateway in a data source: as in the resource, but for secrets,
// which are not read.
type readModel struct {
	facts
	settings
	features
}

func readModelOf(accountID, gatewayBaseURL types.String, gateway *client.Gateway) readModel {
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
	switch a := readOnly(of).(type) {
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

// readOnly turns an attribute of the resource into one of a data source. It
// knows the kinds that the features are made of.
func readOnly(of resourceschema.Attribute) schema.Attribute {
	description := of.GetMarkdownDescription()
	switch a := of.(type) {
	case resourceschema.StringAttribute:
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	case resourceschema.BoolAttribute:
		return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
	case resourceschema.Int64Attribute:
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	case resourceschema.Float64Attribute:
		return schema.Float64Attribute{MarkdownDescription: description, Computed: true}
	case resourceschema.ListAttribute:
		return schema.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: a.ElementType}
	case resourceschema.SetAttribute:
		return schema.SetAttribute{MarkdownDescription: description, Computed: true, ElementType: a.ElementType}
	case resourceschema.SingleNestedAttribute:
		return schema.SingleNestedAttribute{MarkdownDescription: description, Computed: true, Attributes: readOnlyAll(a.Attributes)}
	case resourceschema.MapNestedAttribute:
		return schema.MapNestedAttribute{
			MarkdownDescription: description, Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: readOnlyAll(a.NestedObject.Attributes)},
		}
	case resourceschema.ListNestedAttribute:
		return schema.ListNestedAttribute{
			MarkdownDescription: description, Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: readOnlyAll(a.NestedObject.Attributes)},
		}
	default:
		panic("a kind of attribute that data sources do not know: " + description)
	}
}

func readOnlyAll(of map[string]resourceschema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for name, attribute := range of {
		if attribute.IsSensitive() || strings.HasSuffix(name, "_wo_version") {
			continue
		}
		all[name] = readOnly(attribute)
	}
	return all
}
