// Package attributes makes the attributes that several objects have in common.
package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// AccountDescription says what an account id is.
const AccountDescription = "Id of the Cloudflare account (32 hexadecimal digits)."

// Account is account_id of a data source: the provider's where it is not set.
func Account() datasource.StringAttribute {
	return datasource.StringAttribute{
		MarkdownDescription: AccountDescription + " Defaults to the provider's `account_id`.",
		Optional:            true,
		Computed:            true,
		Validators:          validate.AccountID(),
	}
}

// ResourceAccount is account_id of a resource: the provider's where it is not
// set, at the object's creation.
func ResourceAccount(object string) resource.StringAttribute {
	return resource.StringAttribute{
		MarkdownDescription: AccountDescription + " Defaults to the provider's `account_id` when the " + object + " is created; " +
			"afterwards the " + object + " stays where it is. Changing it replaces the " + object + ".",
		Optional:   true,
		Computed:   true,
		Validators: validate.AccountID(),
		PlanModifiers: []planmodifier.String{
			stringplanmodifier.UseStateForUnknown(),
			stringplanmodifier.RequiresReplace(),
		},
	}
}

// Kept is a computed text of a resource that never changes during the object's
// life.
func Kept(description string) resource.StringAttribute {
	return resource.StringAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// KeptTime is [Kept] for a time.
func KeptTime(description string) resource.StringAttribute {
	kept := Kept(description)
	kept.CustomType = timetypes.RFC3339Type{}
	return kept
}

// ReadOnly turns an attribute of a resource into the computed one of a data
// source, with the same description. It panics at a kind that no resource has
// used yet.
func ReadOnly(of resource.Attribute) datasource.Attribute {
	description := of.GetMarkdownDescription()
	switch a := of.(type) {
	case resource.StringAttribute:
		return datasource.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: a.CustomType}
	case resource.BoolAttribute:
		return datasource.BoolAttribute{MarkdownDescription: description, Computed: true}
	case resource.Int64Attribute:
		return datasource.Int64Attribute{MarkdownDescription: description, Computed: true}
	case resource.Float64Attribute:
		return datasource.Float64Attribute{MarkdownDescription: description, Computed: true}
	case resource.ListAttribute:
		return datasource.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: a.ElementType}
	case resource.SetAttribute:
		return datasource.SetAttribute{MarkdownDescription: description, Computed: true, ElementType: a.ElementType}
	case resource.MapAttribute:
		return datasource.MapAttribute{MarkdownDescription: description, Computed: true, ElementType: a.ElementType}
	case resource.SingleNestedAttribute:
		return datasource.SingleNestedAttribute{MarkdownDescription: description, Computed: true, Attributes: readOnlyAll(a.Attributes)}
	case resource.MapNestedAttribute:
		return datasource.MapNestedAttribute{
			MarkdownDescription: description, Computed: true,
			NestedObject: datasource.NestedAttributeObject{Attributes: readOnlyAll(a.NestedObject.Attributes)},
		}
	case resource.ListNestedAttribute:
		return datasource.ListNestedAttribute{
			MarkdownDescription: description, Computed: true,
			NestedObject: datasource.NestedAttributeObject{Attributes: readOnlyAll(a.NestedObject.Attributes)},
		}
	default:
		panic("a kind of attribute that data sources do not know: " + description)
	}
}

// readOnlyAll leaves secrets out, and what belongs to them.
func readOnlyAll(of map[string]resource.Attribute) map[string]datasource.Attribute {
	all := map[string]datasource.Attribute{}
	for name, attribute := range of {
		if attribute.IsSensitive() || strings.HasSuffix(name, "_wo_version") {
			continue
		}
		all[name] = ReadOnly(attribute)
	}
	return all
}
