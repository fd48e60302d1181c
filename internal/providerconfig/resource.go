package providerconfig

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/rollback"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/text"
)

// ResourceType is the resource's name in configurations.
const ResourceType = "aigateway_provider_config"

type configResource struct {
	providerdata.Resource
}

var (
	_ resource.ResourceWithConfigure      = (*configResource)(nil)
	_ resource.ResourceWithIdentity       = (*configResource)(nil)
	_ resource.ResourceWithImportState    = (*configResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*configResource)(nil)
	_ resource.ResourceWithValidateConfig = (*configResource)(nil)
)

// NewResource is the resource aigateway_provider_config.
func NewResource() resource.Resource { return &configResource{} }

func (r *configResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

func (r *configResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		checkSecret(config, &resp.Diagnostics)
	}
}

// checkSecret refuses a key that is given twice, not at all, or without a
// version. Its errors have no path to the key: the CLI would print the line.
func checkSecret(config model, diags *diag.Diagnostics) {
	secret, id, version := config.SecretWO, config.SecretID, config.SecretWOVersion
	const choice = "Set secret_wo and secret_wo_version to store a key, or secret_id to use one that is in the Secrets Store already."
	switch {
	case secret.IsUnknown():
		return // is looked at again when it is known
	case secret.IsNull() && id.IsNull():
		diags.AddError("Provider config without a key", "Neither secret_wo nor secret_id is set. "+choice)
	case !secret.IsNull() && !id.IsNull() && !id.IsUnknown():
		diags.AddError("Provider config with two keys", "Both secret_wo and secret_id are set. "+choice)
	case !secret.IsNull() && secret.ValueString() == "":
		diags.AddError("Empty key of a provider", "secret_wo is empty. "+choice)
	case !secret.IsNull() && version.IsNull():
		diags.AddError("Missing secret_wo_version", "secret_wo is set and secret_wo_version is not. As the key is stored nowhere, only a change of "+
			"the version tells that there is a new one. Set it to any number, such as 1.")
	case secret.IsNull() && !version.IsNull():
		diags.AddAttributeError(path.Root("secret_wo_version"), "Version without a key", "secret_wo_version is set and secret_wo is not. "+choice)
	}
}

func (r *configResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // to be destroyed
	}
	// What is unset, and not only unknown yet, would be missing in the apply too.
	if r.Data.AddUnset(&resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if r.Data.AddUnsupported("Provider configs", r.Data.Client.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	var plan, config, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		if config.AccountID.IsNull() {
			plan.AccountID = r.Data.Account(config.AccountID, &resp.Diagnostics)
		}
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.WarnOfAccount("provider config", name(state), config.AccountID, state.AccountID, &resp.Diagnostics)
	if rotates(state, plan) {
		if isGiven(ctx, req.Private) {
			// To send a key would overwrite the secret that somebody else has made.
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("secret_wo_version"))
			warnOfSecret(state, &resp.Diagnostics)
		} else if state.SecretWOVersion.IsNull() {
			resp.Diagnostics.AddAttributeWarning(path.Root("secret_wo_version"), "The key replaces one that is not known here", fmt.Sprintf(
				"The provider config %q was imported, or had its key in another way. The apply writes the key of secret_wo into its secret %s, whoever "+
					"made that, and whatever else uses it.", name(state), state.SecretID.ValueString()))
		}
	} else {
		plan.SecretPreview, plan.ModifiedAt = state.SecretPreview, state.ModifiedAt
		if config.SecretID.IsNull() {
			plan.SecretID = state.SecretID
		} else if config.SecretID.Equal(state.SecretID) && replaces(plan, state) && !isGiven(ctx, req.Private) {
			resp.Diagnostics.AddAttributeWarning(path.Root("secret_id"), "The secret may go with the provider config", fmt.Sprintf(
				"The provider config %q will be replaced, and if its secret %s was made by the service for it, the service may delete that with it: the "+
					"replacement then fails. Where that may be, set secret_wo and secret_wo_version instead of secret_id.",
				name(state), state.SecretID.ValueString()))
		}
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// replaces tells whether a plan deletes the provider config and creates it again.
func replaces(plan, state model) bool {
	return !plan.GatewayID.Equal(state.GatewayID) || !plan.ProviderSlug.Equal(state.ProviderSlug) || !plan.Alias.Equal(state.Alias) ||
		!plan.DefaultConfig.Equal(state.DefaultConfig) || !plan.RateLimit.Equal(state.RateLimit) ||
		!plan.RateLimitPeriod.IsUnknown() && !plan.RateLimitPeriod.Equal(state.RateLimitPeriod)
}

// warnOfSecret says that the secret which somebody else has made keeps its name,
// under which the service would store the new key.
func warnOfSecret(state model, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("secret_wo_version"), "The former secret keeps its name", fmt.Sprintf(
		"The provider config %q uses the secret %s, which was in the Secrets Store before it. The key in secret_wo will be stored under the name "+
			"of that secret, %s_%s_%s, and the service refuses a second one of a name: delete the secret first. If it was not gone in time, apply "+
			"again. To change the key without all this, keep secret_id and change the secret in the store.",
		name(state), state.SecretID.ValueString(), state.GatewayID.ValueString(), state.ProviderSlug.ValueString(), state.Alias.ValueString()))
}

// rotates tells whether the key is to be sent anew.
func rotates(state, plan model) bool {
	return !plan.SecretWOVersion.IsNull() && !plan.SecretWOVersion.Equal(state.SecretWOVersion)
}

// givenKey marks, in private state, a config whose secret was there before.
const givenKey = "secret_id_given"

func isGiven(ctx context.Context, private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}) bool {
	raw, diags := private.GetKey(ctx, givenKey)
	return !diags.HasError() && string(raw) == "true"
}

