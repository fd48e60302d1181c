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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "aigateway_provider_config"

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// A Resource manages provider configs.
type Resource struct {
	providerdata.Resource
}

// NewResource returns the resource aigateway_provider_config.
func NewResource() resource.Resource { return &Resource{} }

// support says which wire formats have provider configs.
var support = crud.Support{
	Objects: "Provider configs", In: func(c client.Capabilities) bool { return c.Providers },
}

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// ValidateConfig checks how the key is provided.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var slug types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("provider_slug"), &slug)...)
	warnOfUnknownSlug(slug, &resp.Diagnostics)
	secret := readSecret(ctx, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		secret.check(&resp.Diagnostics)
	}
}

// ModifyPlan plans the computed values.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	crud.ModifyPlan(ctx, r.Data, support, req, resp, func(plan, state *model) {
		if plan.RateLimit.IsNull() {
			plan.RateLimitPeriod = types.Int64Null() // without a limit, there is none
		}
		if state == nil {
			return
		}
		if replaceLost(ctx, req, resp, plan) {
			return
		}
		diags := &resp.Diagnostics
		existing := usesExistingSecret(ctx, req.Private)
		if rotates(*state, *plan) {
			switch {
			case existing:
				// Sending the key would overwrite a secret that somebody else created.
				resp.RequiresReplace = append(resp.RequiresReplace, path.Root("secret_wo_version"))
				warnOfExistingSecret(*state, diags)
			case state.SecretWOVersion.IsNull():
				warnOfUnknownSecret(*state, diags)
			}
			return
		}
		plan.SecretPreview, plan.ModifiedAt = state.SecretPreview, state.ModifiedAt
		var configured types.String
		diags.Append(req.Config.GetAttribute(ctx, path.Root("secret_id"), &configured)...)
		switch {
		case configured.IsNull():
			plan.SecretID = state.SecretID
		case configured.Equal(state.SecretID) && replaces(*plan, *state) && !existing:
			warnOfDeletedSecret(*state, diags)
		}
	})
}

// replaces reports whether a plan deletes the provider config and creates it again.
func replaces(plan, state model) bool {
	return !plan.GatewayID.Equal(state.GatewayID) || !plan.ProviderSlug.Equal(state.ProviderSlug) || !plan.Alias.Equal(state.Alias) ||
		!plan.DefaultConfig.Equal(state.DefaultConfig) || !plan.RateLimit.Equal(state.RateLimit) ||
		!plan.RateLimitPeriod.IsUnknown() && !plan.RateLimitPeriod.Equal(state.RateLimitPeriod)
}

// Create creates the provider config.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	secret := readSecret(ctx, req.Config, diags)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	ctx = secret.hide(ctx)
	secret.check(diags)
	storeID := checkGateway(ctx, api, plan, diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	created, err := keys.Create(ctx, api, accountID, gatewayID, plan.toAPI(secret.secretWO))
	switch {
	case errors.Is(err, client.ErrNotFound):
		diagnostics.AddGatewayNotFound(gatewayPath, accountID, gatewayID, contents, diags)
		return
	case err != nil:
		diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	planned := plan
	plan.fromAPI(created)
	compare(planned, plan, diags)
	exists := crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error {
		return keys.Delete(ctx, api, accountID, gatewayID, created.ID)
	})
	if exists {
		rememberStore(ctx, resp.Private, storeID, diags)
	}
	switch {
	case !exists:
	case !secret.secretID.IsNull():
		diags.Append(resp.Private.SetKey(ctx, existingSecretKey, []byte("true"))...)
	case !diags.HasError():
		awaitSecret(ctx, api, plan, storeID, diags)
	}
}

