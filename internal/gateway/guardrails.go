package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
)

// categories are what guardrails look for: the attribute, the API's code, and
// what it means by the documentation.
var categories = []struct{ name, code, meaning string }{
	{"violent_crimes", "S1", "Violent crimes"},
	{"non_violent_crimes", "S2", "Non-violent crimes"},
	{"sex_related_crimes", "S3", "Sex-related crimes"},
	{"child_sexual_exploitation", "S4", "Child sexual exploitation"},
	{"defamation", "S5", "Defamation"},
	{"specialized_advice", "S6", "Specialized advice, such as medical, legal or financial"},
	{"privacy", "S7", "Privacy"},
	{"intellectual_property", "S8", "Intellectual property"},
	{"indiscriminate_weapons", "S9", "Indiscriminate weapons"},
	{"hate", "S10", "Hate"},
	{"suicide_and_self_harm", "S11", "Suicide and self-harm"},
	{"sexual_content", "S12", "Sexual content"},
	{"elections", "S13", "Elections"},
	{"prompt_injection", "P1", "Prompt injection"},
}

func guardrailsSchema() schema.Attribute {
	of := func(what string) schema.Attribute {
		attributes := map[string]schema.Attribute{}
		for _, category := range categories {
			attributes[category.name] = schema.StringAttribute{
				MarkdownDescription: category.meaning + " (the API's `" + category.code + "`): `FLAG` logs it, `BLOCK` refuses it. Ignored when not set.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf("FLAG", "BLOCK")},
			}
		}
		return schema.SingleNestedAttribute{
			MarkdownDescription: "What is done about " + what + ", by category.",
			Optional:            true,
			Attributes:          attributes,
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: descriptions["guardrails"] + " Not set means off. Scanning is done by models on Workers AI and billed.",
		Optional:            true,
		Attributes:          map[string]schema.Attribute{"prompt": of("prompts"), "response": of("responses")},
	}
}

// checkGuardrails warns of an object in which no category is left: the CLI
// drops keys that it does not know, such as the API's own codes, without a word.
func checkGuardrails(guardrails types.Object, diags *diag.Diagnostics) {
	for _, of := range []string{"prompt", "response"} {
		object := convert.Part[types.Object](guardrails, of)
		if object.IsNull() || object.IsUnknown() {
			continue
		}
		named := false
		for _, action := range object.Attributes() {
			named = named || !action.IsNull()
		}
		if !named {
			diags.AddAttributeWarning(path.Root("guardrails").AtName(of), "Guardrails without a category",
				"This object names no category, so nothing is flagged or blocked. If it does in the configuration, the name is not "+
					"one of this attribute's: Terraform and OpenTofu drop such names silently. The API's S1 is violent_crimes here; "+
					"the documentation lists all names.")
		}
	}
}

var (
	categoryTypes = func() map[string]attr.Type {
		all := map[string]attr.Type{}
		for _, category := range categories {
			all[category.name] = types.StringType
		}
		return all
	}()
	guardrailsType = types.ObjectType{AttrTypes: map[string]attr.Type{"prompt": types.ObjectType{AttrTypes: categoryTypes}, "response": types.ObjectType{AttrTypes: categoryTypes}}}
)

func guardrailsToAPI(from types.Object) *gateways.Guardrails {
	if from.IsNull() || from.IsUnknown() {
		return nil
	}
	of := func(name string) map[string]string {
		named := map[string]string{}
		attributes := convert.Part[types.Object](from, name).Attributes()
		for _, category := range categories {
			if action, ok := attributes[category.name].(types.String); ok && action.ValueString() != "" {
				named[category.code] = action.ValueString()
			}
		}
		return named
	}
	return &gateways.Guardrails{Prompt: of("prompt"), Response: of("response")}
}

func guardrailsFromAPI(from *gateways.Guardrails) types.Object {
	if from == nil {
		return types.ObjectNull(guardrailsType.AttrTypes)
	}
	of := func(actions map[string]string) attr.Value {
		if len(actions) == 0 {
			return types.ObjectNull(categoryTypes)
		}
		attributes := map[string]attr.Value{}
		for _, category := range categories {
			attributes[category.name] = types.StringNull()
			if action, ok := actions[category.code]; ok {
				attributes[category.name] = types.StringValue(action)
			}
		}
		return types.ObjectValueMust(categoryTypes, attributes)
	}
	return types.ObjectValueMust(guardrailsType.AttrTypes, map[string]attr.Value{
		"prompt": of(from.Prompt), "response": of(from.Response),
	})
}
