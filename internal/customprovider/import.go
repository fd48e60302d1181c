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

// uuidPattern is what an id looks like. A slug that looks like one is taken for
// one.
var uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// ImportState takes an id or a slug, with or without "account_id/" in front, or
// an identity. It sets what Read needs; Read does the rest.
func (r *customResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	target := identity.InAccount{ID: types.StringValue(req.ID)}
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else if accountID, id, found := strings.Cut(req.ID, "/"); found {
		target = identity.InAccount{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Data.AddUnsupported("Custom providers", r.Data.Client.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	target.AccountID = r.Data.KnownAccount(target.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.ID != "" && (!client.AccountIDPattern.MatchString(target.AccountID.ValueString()) || !client.ValidID(target.ID.ValueString())) {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf(
			"%q does not name a custom provider. Give its slug, such as \"my-llm\", or its id, a UUID, for one in the provider's account; with "+
				"another account's id in front, such as \"0123456789abcdef0123456789abcdef/my-llm\".", req.ID))
		return
	}
	if req.ID != "" && !uuidPattern.MatchString(target.ID.ValueString()) {
		target.ID = r.idOf(ctx, target.AccountID, target.ID, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	target.Import(ctx, resp)
}

// idOf is the id of the custom provider with this slug.
func (r *customResource) idOf(ctx context.Context, accountID, slug types.String, diags *diag.Diagnostics) types.String {
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return types.StringNull()
	}
	found, err := customproviders.Find(ctx, api, accountID.ValueString(), slug.ValueString())
	switch {
	case errors.Is(err, client.ErrNotFound):
		addNotFound(accountID, fmt.Sprintf("slug %q", slug.ValueString()), path.Empty(), diags)
	case err != nil:
		about := model{AccountID: accountID}
		about.Slug = slug
		diags.Append(diagnostics.FromError(subject("read", about), err)...)
	default:
		return types.StringValue(found.ID)
	}
	return types.StringNull()
}

// addNotFound says that there is no such custom provider. The path is that of
// the attribute that names it, empty if none does.
func addNotFound(accountID types.String, what string, at path.Path, diags *diag.Diagnostics) {
	summary := "Custom provider not found"
	detail := fmt.Sprintf("Account %s has no custom provider with the %s. Check it and the account (account_id here, of the provider, or "+
		"CLOUDFLARE_ACCOUNT_ID); aigateway_custom_providers lists those that exist. If the same configuration creates it, refer to the resource "+
		"instead.", accountID.ValueString(), what)
	if at.Equal(path.Empty()) {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(at, summary, detail)
}