func (r *configResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	checkSecret(config, &resp.Diagnostics)
	storeID := r.checkGateway(ctx, api, plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	created, err := keys.Create(ctx, api, plan.AccountID.ValueString(), plan.GatewayID.ValueString(), plan.toAPI(config.SecretWO))
	if err != nil {
		resp.Diagnostics.Append(fromError("create", plan, err)...)
		return
	}
	tflog.Info(ctx, "created provider config", fields(plan, created.ID))
	planned := plan
	plan.fromAPI(created)
	if compare(planned, plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
		remove := func(ctx context.Context) error {
			return keys.Delete(ctx, api, plan.AccountID.ValueString(), plan.GatewayID.ValueString(), created.ID)
		}
		if rollback.TakeBack(ctx, "provider config", name(plan), remove, &resp.Diagnostics) {
			return
		}
	}
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
	if !config.SecretID.IsNull() {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, givenKey, []byte("true"))...)
	} else if !resp.Diagnostics.HasError() {
		await(ctx, api, plan, storeID, &resp.Diagnostics)
	}
}

// await waits until the new key can be used, so that a request in the same apply
// finds it. That it cannot be told is no failure of the provider config.
func await(ctx context.Context, api *client.Client, m model, storeID string, diags *diag.Diagnostics) {
	if m.SecretID.ValueString() == "" {
		return
	}
	err := keys.AwaitSecret(ctx, api, m.AccountID.ValueString(), storeID, m.SecretID.ValueString())
	if err == nil {
		return
	}
	diags.AddWarning("The key may not be usable yet", fmt.Sprintf(
		"The provider config %q was created, and its key is stored as the secret %s. Whether it can be used already is not known: %s Requests "+
			"that need it fail until then, for some seconds as a rule. To look, the API token needs the permission Secrets Store Read (or Write).",
		name(m), m.SecretID.ValueString(), text.Sentence(text.Capitalised(err.Error()))))
}