// checkGateway returns the Secrets Store of the gateway. It adds errors about problems of
// the gateway that the service would report less clearly or not at all.
func checkGateway(ctx context.Context, api *client.Client, plan model, diags *diag.Diagnostics) (storeID string) {
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	gateway, err := gateways.Get(ctx, api, accountID, gatewayID)
	switch {
	case errors.Is(err, client.ErrNotFound):
		diagnostics.AddGatewayNotFound(gatewayPath, accountID, gatewayID, contents, diags)
		return ""
	case err != nil:
		// Reading the gateway needs another permission than storing the key.
		diags.Append(diagnostics.FromError(diagnostics.Subject{
			Verb: "read", Object: "gateway", AccountID: accountID, ID: gatewayID,
		}, err)...)
		return ""
	}
	if gateway.StoreID == nil || *gateway.StoreID == "" {
		diags.AddAttributeError(gatewayPath, "Gateway without a Secrets Store", fmt.Sprintf(
			"Nothing was created, because the gateway %q has no store_id and therefore no place for keys. Set store_id of the gateway to the ID of "+
				"a Secrets Store of account %s, which the data source aigateway_secrets_stores lists, and apply again. If the account has "+
				"none, create one with the resource aigateway_secrets_store.", gatewayID, accountID))
		return ""
	}
	if gateway.Authentication != nil && !*gateway.Authentication {
		diags.AddAttributeWarning(gatewayPath, "Gateway without authentication", fmt.Sprintf(
			"The gateway %q has authentication = false. Cloudflare's documentation requires authentication = true for stored keys. Without it, the "+
				"key is not used, or anyone who knows the URL of the gateway can use it.", gatewayID))
	}
	return *gateway.StoreID
}

// awaitSecret waits until the new key can be used, so that requests of the same apply can
// use it. If that cannot be determined, it adds a warning: the provider config exists.
func awaitSecret(ctx context.Context, api *client.Client, m model, storeID string, diags *diag.Diagnostics) {
	if m.SecretID.ValueString() == "" {
		return
	}
	err := keys.AwaitSecret(ctx, api, m.AccountID.ValueString(), storeID, m.SecretID.ValueString())
	if err == nil {
		return
	}
	diags.AddWarning("The key may not be usable yet", fmt.Sprintf(
		"The provider config %q was created, and its key is stored as the secret %s. It is not known whether the key can already be used: %s "+
			"Requests that need it fail until then, usually for some seconds. To check the secret, the API token needs the permission Secrets "+
			"Store Read (or Edit).",
		name(m), m.SecretID.ValueString(), diagnostics.Sentence(diagnostics.Capitalize(err.Error()))))
}

// compare adds an error for every attribute that the service stored with another value
// than planned.
func compare(planned, stored model, diags *diag.Diagnostics) {
	wanted, got := planned.attributes(), stored.attributes()
	for _, name := range crud.Different(wanted, got) {
		crud.AddNotStored("provider config", name, wanted[name], got[name], "Configure the value that the service accepts.", diags)
	}
}

// Read updates the state from the service, and finds out whether the secret still exists.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		config, err := keys.Find(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString())
		if err != nil {
			return err
		}
		state.fromAPI(config)
		return r.lookForSecret(ctx, api, *state, req, resp)
	})
}

// Update sends a new key. Every other change replaces the provider config.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	diags.Append(req.State.Get(ctx, &state)...)
	secret := readSecret(ctx, req.Config, diags)
	if diags.HasError() {
		return
	}
	// Needed even if the rotation fails: states of older versions have no identity.
	diags.Append(identity.Set(ctx, resp.Identity, state.Identity())...)
	if !rotates(state, plan) {
		// Only secret_wo_version was removed.
		diags.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
		return
	}
	secret.check(diags)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	rotated, err := keys.Rotate(secret.hide(ctx), api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString(),
		secret.secretWO.ValueString())
	if errors.Is(err, keys.ErrNoSecret) {
		addLostSecret(state, err, diags)
		return
	}
	if err != nil {
		diags.Append(diagnostics.FromError(state.Subject("rotate the key of"), err)...)
		return
	}
	tflog.Info(ctx, "rotated the key of a provider config", state.Identity().Fields())
	plan.fromRotation(rotated)
	diags.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
}

// Delete deletes the provider config.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	crud.Delete(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return keys.Delete(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString())
	})
}
