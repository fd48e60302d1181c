package policy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "aigateway_policy"

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// A Resource manages policies.
type Resource struct {
	providerdata.Resource
}

// NewResource returns the resource aigateway_policy.
func NewResource() resource.Resource { return &Resource{} }

// support says which wire formats have policies.
var support = crud.Support{
	Objects: "Policies", In: func(c client.Capabilities) bool { return c.Policies },
}

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// configuration is the part of a configuration that is checked as a whole.
type configuration struct {
	Actor, Action     types.String
	Models, Providers types.List
	Budget            types.Object
}

// ValidateConfig checks what single attributes cannot tell.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var c configuration
	for name, target := range map[string]any{
		"actor": &c.Actor, "action": &c.Action, "models": &c.Models, "providers": &c.Providers, "budget": &c.Budget,
	} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), target)...)
	}
	if !resp.Diagnostics.HasError() {
		c.check(&resp.Diagnostics)
	}
}

// ModifyPlan plans the computed values. It warns if a new policy would be the first of its
// gateway.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	crud.ModifyPlan(ctx, r.Data, support, req, resp, func(plan, state *model) {
		plan.Committed = types.BoolValue(true)
		switch {
		case state == nil:
			r.warnOfFirst(ctx, plan, &resp.Diagnostics)
		case !state.Committed.ValueBool():
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("committed"))
			plan.UpdatedAt = timetypes.NewRFC3339Unknown()
			resp.Diagnostics.AddWarning("Policy that is not in force", fmt.Sprintf(
				"The policy %q of gateway %q in account %s is a draft that was never put in force. The service cannot change such a policy, so it "+
					"is deleted and created again.", state.Name.ValueString(), state.GatewayID.ValueString(), state.AccountID.ValueString()))
		case plan.changes(state.facts):
			plan.UpdatedAt = timetypes.NewRFC3339Unknown()
		default:
			plan.UpdatedAt = state.UpdatedAt
		}
	})
}

// warnOfFirst adds a warning if a policy that does not match everything may become the
// first of its gateway. A plan does not see other resources, so it warns of every such
// policy.
func (r *Resource) warnOfFirst(ctx context.Context, plan *model, diags *diag.Diagnostics) {
	if plan.matchesEverything() {
		return
	}
	why := "does not exist yet"
	if !plan.GatewayID.IsUnknown() && !plan.AccountID.IsUnknown() && len(r.Data.ControlPlaneMissing) == 0 {
		first := true
		for policy, err := range policies.List(ctx, r.Data.Client, plan.AccountID.ValueString(), plan.GatewayID.ValueString(), false) {
			if err != nil && !errors.Is(err, client.ErrGatewayNotFound) {
				return // the apply reports it, or it has passed by then
			}
			first = err != nil || !policy.Committed
			break
		}
		if !first {
			return
		}
		why = "has no policy in force yet"
	}
	diags.AddAttributeWarning(gatewayPath, "The first policy denies what no policy matches", fmt.Sprintf(
		"The gateway of the policy %q %s. From its first policy on, the service refuses every request that no policy matches, with 403. If "+
			"this configuration also has a policy that matches everything, add that one to depends_on of this policy, and ignore this warning: the "+
			"provider plans each policy without seeing the others. Otherwise add one, such as action = \"unlimited\" without models, providers "+
			"and condition.",
		plan.Name.ValueString(), why))
}

// Create creates the policy and puts it in force.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	if checkName(ctx, api, plan, diags); diags.HasError() {
		return
	}
	created, err := policies.Create(ctx, api, accountID, gatewayID, plan.toAPI())
	if err != nil {
		diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	planned := plan
	plan.fromAPI(created)
	compare(planned.facts, plan.facts, diags)
	if !created.Committed {
		diags.AddError("The policy was not put in force", fmt.Sprintf(
			"The service created policy %q of gateway %q in account %s as a draft, although the request asked to put it in force. A draft has no "+
				"effect. The dashboard may say why the service did not accept it. Correct the policy, or try again later.",
			plan.Name.ValueString(), gatewayID, accountID))
	}
	crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error {
		return policies.Delete(ctx, api, accountID, gatewayID, created.ID)
	})
}

