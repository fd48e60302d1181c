// Package policy implements policies, which say who may use which models of a gateway and
// for how much money: the resource aigateway_policy and the data sources aigateway_policy,
// aigateway_policies and aigateway_policy_simulation.
package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts holds what the service returns about a policy.
type facts struct {
	ID        types.String      `tfsdk:"id"`
	Name      types.String      `tfsdk:"name"`
	Actor     types.String      `tfsdk:"actor"`
	Models    types.List        `tfsdk:"models"`
	Providers types.List        `tfsdk:"providers"`
	Condition types.String      `tfsdk:"condition"`
	Action    types.String      `tfsdk:"action"`
	Budget    types.Object      `tfsdk:"budget"`
	Committed types.Bool        `tfsdk:"committed"`
	CreatedAt timetypes.RFC3339 `tfsdk:"created_at"`
	UpdatedAt timetypes.RFC3339 `tfsdk:"updated_at"`
}

// budgetTypes are the types of the attributes of a budget.
var budgetTypes = map[string]attr.Type{"amount": types.Float64Type, "period": types.StringType}

// model is the resource's plan or state.
type model struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
}

// Identity implements [crud.Object].
func (m model) Identity() identity.Identity {
	return identity.InGateway{AccountID: m.AccountID, GatewayID: m.GatewayID, ID: m.ID}
}

// Subject implements [crud.Object].
func (m model) Subject(verb string) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: "policy", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(), ID: m.Name.ValueString(),
		Contents: contents, Attributes: attributePaths, ResourceType: ResourceType, ImportedByID: true,
		ImportHint: "The data source aigateway_policies lists the policies of a gateway.",
	}
	if s.ID == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
	}
	return s
}

// contents names policies in errors about a gateway that does not exist.
const contents = "policies"

var gatewayPath = path.Root("gateway_id")

// attributePaths maps fields of request bodies to attributes.
var attributePaths = map[string]path.Path{
	"name": path.Root("name"), "actor": path.Root("actor"), "condition": path.Root("condition"), "resource": path.Root("models"),
	"resource.model": path.Root("models"), "resource.provider": path.Root("providers"), "action": path.Root("action"),
	"action.type": path.Root("action"), "action.amount": path.Root("budget").AtName("amount"), "action.period": path.Root("budget").AtName("period"),
}

// attributes returns the attributes that can be configured, by name.
func (f facts) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"name": f.Name, "actor": f.Actor, "models": f.Models, "providers": f.Providers, "condition": f.Condition, "action": f.Action,
		"budget": f.Budget,
	}
}

// changes reports whether a plan changes anything for the service. What is unknown may.
func (f facts) changes(state facts) bool {
	values := []attr.Value{f.Name, f.Actor, f.Models, f.Providers, f.Condition, f.Action, f.Budget}
	values = append(append(values, f.Models.Elements()...), f.Providers.Elements()...)
	values = slices.AppendSeq(values, maps.Values(f.Budget.Attributes()))
	return slices.ContainsFunc(values, attr.Value.IsUnknown) || !f.toAPI().Same(state.toAPI())
}

// matchesEverything reports whether no request is left without a policy that allows it,
// at least until a budget is spent. It is false if that is not known yet.
func (f facts) matchesEverything() bool {
	switch policies.Action(f.Action.ValueString()) {
	case policies.Unlimited, policies.Budget:
		hasField := f.Actor.IsUnknown() || strings.Contains(f.Actor.ValueString(), "{")
		return isEmpty(f.Models) && isEmpty(f.Providers) && f.Condition.ValueString() == always && !hasField
	default:
		return false
	}
}

// toAPI returns the rule of a plan or state whose values are known.
func (f facts) toAPI() policies.Rule {
	return policies.Rule{
		Name: f.Name.ValueString(), Actor: f.Actor.ValueString(), Models: names(f.Models), Providers: names(f.Providers),
		Condition: f.Condition.ValueString(), Action: policies.Action(f.Action.ValueString()),
		Amount: convert.Part[types.Float64](f.Budget, "amount").ValueFloat64(), Period: convert.Part[types.String](f.Budget, "period").ValueString(),
	}
}

// names returns the strings of a list, nil for none.
func names(list types.List) []string {
	var all []string
	for _, element := range list.Elements() {
		if name, ok := element.(types.String); ok {
			all = append(all, name.ValueString())
		}
	}
	return all
}

// fromAPI takes over the service's response. Lists with the same elements stay as they were
// written.
func (f *facts) fromAPI(policy *policies.Policy) {
	f.ID = types.StringValue(policy.ID)
	f.Name = types.StringValue(policy.Name)
	f.Actor = types.StringValue(policy.Actor)
	f.Models = namesFromAPI(policy.Models, f.Models)
	f.Providers = namesFromAPI(policy.Providers, f.Providers)
	f.Condition = types.StringValue(policy.Condition)
	f.Action = types.StringValue(string(policy.Action))
	f.Budget = types.ObjectNull(budgetTypes)
	if policy.Action == policies.Budget {
		f.Budget = types.ObjectValueMust(budgetTypes, map[string]attr.Value{
			"amount": types.Float64Value(policy.Amount), "period": types.StringValue(policy.Period),
		})
	}
	f.Committed = types.BoolValue(policy.Committed)
	f.CreatedAt, f.UpdatedAt = convert.Time(policy.CreatedAt), convert.Time(policy.UpdatedAt)
}

func namesFromAPI(stored []string, known types.List) types.List {
	switch {
	case len(stored) == 0 && (known.IsNull() || known.IsUnknown()):
		return types.ListNull(types.StringType)
	case !known.IsUnknown() && policies.SameSet(names(known), stored):
		return known
	}
	values := make([]attr.Value, 0, len(stored))
	for _, name := range stored {
		values = append(values, types.StringValue(name))
	}
	return types.ListValueMust(types.StringType, values)
}
