// Package identity writes the identities of resources.
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

// Publish writes state and identity together, so that neither is forgotten.
func Publish(ctx context.Context, state *tfsdk.State, model any, resourceIdentity *tfsdk.ResourceIdentity, identity any) diag.Diagnostics {
	var diags diag.Diagnostics
	if converts, ok := model.(rawValue); ok {
		value, writeDiags := converts.Raw(ctx)
		if diags.Append(writeDiags...); !diags.HasError() {
			state.Raw = value
		}
	} else {
		diags.Append(state.Set(ctx, model)...)
	}
	diags.Append(set(ctx, resourceIdentity, identity)...)
	return diags
}

// Remove removes an object that is gone from state. The framework requires an
// identity even then, and a CLI without support for identities has sent none.
func Remove(ctx context.Context, state *tfsdk.State, resourceIdentity *tfsdk.ResourceIdentity, identity any) diag.Diagnostics {
	state.RemoveResource(ctx)
	return set(ctx, resourceIdentity, identity)
}

func set(ctx context.Context, resourceIdentity *tfsdk.ResourceIdentity, identity any) diag.Diagnostics {
	converts, ok := identity.(rawValue)
	if !ok {
		return resourceIdentity.Set(ctx, identity)
	}
	value, diags := converts.Raw(ctx)
	if !diags.HasError() {
		resourceIdentity.Raw = value
	}
	return diags
}
