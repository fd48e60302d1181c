package secretsstore

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// idPattern matches IDs (documented: 32 hexadecimal digits). A name that looks like an ID is
// taken as an ID.
var idPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// ImportState accepts an ID or a name, optionally after "account_id/", or an identity. It
// writes to state what Read needs.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	diags := &resp.Diagnostics
	byIdentity := identity.HasIdentity(req)
	target := identity.InAccount{ID: types.StringValue(req.ID)}
	if byIdentity {
		diags.Append(req.Identity.Get(ctx, &target)...)
	} else if accountID, id, found := strings.Cut(req.ID, "/"); found {
		target = identity.InAccount{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
	}
	if diags.HasError() || !support.Check(r.Data, diags) {
		return
	}
	target.AccountID = r.Data.KnownAccount(target.AccountID, diags)
	if diags.HasError() {
		return
	}
	if !byIdentity {
		id := target.ID.ValueString()
		if !client.AccountIDPattern.MatchString(target.AccountID.ValueString()) || id == "" || strings.Contains(id, "/") {
			addInvalidImport(req.ID, diags)
			return
		}
		if !idPattern.MatchString(id) {
			target.ID = r.findID(ctx, target.AccountID, id, diags)
			if diags.HasError() {
				return
			}
		}
	}
	target.Import(ctx, resp)
}

func addInvalidImport(id string, diags *diag.Diagnostics) {
	diags.AddError("Invalid import ID", fmt.Sprintf(
		"%q does not identify a Secrets Store. Use its ID, 32 hexadecimal digits, or its name, such as \"default_secrets_store\". For another "+
			"account than the provider's, put the account ID first, such as \"0123456789abcdef0123456789abcdef/default_secrets_store\".", id))
}

// findID returns the ID of the Secrets Store with the name.
func (r *Resource) findID(ctx context.Context, accountID types.String, name string, diags *diag.Diagnostics) types.String {
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return types.StringNull()
	}
	found, err := find(ctx, api, accountID.ValueString(), func(store *secretsstores.Store) bool { return store.Name == name })
	switch {
	case errors.Is(err, client.ErrNotFound):
		diags.AddError("Secrets Store not found", fmt.Sprintf(
			"Account %s has no Secrets Store with the name %q. Check it and the account (account_id here or of the provider, or "+
				"CLOUDFLARE_ACCOUNT_ID). The data source aigateway_secrets_stores lists the stores of an account.", accountID.ValueString(), name))
	case err != nil:
		diags.Append(diagnostics.FromError(model{AccountID: accountID, facts: facts{Name: types.StringValue(name)}}.Subject("read"), err)...)
	default:
		return types.StringValue(found.ID)
	}
	return types.StringNull()
}
