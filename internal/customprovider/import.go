package customprovider

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// uuidPattern matches IDs. A slug that looks like an ID is taken as an ID.
var uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// ImportState accepts an ID or a slug, optionally after "account_id/", or an identity. It
// writes to state what Read needs.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	target := identity.InAccount{ID: types.StringValue(req.ID)}
	byID := !identity.HasIdentity(req)
	if !byID {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else if accountID, id, found := strings.Cut(req.ID, "/"); found {
		target = identity.InAccount{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !support.Check(r.Data, &resp.Diagnostics) {
		return
	}
	target.AccountID = r.Data.KnownAccount(target.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if byID && (!client.AccountIDPattern.MatchString(target.AccountID.ValueString()) || !client.ValidID(target.ID.ValueString())) {
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
			"%q does not identify a custom provider. Use its slug, such as \"my-llm\", or its ID, a UUID. For another account than the "+
				"provider's, put the account ID first, such as \"0123456789abcdef0123456789abcdef/my-llm\".", req.ID))
		return
	}
	if byID && !uuidPattern.MatchString(target.ID.ValueString()) {
		target.ID = r.findID(ctx, target.AccountID, target.ID, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	target.Import(ctx, resp)
}

// findID returns the ID of the custom provider with the slug.
func (r *Resource) findID(ctx context.Context, accountID, slug types.String, diags *diag.Diagnostics) types.String {
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return types.StringNull()
	}
	found, err := customproviders.Find(ctx, api, accountID.ValueString(), slug.ValueString())
	switch {
	case errors.Is(err, client.ErrNotFound):
		addNotFound(accountID, fmt.Sprintf("slug %q", slug.ValueString()), path.Empty(), diags)
	case err != nil:
		diags.Append(diagnostics.FromError(model{AccountID: accountID, facts: facts{Slug: slug}}.Subject("read"), err)...)
	default:
		return types.StringValue(found.ID)
	}
	return types.StringNull()
}

// addNotFound adds the error that a custom provider does not exist, at the attribute that
// names it, or without a path if it is empty.
func addNotFound(accountID types.String, what string, at path.Path, diags *diag.Diagnostics) {
	diagnostics.AddAt(at, "Custom provider not found", fmt.Sprintf(
		"Account %s has no custom provider with the %s. Check it and the account (account_id here or of the provider, or CLOUDFLARE_ACCOUNT_ID). "+
			"The data source aigateway_custom_providers lists the custom providers of an account.", accountID.ValueString(), what),
		"If this configuration creates the custom provider, refer to the resource instead.", diags)
}
