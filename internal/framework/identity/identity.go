// Package identity holds the identities of resources, and writes them together with
// state.
package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A rawValue converts itself for plan, state or identity. Other models are structs
// with tags, which the framework converts by reflection.
type rawValue interface {
	Raw(context.Context) (tftypes.Value, diag.Diagnostics)
}

// An Identity is the identity of an API object: [InAccount] or [InGateway].
type Identity interface {
	rawValue
	// Fields returns the identity as fields of a log entry.
	Fields() map[string]any
}

// Publish writes state and identity together, so that neither is forgotten.
func Publish(
	ctx context.Context, state *tfsdk.State, model any, resourceIdentity *tfsdk.ResourceIdentity, identity Identity,
) diag.Diagnostics {
	var diags diag.Diagnostics
	if converts, ok := model.(rawValue); ok {
		value, writeDiags := converts.Raw(ctx)
		if diags.Append(writeDiags...); !diags.HasError() {
			state.Raw = value
		}
	} else {
		diags.Append(state.Set(ctx, model)...)
	}
	diags.Append(Set(ctx, resourceIdentity, identity)...)
	return diags
}

// Remove removes an object that no longer exists from state. The framework requires an
// identity even then, and a CLI without support for identities has sent none.
func Remove(ctx context.Context, state *tfsdk.State, resourceIdentity *tfsdk.ResourceIdentity, identity Identity) diag.Diagnostics {
	state.RemoveResource(ctx)
	return Set(ctx, resourceIdentity, identity)
}

// Set writes the identity alone. It uses no reflection, since every plan writes the
// identity of every object.
func Set(ctx context.Context, resourceIdentity *tfsdk.ResourceIdentity, identity Identity) diag.Diagnostics {
	value, diags := identity.Raw(ctx)
	if !diags.HasError() {
		resourceIdentity.Raw = value
	}
	return diags
}
