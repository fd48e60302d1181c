// Package attributes builds the schema attributes that several objects have in common.
package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	action "github.com/hashicorp/terraform-plugin-framework/action/schema"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// AccountDescription describes account_id.
const AccountDescription = "ID of the Cloudflare account (32 hexadecimal digits)."

// GatewayIDDescription describes gateway_id.
const GatewayIDDescription = "ID of the gateway, which is its name."

// Account returns account_id of a data source. It defaults to the provider's account.
func Account() datasource.StringAttribute {
	return datasource.StringAttribute{
		MarkdownDescription: AccountDescription + " Defaults to the provider's `account_id`.",
		Optional:            true,
		Computed:            true,
		Validators:          validate.AccountID(),
	}
}

// ListAccount returns account_id of a list resource. It defaults to the provider's
// account.
func ListAccount() list.StringAttribute {
	return list.StringAttribute{
		MarkdownDescription: AccountDescription + " Defaults to the provider's `account_id`.",
		Optional:            true,
		Validators:          validate.AccountID(),
	}
}

// IncludeDefault returns include_default of a list resource. The description says what it
// includes.
func IncludeDefault(description string) list.BoolAttribute {
	return list.BoolAttribute{
		MarkdownDescription: description + " The service creates this gateway by itself, and again after it was deleted. Default: `true`.",
		Optional:            true,
	}
}

// ResourceAccount returns account_id of a resource. It defaults to the provider's account
// when the object is created.
func ResourceAccount(object string) resource.StringAttribute {
	return resource.StringAttribute{
		MarkdownDescription: AccountDescription + " Defaults to the provider's `account_id` when the " + object + " is created; " +
			"afterwards the " + object + " stays in its account. Changing it replaces the " + object + ".",
		Optional:   true,
		Computed:   true,
		Validators: validate.AccountID(),
		PlanModifiers: []planmodifier.String{
			stringplanmodifier.UseStateForUnknown(),
			stringplanmodifier.RequiresReplace(),
		},
	}
}

// Kept returns a computed string of a resource that never changes once the object exists.
func Kept(description string) resource.StringAttribute {
	return resource.StringAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// KeptTime returns a computed time of a resource that never changes once the object exists.
func KeptTime(description string) resource.StringAttribute {
	kept := Kept(description)
	kept.CustomType = timetypes.RFC3339Type{}
	return kept
}

// ResourceComputed returns a computed string of a resource.
func ResourceComputed(description string) resource.StringAttribute {
	return resource.StringAttribute{MarkdownDescription: description, Computed: true}
}

// ResourceComputedTime returns a computed time of a resource.
func ResourceComputedTime(description string) resource.StringAttribute {
	return resource.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
}

// GatewayID returns gateway_id of a data source. The reason completes the advice to refer
// to the resource directly, as in "so that the routes are read when the gateway exists".
func GatewayID(reason string) datasource.StringAttribute {
	return datasource.StringAttribute{
		MarkdownDescription: GatewayIDDescription + " Refer to `id` of the resource directly, so that " + reason + ".",
		Required:            true,
		Validators:          validate.GatewayName(),
	}
}

// ComputedString returns a computed string of a data source.
func ComputedString(description string) datasource.StringAttribute {
	return datasource.StringAttribute{MarkdownDescription: description, Computed: true}
}

// ComputedTime returns a computed time of a data source.
func ComputedTime(description string) datasource.StringAttribute {
	return datasource.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
}

// ComputedBool returns a computed boolean of a data source.
func ComputedBool(description string) datasource.BoolAttribute {
	return datasource.BoolAttribute{MarkdownDescription: description, Computed: true}
}

// ComputedInt64 returns a computed whole number of a data source.
func ComputedInt64(description string) datasource.Int64Attribute {
	return datasource.Int64Attribute{MarkdownDescription: description, Computed: true}
}

// ComputedFloat64 returns a computed number of a data source.
func ComputedFloat64(description string) datasource.Float64Attribute {
	return datasource.Float64Attribute{MarkdownDescription: description, Computed: true}
}

// ReadOnly converts an attribute of a resource to a computed attribute of a data source
// with the same description, apart from "Required." It panics for types of attributes that no resource uses.
func ReadOnly(of resource.Attribute) datasource.Attribute {
	description := strings.TrimPrefix(of.GetMarkdownDescription(), "Required. ")
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
		panic("unsupported type of attribute: " + description)
	}
}

// readOnlyAll converts all attributes but secrets and their versions.
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

// ForAction converts an attribute of a data source that can be set to one of an action.
// It panics for types of attributes that no action uses.
func ForAction(of datasource.Attribute) action.Attribute {
	description, required, optional := of.GetMarkdownDescription(), of.IsRequired(), of.IsOptional()
	switch a := of.(type) {
	case datasource.StringAttribute:
		return action.StringAttribute{
			MarkdownDescription: description, Required: required, Optional: optional, CustomType: a.CustomType, Validators: a.Validators,
		}
	case datasource.BoolAttribute:
		return action.BoolAttribute{MarkdownDescription: description, Required: required, Optional: optional, Validators: a.Validators}
	case datasource.Int64Attribute:
		return action.Int64Attribute{
			MarkdownDescription: description, Required: required, Optional: optional, CustomType: a.CustomType, Validators: a.Validators,
		}
	case datasource.Float64Attribute:
		return action.Float64Attribute{MarkdownDescription: description, Required: required, Optional: optional, Validators: a.Validators}
	case datasource.DynamicAttribute:
		return action.DynamicAttribute{MarkdownDescription: description, Required: required, Optional: optional, Validators: a.Validators}
	case datasource.ListAttribute:
		return action.ListAttribute{
			MarkdownDescription: description, Required: required, Optional: optional, ElementType: a.ElementType, Validators: a.Validators,
		}
	case datasource.MapAttribute:
		return action.MapAttribute{
			MarkdownDescription: description, Required: required, Optional: optional, ElementType: a.ElementType, Validators: a.Validators,
		}
	case datasource.ListNestedAttribute:
		return action.ListNestedAttribute{
			MarkdownDescription: description, Required: required, Optional: optional, Validators: a.Validators,
			NestedObject: action.NestedAttributeObject{
				Attributes: AllForAction(a.NestedObject.Attributes), Validators: a.NestedObject.Validators,
			},
		}
	default:
		panic("unsupported type of attribute: " + description)
	}
}

// AllForAction converts attributes as [ForAction] does.
func AllForAction(of map[string]datasource.Attribute) map[string]action.Attribute {
	all := map[string]action.Attribute{}
	for name, attribute := range of {
		all[name] = ForAction(attribute)
	}
	return all
}