// checkGateway says what the gateway lacks, before the service says it less
// plainly, or not at all; and which store it has.
func (r *configResource) checkGateway(ctx context.Context, api *client.Client, plan model, diags *diag.Diagnostics) (storeID string) {
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	gateway, err := gateways.Get(ctx, api, accountID, gatewayID)
	switch {
	case errors.Is(err, client.ErrNotFound):
		addGatewayNotFound(accountID, gatewayID, diags)
		return ""
	case err != nil:
		// The token lacks another permission than for what comes next.
		diags.Append(diagnostics.FromError(diagnostics.Subject{
			Verb: "read", Object: "gateway", AccountID: accountID, ID: gatewayID,
		}, err)...)
		return ""
	}
	if gateway.StoreID == nil || *gateway.StoreID == "" {
		diags.AddAttributeError(path.Root("gateway_id"), "Gateway without a Secrets Store", fmt.Sprintf(
			"The gateway %q has no store_id, so there is no place for keys of providers, and nothing was sent. Set store_id of the gateway to the "+
				"id of a Secrets Store of account %s, which the data source aigateway_secrets_stores lists, and apply again. (An account "+
				"without one gets it when Secrets Store is opened in the dashboard.)", gatewayID, accountID))
		return ""
	}
	if gateway.Authentication != nil && !*gateway.Authentication {
		diags.AddAttributeWarning(path.Root("gateway_id"), "Gateway without authentication", fmt.Sprintf(
			"The gateway %q has authentication = false. Cloudflare's documentation demands authentication = true for stored keys: without it, the "+
				"key is not used, or anybody who knows the gateway's address can spend with it.", gatewayID))
	}
	return *gateway.StoreID
}

// compare says where the service stored something else than was planned. State
// then has what is stored; without this, the CLI would blame the provider.
func compare(planned, stored model, diags *diag.Diagnostics) {
	refuse := func(name string, want, got fmt.Stringer) {
		diags.AddAttributeError(path.Root(name), "The service stored another value", fmt.Sprintf(
			"The request said %s = %s and succeeded, but the provider config now has %s. Configure the value that the service accepts.",
			name, want, got))
	}
	if !planned.RateLimit.Equal(stored.RateLimit) {
		refuse("rate_limit", planned.RateLimit, stored.RateLimit)
	}
	if !planned.RateLimitPeriod.IsUnknown() && !planned.RateLimitPeriod.Equal(stored.RateLimitPeriod) {
		refuse("rate_limit_period", planned.RateLimitPeriod, stored.RateLimitPeriod)
	}
	if !planned.DefaultConfig.Equal(stored.DefaultConfig) {
		refuse("default_config", planned.DefaultConfig, stored.DefaultConfig)
	}
	if !planned.SecretID.IsUnknown() && !planned.SecretID.Equal(stored.SecretID) {
		refuse("secret_id", planned.SecretID, stored.SecretID)
	}
	for name, pair := range map[string][2]types.String{
		"provider_slug": {planned.ProviderSlug, stored.ProviderSlug}, "alias": {planned.Alias, stored.Alias},
	} {
		if !pair[0].Equal(pair[1]) {
			refuse(name, pair[0], pair[1])
		}
	}
}

func (r *configResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	config, err := keys.Find(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString())
	if errors.Is(err, client.ErrNotFound) {
		tflog.Warn(ctx, "provider config is gone: removing it from state", fields(state, state.ID.ValueString()))
		resp.Diagnostics.Append(identity.Remove(ctx, &resp.State, resp.Identity, state.identity())...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(fromError("read", state, err)...)
		return
	}
	state.fromAPI(config)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &state, resp.Identity, state.identity())...)
}

func (r *configResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Also where the rotation fails: an older state may have none.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	if !rotates(state, plan) {
		// Only a version that no longer belongs to anything has gone.
		resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
		return
	}
	checkSecret(config, &resp.Diagnostics)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	rotated, err := keys.Rotate(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), id, config.SecretWO.ValueString())
	if err != nil {
		resp.Diagnostics.Append(fromError("rotate the key of", state, err)...)
		return
	}
	tflog.Info(ctx, "rotated the key of a provider config", fields(state, id))
	plan.fromRotation(rotated)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
}

func (r *configResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	if err := keys.Delete(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), id); err != nil {
		resp.Diagnostics.Append(fromError("delete", state, err)...)
		return
	}
	tflog.Info(ctx, "deleted provider config", fields(state, id))
}

// name is a provider config as people know it.
func name(m model) string { return m.ProviderSlug.ValueString() + "/" + m.Alias.ValueString() }

// fields are what logs say of a provider config.
func fields(m model, id string) map[string]any {
	return map[string]any{"account_id": m.AccountID.ValueString(), "gateway_id": m.GatewayID.ValueString(), "id": id}
}
