package providerconfig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// This file is about secrets that were deleted in the Secrets Store. The provider config
// stays then, and nothing in it shows that requests have no key. Read asks the store, and
// leaves a mark in private state, by which the plan replaces the provider config.

const (
	// storeKey holds, in private state, the ID of the Secrets Store with the secret: a
	// provider config does not say it, and reading the gateway costs a request.
	storeKey = "store_id"
	// lostSecretKey marks, in private state, a provider config whose secret is gone.
	lostSecretKey = "secret_lost"
	// settling is how long a new secret may be missing: it takes some seconds to appear,
	// and others were seen to wait for 50.
	settling = 2 * time.Minute
)

// writablePrivate is the private state of a response.
type writablePrivate interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// rememberStore writes the ID of the Secrets Store to private state.
func rememberStore(ctx context.Context, private writablePrivate, storeID string, diags *diag.Diagnostics) {
	raw, err := json.Marshal(storeID)
	if err != nil {
		return // never: it is a string
	}
	diags.Append(private.SetKey(ctx, storeKey, raw)...)
}

func rememberedStore(ctx context.Context, private privateState) string {
	var storeID string
	raw, diags := private.GetKey(ctx, storeKey)
	if diags.HasError() || json.Unmarshal(raw, &storeID) != nil {
		return ""
	}
	return storeID
}

// lostSecret reports whether Read found that the secret is gone.
func lostSecret(ctx context.Context, private privateState) bool {
	raw, diags := private.GetKey(ctx, lostSecretKey)
	return !diags.HasError() && string(raw) == "true"
}

// lookForSecret asks the Secrets Store whether the secret of a provider config still
// exists, and notes in private state if not. A token that may not read secrets is told so
// once for a run. What it cannot find out, it leaves as it was: that is no reason for the
// refresh to fail, unless the run was interrupted.
func (r *Resource) lookForSecret(ctx context.Context, api *client.Client, state model, req resource.ReadRequest, resp *resource.ReadResponse) error {
	accountID := state.AccountID.ValueString()
	if state.SecretID.ValueString() == "" || r.Data.SecretsForbidden(accountID) {
		return nil
	}
	storeID, err := findStore(ctx, api, state, rememberedStore(ctx, req.Private))
	switch {
	case err == nil:
		rememberStore(ctx, resp.Private, storeID, &resp.Diagnostics)
		if lostSecret(ctx, req.Private) {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, lostSecretKey, []byte("false"))...)
		}
	case errors.Is(err, keys.ErrNoSecret):
		if modified, diags := state.ModifiedAt.ValueRFC3339Time(); !diags.HasError() && api.Now().Sub(modified) < settling {
			return nil // it may appear yet
		}
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, lostSecretKey, []byte("true"))...)
		warnOfLostSecret(state, usesExistingSecret(ctx, req.Private), &resp.Diagnostics)
	case errors.Is(err, client.ErrUnauthorized):
		r.Data.ForbidSecrets(accountID)
		tflog.Info(ctx, "the token may not read secrets: keys whose secret was deleted do not show", state.Identity().Fields())
	case ctx.Err() != nil:
		return err
	default:
		tflog.Warn(ctx, "unable to read the secret of a provider config: "+err.Error(), state.Identity().Fields())
	}
	return nil
}

// findStore returns the Secrets Store with the secret of a provider config: the one that
// is remembered, or else the gateway's. The error is [keys.ErrNoSecret] if the secret is in
// neither.
func findStore(ctx context.Context, api *client.Client, state model, remembered string) (string, error) {
	accountID, secretID := state.AccountID.ValueString(), state.SecretID.ValueString()
	if client.ValidID(remembered) {
		if err := keys.FindSecret(ctx, api, accountID, remembered, secretID); !errors.Is(err, client.ErrNotFound) {
			return remembered, err
		}
	}
	gateway, err := gateways.Get(ctx, api, accountID, state.GatewayID.ValueString())
	switch {
	case err != nil:
		// Its text alone: whatever the gateway's error is, it is none about the secret.
		return "", errors.New("the gateway's store_id is not known: " + err.Error())
	case gateway.StoreID == nil || *gateway.StoreID == "":
		return "", errors.New("the gateway has no store_id")
	case *gateway.StoreID == remembered:
		return "", keys.ErrNoSecret
	}
	if err := keys.FindSecret(ctx, api, accountID, *gateway.StoreID, secretID); errors.Is(err, client.ErrNotFound) {
		return "", keys.ErrNoSecret
	} else if err != nil {
		return "", err
	}
	return *gateway.StoreID, nil
}

// warnOfLostSecret warns that requests have no key.
func warnOfLostSecret(state model, existing bool, diags *diag.Diagnostics) {
	what := "The plan replaces the provider config, which stores the key of secret_wo again, unless it is configured with secret_id."
	if existing {
		what = "Create a secret with the same name and the scope ai_gateway, and set secret_id to its ID: that replaces the provider config."
	}
	diags.AddWarning("The secret of a key was deleted", fmt.Sprintf(
		"The provider config %q of gateway %q in account %s refers to the secret %s, which is no longer in the Secrets Store. Requests that need the "+
			"key fail with the error 2040. %s",
		name(state), state.GatewayID.ValueString(), state.AccountID.ValueString(), state.SecretID.ValueString(), what))
}

// replaceLost plans the replacement of a provider config whose secret is gone: the API
// can neither give it another secret nor change one that does not exist. It reports
// whether it did. A configuration that names the lost secret is not replaced, since that
// would fail.
func replaceLost(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan *model) bool {
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("secret_id"), &configured)...)
	if !configured.IsNull() || !lostSecret(ctx, req.Private) {
		return false
	}
	plan.SecretID = types.StringUnknown()
	resp.RequiresReplace = append(resp.RequiresReplace, path.Root("secret_id"))
	return true
}

// addLostSecret adds the error of a rotation that failed because the secret is gone.
func addLostSecret(state model, err error, diags *diag.Diagnostics) {
	diags.AddError("Unable to rotate the key of provider config", fmt.Sprintf(
		"%s: %s\n\nThe secret %s was deleted in the Secrets Store, so there is nothing whose value could be replaced, and requests that need the "+
			"key fail with the error 2040. Nothing was changed. Replace the provider config, which stores the key as a new secret, with the name of "+
			"your resource: terraform apply -replace=%s.NAME. If the API token has the permission Secrets Store Read, the next plan does so by itself.",
		state.Subject("rotate the key of"), diagnostics.Sentence(err.Error()), state.SecretID.ValueString(), ResourceType))
}
