package crud

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// TakeBack deletes an object that was just created and is not what was planned: in
// state, every apply would replace it. It does so even if ctx has ended, within the time
// of a [client.Client.Recovery]. It reports whether the object is gone, and adds a warning
// either way.
func TakeBack(ctx context.Context, api *client.Client, object, id string, remove func(context.Context) error, diags *diag.Diagnostics) bool {
	ctx, cancel := api.Recovery(ctx)
	defer cancel()
	what := diagnostics.Capitalize(object)
	if err := remove(ctx); err != nil {
		exists := "exists"
		if errors.Is(err, client.ErrOutcomeUnknown) || errors.Is(err, client.ErrUnavailable) {
			exists = "may still exist"
		}
		diags.AddWarning("The "+object+" "+exists+" and will be replaced", fmt.Sprintf(
			"%s %q was created with other settings than planned, and deleting it failed: %s It is in state and marked as tainted, so the next "+
				"apply deletes it and creates it again.",
			what, id, diagnostics.Sentence(err.Error())))
		return false
	}
	diags.AddWarning("The "+object+" was deleted again", fmt.Sprintf(
		"%s %q was created and then deleted again, because the service did not store what was planned.", what, id))
	return true
}
