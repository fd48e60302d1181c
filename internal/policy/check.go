package policy

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
)

// check adds errors about values that do not go together, and warnings about values that
// are probably not what was meant. Unknown values pass.
func (c configuration) check(diags *diag.Diagnostics) {
	c.checkAction(diags)
	checkActor(c.Actor.ValueString(), diags)
	for i, element := range c.Models.Elements() {
		if name, ok := element.(types.String); ok && !name.IsUnknown() && !strings.Contains(name.ValueString(), "/") && name.ValueString() != "" {
			diags.AddAttributeWarning(path.Root("models").AtListIndex(i), "Model without an author", fmt.Sprintf(
				"%q has no slash. Policies name models as author/model, such as \"openai/gpt-5.5\", and * does not match across a slash. If no "+
					"model has this name, the policy matches nothing.", name.ValueString()))
		}
	}
}

func (c configuration) checkAction(diags *diag.Diagnostics) {
	if c.Action.IsUnknown() || c.Action.IsNull() {
		return
	}
	action := policies.Action(c.Action.ValueString())
	hasBudget := !c.Budget.IsNull()
	switch {
	case action == policies.Budget && !hasBudget:
		diags.AddAttributeError(path.Root("action"), "Budget policy without a budget",
			`The action "budget" needs the attribute budget, such as budget = { amount = 1000, period = "monthly" }.`)
	case action != policies.Budget && hasBudget && !c.Budget.IsUnknown():
		diags.AddAttributeError(path.Root("budget"), "Budget without the action budget", fmt.Sprintf(
			"The action %q has no budget. Remove the attribute budget, or set action = \"budget\".", action))
	case action == policies.Allowlist && isEmpty(c.Models) && isEmpty(c.Providers):
		diags.AddAttributeError(path.Root("action"), "Allowlist without models",
			`The action "allowlist" refuses every request that is not for the policy's models and providers. Without any, it refuses none. Set `+
				"models or providers.")
	}
}

func isEmpty(list types.List) bool { return !list.IsUnknown() && len(list.Elements()) == 0 }

var (
	fieldPattern = regexp.MustCompile(`\{([^{}]*)\}`)
	knownField   = regexp.MustCompile(`^(cf\.user\.(id|email|groups)|cf\.custom\..+|cf\.country|metadata\..+)$`)
)

// checkActor checks the fields in braces. The service checks their syntax as well, but only
// in the apply.
func checkActor(actor string, diags *diag.Diagnostics) {
	at := path.Root("actor")
	if strings.ContainsAny(fieldPattern.ReplaceAllString(actor, ""), "{}") {
		diags.AddAttributeError(at, "Invalid actor", fmt.Sprintf(
			"%q has a brace without its counterpart. A field of the request stands in braces, such as \"user:{cf.user.id}\".", actor))
		return
	}
	for _, field := range fieldPattern.FindAllStringSubmatch(actor, -1) {
		if name := strings.TrimSpace(field[1]); !knownField.MatchString(name) {
			diags.AddAttributeWarning(at, "Unknown field in the actor", fmt.Sprintf(
				"%q is not a field that the service documents: cf.user.id, cf.user.email, cf.user.groups, cf.custom.<claim>, cf.country and "+
					"metadata.<key>. If requests do not have the field, the policy does not apply to them, and a block or allowlist policy blocks "+
					"them all.", name))
		}
	}
}

// positive accepts numbers greater than 0.
type positive struct{}

func (positive) Description(context.Context) string { return "must be greater than 0" }

func (p positive) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

func (p positive) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || req.ConfigValue.ValueFloat64() > 0 {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value", fmt.Sprintf(
		"Attribute %s %s, got: %v.", req.Path, p.Description(ctx), req.ConfigValue.ValueFloat64()))
}