// checkName adds an error if the gateway has a policy of this name. The service accepts a
// second one, but simulations tell policies apart by name, and an earlier run may have
// created it without learning so.
func checkName(ctx context.Context, api *client.Client, plan model, diags *diag.Diagnostics) {
	accountID, gatewayID, name := plan.AccountID.ValueString(), plan.GatewayID.ValueString(), plan.Name.ValueString()
	existing, err := policies.FindByName(ctx, api, accountID, gatewayID, name)
	switch {
	case err == nil:
		diags.AddAttributeError(path.Root("name"), "Policy of this name already exists", fmt.Sprintf(
			"Nothing was created, because gateway %q in account %s already has a policy %q. It was created outside this configuration, by an "+
				"earlier run that was interrupted, or by another resource of this configuration. Choose another name, or, to manage the "+
				"existing policy, add this block with the address of your resource, and apply again:\n\n%s",
			gatewayID, accountID, name, diagnostics.ImportBlock(ResourceType, accountID+"/"+gatewayID+"/"+existing.ID)))
	case errors.Is(err, client.ErrGatewayNotFound) || !errors.Is(err, client.ErrNotFound):
		diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
	}
}

// compare adds an error for every attribute that the service stored with another value
// than planned.
func compare(planned, stored facts, diags *diag.Diagnostics) {
	wanted, got := planned.attributes(), stored.attributes()
	for _, name := range crud.Different(wanted, got) {
		crud.AddNotStored("policy", name, wanted[name], got[name], "Configure the value that the service accepts.", diags)
	}
}

// Read updates the state from the service.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		policy, err := policies.Get(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString())
		if err != nil {
			return err
		}
		state.fromAPI(policy)
		warn(*state, policy, &resp.Diagnostics)
		return nil
	})
}

// warn adds warnings about what state cannot show.
func warn(m model, policy *policies.Policy, diags *diag.Diagnostics) {
	where := fmt.Sprintf("policy %q of gateway %q in account %s", policy.Name, m.GatewayID.ValueString(), m.AccountID.ValueString())
	if policy.HasDraft {
		diags.AddWarning("Draft of a policy", fmt.Sprintf(
			"Somebody changed %s without putting the change in force. State has what is in force. The next change by Terraform replaces the draft.", where))
	}
	if len(policy.Unknown) > 0 {
		diags.AddWarning("Parts of a policy that this version of the provider does not know", fmt.Sprintf(
			"The %s has parts that this version of the provider does not know, so that it may mean something else than state shows: %s. A change "+
				"keeps them. A newer version of the provider may know them.", where, client.Printable(strings.Join(policy.Unknown, ", "), 500)))
	}
}

// Update changes the policy in place and puts the change in force.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.State.Get(ctx, &state)...)
	if diags.HasError() {
		return
	}
	if !plan.changes(state.facts) {
		diags.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
		return
	}
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID, id := state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString()
	updated, err := policies.Update(ctx, api, accountID, gatewayID, id, plan.toAPI())
	if err != nil {
		diags.Append(diagnostics.FromError(state.Subject("update"), err)...)
		return
	}
	tflog.Info(ctx, "updated policy", state.Identity().Fields())
	planned := plan
	plan.fromAPI(updated)
	if updated.HasDraft && !updated.Same(planned.toAPI()) {
		diags.AddError("The change was not put in force", fmt.Sprintf(
			"The service saved the change of policy %q of gateway %q in account %s as a draft, although the request asked to put it in force. The "+
				"policy is in force as before. The dashboard may say why the service did not accept the draft. Correct the policy, and apply again.",
			state.Name.ValueString(), gatewayID, accountID))
	} else {
		compare(planned.facts, plan.facts, diags)
	}
	diags.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
}

// Delete deletes the policy.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	crud.Delete(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return policies.Delete(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString())
	})
}
