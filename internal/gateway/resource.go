package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform-provider-aigateway/internal/client"
	"terraform-provider-aigateway/internal/framework/diagnostics"
	"terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the resource's name in configurations.
const ResourceType = "aigateway_gateway"

// othersKey is where private state keeps the settings that this resource does
// not manage, to be sent back with an update.
const othersKey = "others"

type gatewayResource struct {
	data *providerdata.Data
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

func (r *gatewayResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

func (r *gatewayResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		check(config.settings, &resp.Diagnostics)
	}
}

func (r *gatewayResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // to be destroyed
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := model{settings: creationDefaults()}
	exists := !req.State.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(req.State.Get(ctx, &before)...)
		r.warnOfAccount(config, before, &resp.Diagnostics)
	} else if config.AccountID.IsNull() {
		plan.AccountID = r.data.Account(config.AccountID, &resp.Diagnostics)
	}
	plan.settings = resolve(config.settings, before.settings, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if exists {
		plan.ModifiedAt = before.ModifiedAt
		if !plan.known() || !client.SameOnWire(plan.toAPIUpdate(), before.toAPIUpdate()) {
			plan.ModifiedAt = timetypes.NewRFC3339Unknown()
		}
		plan.GatewayURL, plan.CompatBaseURL = types.StringUnknown(), types.StringUnknown()
		plan.setURLs(r.data.GatewayBaseURL)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// warnOfAccount says that a gateway stays where it is although the provider's
// account has changed.
func (r *gatewayResource) warnOfAccount(config, state model, diags *diag.Diagnostics) {
	provider := r.data.AccountID
	if !config.AccountID.IsNull() || provider.ValueString() == "" || provider.Equal(state.AccountID) {
		return
	}
	diags.AddAttributeWarning(path.Root("account_id"), "Gateway in another account", fmt.Sprintf(
		"The gateway %q lives in account %s and stays there, although the provider's account_id is %s. "+
			"Set account_id of this resource: to the former to say that this is right, to the latter to replace the gateway.",
		state.ID.ValueString(), state.AccountID.ValueString(), provider.ValueString()))
}

func (r *gatewayResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	api := r.data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, name := plan.AccountID.ValueString(), plan.Name.ValueString()
	gateway, err := api.CreateGateway(ctx, accountID, name, plan.toAPICreate())
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("create", accountID, name), err)...)
		return
	}
	tflog.Info(ctx, "created gateway", map[string]any{"account_id": accountID, "id": gateway.ID})
	planned := plan.settings
	plan.fromAPI(plan.AccountID, r.data.GatewayBaseURL, gateway)
	compare(planned, plan.settings, &resp.Diagnostics)
	resp.Diagnostics.Append(publish(ctx, plan, gateway, &resp.State, resp.Identity, resp.Private)...)
}

func (r *gatewayResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	gateway, err := api.GetGateway(ctx, accountID, id)
	if errors.Is(err, client.ErrNotFound) {
		tflog.Warn(ctx, "gateway is gone: removing it from state", map[string]any{"account_id": accountID, "id": id})
		resp.State.RemoveResource(ctx)
		// The framework wants an identity even of what is gone, and a CLI that
		// keeps no identities has not sent one.
		resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("read", accountID, id), err)...)
		return
	}
	state.fromAPI(state.AccountID, r.data.GatewayBaseURL, gateway)
	resp.Diagnostics.Append(publish(ctx, state, gateway, &resp.State, resp.Identity, resp.Private)...)
}

func (r *gatewayResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if client.SameOnWire(plan.toAPIUpdate(), state.toAPIUpdate()) {
		// Only what this provider alone knows has changed, such as the TTL of
		// a cache that is off: nothing to tell the service.
		plan.setURLs(r.data.GatewayBaseURL)
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
		return
	}
	others, diags := othersOf(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	api := r.data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	gateway, err := api.UpdateGateway(ctx, accountID, id, plan.toAPIUpdate(), others)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("update", accountID, id), err)...)
		return
	}
	tflog.Info(ctx, "updated gateway", map[string]any{"account_id": accountID, "id": id})
	planned := plan.settings
	plan.fromAPI(plan.AccountID, r.data.GatewayBaseURL, gateway)
	compare(planned, plan.settings, &resp.Diagnostics)
	resp.Diagnostics.Append(publish(ctx, plan, gateway, &resp.State, resp.Identity, resp.Private)...)
}

func (r *gatewayResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	if err := api.DeleteGateway(ctx, accountID, id); err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("delete", accountID, id), err)...)
		return
	}
	tflog.Info(ctx, "deleted gateway", map[string]any{"account_id": accountID, "id": id})
}

// ImportState takes "name", "account_id/name", or an identity. It sets what
// Read needs; Read does the rest, and finds out whether the gateway exists.
func (r *gatewayResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	target := identityModel{ID: types.StringValue(req.ID)}
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else if accountID, id, found := strings.Cut(req.ID, "/"); found {
		target = identityModel{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	target.AccountID = r.data.KnownAccount(target.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !client.AccountIDPattern.MatchString(target.AccountID.ValueString()) || !validName(target.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf(
			"%q does not name a gateway. Give its name, such as \"my-gateway\", for a gateway in the provider's account, or "+
				"the account's id and the name, such as \"0123456789abcdef0123456789abcdef/my-gateway\".", req.ID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("account_id"), target.AccountID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), target.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, target)...)
}

func validName(name string) bool {
	return len(name) <= client.GatewayNameMaxLength && client.GatewayNamePattern.MatchString(name)
}

func (m model) identity() identityModel {
	return identityModel{AccountID: m.AccountID, ID: m.ID}
}

// publish writes state, identity and private state together, so that none can
// be forgotten.
func publish(ctx context.Context, m model, gateway *client.Gateway, state *tfsdk.State, identity *tfsdk.ResourceIdentity, private privateState) diag.Diagnostics {
	var diags diag.Diagnostics
	diags.Append(state.Set(ctx, &m)...)
	diags.Append(identity.Set(ctx, m.identity())...)
	others, err := json.Marshal(gateway.Others)
	if err != nil {
		diags.AddError("Unable to keep the gateway's other settings", err.Error())
		return diags
	}
	diags.Append(private.SetKey(ctx, othersKey, others)...)
	return diags
}

// privateState is what the framework keeps beside the state.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func othersOf(ctx context.Context, private privateState) (client.OtherSettings, diag.Diagnostics) {
	raw, diags := private.GetKey(ctx, othersKey)
	if diags.HasError() || raw == nil {
		return nil, diags
	}
	var others client.OtherSettings
	if err := json.Unmarshal(raw, &others); err != nil {
		diags.AddError("Unable to read the gateway's other settings", err.Error())
	}
	return others, diags
}

// subject is a gateway as errors speak of it.
func subject(verb, accountID, id string) diagnostics.Subject {
	return diagnostics.Subject{
		Verb: verb, Object: "gateway", AccountID: accountID, ID: id, ResourceType: ResourceType,
		Attributes: map[string]path.Path{
			"id":                         path.Root("name"),
			"cache_ttl":                  path.Root("cache_ttl"),
			"rate_limiting_limit":        path.Root("rate_limiting_limit"),
			"rate_limiting_interval":     path.Root("rate_limiting_interval"),
			"rate_limiting_technique":    path.Root("rate_limiting_technique"),
			"collect_logs":               path.Root("log_enabled"),
			"authentication":             path.Root("authentication"),
			"cache_invalidate_on_update": path.Root("cache_invalidate_on_update"),
		},
	}
}
