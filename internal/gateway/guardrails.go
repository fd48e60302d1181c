package gateway

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// A category is something that guardrails look for.
type category struct{ name, code, meaning string }

// categories lists the documented categories with the API's codes.
var categories = []category{
	{"violent_crimes", "S1", "violent crimes"},
	{"non_violent_crimes", "S2", "non-violent crimes"},
	{"sex_related_crimes", "S3", "sex-related crimes"},
	{"child_sexual_exploitation", "S4", "child sexual exploitation"},
	{"defamation", "S5", "defamation"},
	{"specialized_advice", "S6", "specialized advice, such as medical, legal or financial"},
	{"privacy", "S7", "privacy"},
	{"intellectual_property", "S8", "intellectual property"},
	{"indiscriminate_weapons", "S9", "indiscriminate weapons"},
	{"hate", "S10", "hate"},
	{"suicide_and_self_harm", "S11", "suicide and self-harm"},
	{"sexual_content", "S12", "sexual content"},
	{"elections", "S13", "elections"},
	{"prompt_injection", "P1", "prompt injection"},
}

// categoryCode matches the API's codes, including those of later versions.
var categoryCode = regexp.MustCompile(`^[SP][0-9]+$`)

var (
	actionsType    = types.MapType{ElemType: types.StringType}
	guardrailsType = raw.NewObjectType(map[string]attr.Type{"prompt": actionsType, "response": actionsType})
)

func guardrailsSchema() schema.Attribute {
	names := make([]string, len(categories))
	for i, category := range categories {
		names[i] = fmt.Sprintf("`%s` (%s, %s)", category.name, category.code, category.meaning)
	}
	of := func(what string) schema.Attribute {
		return schema.MapAttribute{
			MarkdownDescription: "Actions for " + what + ", by category: `FLAG` logs a match, `BLOCK` refuses it. Categories that are not set are ignored. " +
				"The categories, with the API's code and meaning: " + strings.Join(names, ", ") + ". A code that this version of the provider " +
				"does not know, such as `S14`, can be used in place of a name.",
			ElementType: types.StringType,
			Optional:    true,
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: descriptions["guardrails"] + " Not set means off. Content is scanned by models on Workers AI, which is billed.",
		Optional:            true,
		CustomType:          guardrailsType,
		Attributes:          map[string]schema.Attribute{"prompt": of("prompts"), "response": of("responses")},
	}
}

// checkGuardrails validates categories and actions.
func checkGuardrails(guardrails types.Object, diags *diag.Diagnostics) {
	if guardrails.IsNull() || guardrails.IsUnknown() {
		return
	}
	const without, effect = "Guardrails without a category", "Nothing is flagged or blocked. "
	at := path.Root("guardrails")
	if convert.Part[types.Map](guardrails, "prompt").IsNull() && convert.Part[types.Map](guardrails, "response").IsNull() {
		diags.AddAttributeWarning(at, without, effect+"guardrails sets neither prompt nor response. If it does in the configuration, "+
			"the name is misspelled: Terraform and OpenTofu silently ignore unknown keys of an object.")
	}
	for _, of := range []string{"prompt", "response"} {
		actions := convert.Part[types.Map](guardrails, of)
		if actions.IsNull() || actions.IsUnknown() {
			continue
		}
		elements, named := actions.Elements(), false
		for _, key := range sortedKeys(elements) {
			named = named || !elements[key].IsNull()
			action, _ := elements[key].(types.String)
			checkCategory(at.AtName(of).AtMapKey(key), key, action, diags)
		}
		if !named {
			diags.AddAttributeWarning(at.AtName(of), without, effect+"The map sets no category, such as violent_crimes = \"BLOCK\".")
		}
	}
}

func checkCategory(at path.Path, key string, action types.String, diags *diag.Diagnostics) {
	known := slices.ContainsFunc(categories, func(c category) bool { return c.name == key })
	byCode := slices.IndexFunc(categories, func(c category) bool { return strings.EqualFold(c.code, key) })
	switch {
	case known:
	case byCode >= 0:
		diags.AddAttributeError(at, "Invalid guardrail category", fmt.Sprintf(
			"%q is the API's code of this category. Write its name, %q.", key, categories[byCode].name))
	case categoryCode.MatchString(key):
		if !action.IsNull() {
			diags.AddAttributeWarning(at, "Unknown guardrail category", fmt.Sprintf(
				"This version of the provider does not know the category %q and sends it as it is. The service decides whether it exists. "+
					"A newer version of the provider may have a name for it.", key))
		}
	default:
		names := make([]string, len(categories))
		for i, category := range categories {
			names[i] = category.name
		}
		nearest := validate.Nearest(key, names)
		if code := strings.ToUpper(key); categoryCode.MatchString(code) {
			nearest = code
		}
		diags.AddAttributeError(at, "Invalid guardrail category", fmt.Sprintf(
			"There is no category %q. Did you mean %q? The categories are %s.", key, nearest, strings.Join(names, ", ")))
	}
	if value := action.ValueString(); !action.IsNull() && !action.IsUnknown() && value != "FLAG" && value != "BLOCK" {
		diags.AddAttributeError(at, "Invalid guardrail action", fmt.Sprintf(
			"The action is %q, and value must be one of: [\"FLAG\" \"BLOCK\"].", value))
	}
}

func guardrailsToAPI(from types.Object) *gateways.Guardrails {
	if from.IsNull() || from.IsUnknown() {
		return nil
	}
	of := func(name string) map[string]string {
		actions := map[string]string{}
		for key, element := range convert.Part[types.Map](from, name).Elements() {
			action, _ := element.(types.String)
			if action.ValueString() == "" {
				continue
			}
			if i := slices.IndexFunc(categories, func(c category) bool { return c.name == key }); i >= 0 {
				key = categories[i].code
			}
			actions[key] = action.ValueString()
		}
		return actions
	}
	return &gateways.Guardrails{Prompt: of("prompt"), Response: of("response")}
}

func guardrailsFromAPI(from *gateways.Guardrails) types.Object {
	if from == nil {
		return types.ObjectNull(guardrailsType.AttrTypes)
	}
	of := func(actions map[string]string) attr.Value {
		if len(actions) == 0 {
			return types.MapNull(types.StringType)
		}
		elements := map[string]attr.Value{}
		for code, action := range actions {
			// A category without a name keeps its code, so that it shows.
			if i := slices.IndexFunc(categories, func(c category) bool { return c.code == code }); i >= 0 {
				code = categories[i].name
			}
			elements[code] = types.StringValue(action)
		}
		return types.MapValueMust(types.StringType, elements)
	}
	return types.ObjectValueMust(guardrailsType.AttrTypes, map[string]attr.Value{
		"prompt": of(from.Prompt), "response": of(from.Response),
	})
}
