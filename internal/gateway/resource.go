package gateway

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
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/rollback"
)

// ResourceType is the resource's name in configurations.
const ResourceType = "aigateway_gateway"

type gatewayResource struct {
	providerdata.Resource
}

var (
	_ resource.ResourceWithConfigure      = (*gatewayResource)(nil)
	_ resource.ResourceWithIdentity       = (*gatewayResource)(nil)
	_ resource.ResourceWithImportState    = (*gatewayResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*gatewayResource)(nil)
	_ resource.ResourceWithValidateConfig = (*gatewayResource)(nil)
)

// NewResource is the resource aigateway_gateway.
func NewResource() resource.Resource { return &gatewayResource{} }

func (r *gatewayResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

func (r *gatewayResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		check(config, &resp.Diagnostics)
	}
}

func (r *gatewayResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	warnOfReturn(ctx, req, &resp.Diagnostics)
	if req.Plan.Raw.IsNull() {
		return // to be destroyed
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// What is unset, and not only unknown yet, would be missing in the apply too.
	if r.Data.AddUnset(&resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	capabilities := r.Data.Client.Capabilities()
	r.checkFormat(config, capabilities, &resp.Diagnostics)
	before := model{settings: creationDefaults(capabilities), features: noFeatures()}
	exists := !req.State.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(req.State.Get(ctx, &before)...)
		r.Data.WarnOfAccount("gateway", before.ID.ValueString(), config.AccountID, before.AccountID, &resp.Diagnostics)
	} else if config.AccountID.IsNull() {
		plan.AccountID = r.Data.Account(config.AccountID, &resp.Diagnostics)
	}
	plan.settings = resolve(config.settings, before.settings, capabilities, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if exists {
		plan.ModifiedAt = before.ModifiedAt
		if !plan.known(ctx) || changes(r.Data.Client, before, plan) {
			plan.ModifiedAt = timetypes.NewRFC3339Unknown()
			plan.settings.leaveUnread(capabilities)
		}
		plan.GatewayURL, plan.CompatBaseURL = types.StringUnknown(), types.StringUnknown()
		plan.setURLs(r.Data.GatewayBaseURL)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// checkFormat refuses what the wire format cannot carry. It belongs to the
// plan, since validation runs before the provider is configured.
func (r *gatewayResource) checkFormat(config model, capabilities client.Capabilities, diags *diag.Diagnostics) {
	if !config.Name.IsUnknown() {
		checkName(config.Name.ValueString(), capabilities, diags)
	}
	for name, value := range config.attributes() {
		if value.IsNull() || gateways.Carries(capabilities, name) {
			continue
		}
		summary := "Setting that the wire format lacks"
		detail := fmt.Sprintf("The provider's wire_format is %q, which has no %s. Remove the attribute, or use the format %q, "+
			"which is Cloudflare's own.", capabilities.Format, name, client.WireCloudflare)
		if secretAttributes[name] {
			diags.AddError(summary, detail)
			continue
		}
		diags.AddAttributeError(path.Root(name), summary, detail)
	}
}

func (r *gatewayResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, name := plan.AccountID.ValueString(), plan.Name.ValueString()
	gateway, err := gateways.Create(ctx, api, accountID, name, plan.toAPI(config.features))
	if err != nil {
		created := subject("create", accountID, name)
		created.ServerChoosesID = !api.Capabilities().NamesAreIDs
		resp.Diagnostics.Append(diagnostics.FromError(created, err)...)
	}
	if gateway == nil {
		return
	}
	// With an error, this is what was made and could not be taken back.
	tflog.Info(ctx, "created gateway", map[string]any{"account_id": accountID, "id": gateway.ID})
	planned := plan
	plan.fromAPI(plan.AccountID, r.Data.GatewayBaseURL, gateway)
	if err == nil {
		compare(planned, plan, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		remove := func(ctx context.Context) error { return gateways.Delete(ctx, api, accountID, gateway.ID) }
		if rollback.TakeBack(ctx, "gateway", gateway.ID, remove, &resp.Diagnostics) {
			return
		}
	}
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
}

func (r *gatewayResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	gateway, err := gateways.Get(ctx, api, accountID, id)
	if errors.Is(err, client.ErrNotFound) {
		tflog.Warn(ctx, "gateway is gone: removing it from state", map[string]any{"account_id": accountID, "id": id})
		resp.Diagnostics.Append(identity.Remove(ctx, &resp.State, resp.Identity, state.identity())...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("read", accountID, id), err)...)
		return
	}
	imported := state.Name.IsNull()
	state.fromAPI(state.AccountID, r.Data.GatewayBaseURL, gateway)
	warnOfSecrets(state, gateway, imported, &resp.Diagnostics)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &state, resp.Identity, state.identity())...)
}

// warnOfSecrets says what an import does not bring, and what the service holds
// that state does not know of: an update sends the whole gateway, and so
// without it.
func warnOfSecrets(m model, gateway *gateways.Gateway, imported bool, diags *diag.Diagnostics) {
	const consequence = "Unless the configuration sets them, the next change of this gateway, of whatever setting, removes them."
	if imported && !m.Stripe.IsNull() {
		diags.AddWarning("Secrets are not imported", fmt.Sprintf(
			"The gateway %q has stripe, and its secrets were not imported: the service may answer them masked. "+
				"Set them in the configuration; the next apply sends them.", m.ID.ValueString()))
	}
	if imported && !m.OTel.IsNull() {
		diags.AddWarning("Secrets are not imported", fmt.Sprintf(
			"The gateway %q has otel, and its secrets (headers, authorization) were not imported: the service may answer them masked. %s",
			m.ID.ValueString(), consequence))
		return
	}
	for i, element := range m.OTel.Elements() {
		receiver, _ := element.(types.Object)
		if i < len(gateway.OTel) && !knowsSecrets(receiver) && (len(gateway.OTel[i].Headers) > 0 || gateway.OTel[i].Authorization != "") {
			diags.AddWarning("Secrets that are not in state", fmt.Sprintf(
				"The gateway %q has headers or an authorization for otel[%d] that state does not know of. %s",
				m.ID.ValueString(), i, consequence))
		}
	}
}

func (r *gatewayResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !changes(r.Data.Client, state, plan) {
		// Only what this provider alone knows has changed, such as the TTL of
		// a cache that is off: nothing to tell the service.
		plan.setURLs(r.Data.GatewayBaseURL)
		resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
		return
	}
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	gateway, err := gateways.Update(ctx, api, accountID, id, plan.Name.ValueString(), plan.toAPI(config.features), state.toAPIStored())
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("update", accountID, id), err)...)
		return
	}
	tflog.Info(ctx, "updated gateway", map[string]any{"account_id": accountID, "id": id})
	planned := plan
	plan.fromAPI(plan.AccountID, r.Data.GatewayBaseURL, gateway)
	compare(planned, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
}

