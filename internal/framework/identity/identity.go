// Package identity writes what a resource is beside what it tells the service.
package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Publish writes state and identity together, so that neither can be
// forgotten. Both are structs with tags.
func Publish(ctx context.Context, state *tfsdk.State, model any, resourceIdentity *tfsdk.ResourceIdentity, identity any) diag.Diagnostics {
	var diags diag.Diagnostics
	diags.Append(state.Set(ctx, model)...)
	diags.Append(resourceIdentity.Set(ctx, identity)...)
	return diags
}

// Remove takes an object that is gone out of state. The framework wants an
// identity even of that, and a CLI that keeps no identities has not sent one.
func Remove(ctx context.Context, state *tfsdk.State, resourceIdentity *tfsdk.ResourceIdentity, identity any) diag.Diagnostics {
	state.RemoveResource(ctx)
	return resourceIdentity.Set(ctx, identity)
}