func (r *gatewayResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	if err := gateways.Delete(ctx, api, accountID, id); err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("delete", accountID, id), err)...)
		return
	}
	tflog.Info(ctx, "deleted gateway", map[string]any{"account_id": accountID, "id": id})
}

// ImportState takes "name", "account_id/name", or an identity. It sets what
// Read needs; Read does the rest, and finds out whether the gateway exists.
func (r *gatewayResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	target := identity.InAccount{ID: types.StringValue(req.ID)}
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else if accountID, id, found := strings.Cut(req.ID, "/"); found {
		target = identity.InAccount{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	target.AccountID = r.Data.KnownAccount(target.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	valid := validName
	if !r.Data.Client.Capabilities().NamesAreIDs {
		valid = client.ValidID
	}
	if !client.AccountIDPattern.MatchString(target.AccountID.ValueString()) || !valid(target.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf(
			"%q does not name a gateway. Give its name, such as \"my-gateway\", for a gateway in the provider's account, or "+
				"the account's id and the name, such as \"0123456789abcdef0123456789abcdef/my-gateway\".", req.ID))
		return
	}
	target.Import(ctx, resp)
}

// checkName refuses a name that Cloudflare would refuse.
func checkName(name string, capabilities client.Capabilities, diags *diag.Diagnostics) {
	if capabilities.NamesAreIDs && !validName(name) {
		diags.AddAttributeError(path.Root("name"), "Invalid name of a gateway", fmt.Sprintf(
			"%q cannot be the name of a gateway: it must consist of 1 to %d lower-case letters, digits and underscores, "+
				"in groups joined by single hyphens, such as \"my-gateway_1\".", name, gateways.NameMaxLength))
	}
}

func validName(name string) bool {
	return len(name) <= gateways.NameMaxLength && gateways.NamePattern.MatchString(name)
}

// subject is a gateway as errors speak of it. What the service says about a
// field shows at its attribute; not so for those that hold secrets.
func subject(verb, accountID, id string) diagnostics.Subject {
	attributes := map[string]path.Path{
		"id": path.Root("name"), "name": path.Root("name"), "collect_logs": path.Root("log_enabled"),
	}
	for name := range (model{}).attributes() {
		if !secretAttributes[name] {
			attributes[name] = path.Root(name)
		}
	}
	return diagnostics.Subject{
		Verb: verb, Object: "gateway", AccountID: accountID, ID: id, ResourceType: ResourceType, Attributes: attributes,
	}
}
