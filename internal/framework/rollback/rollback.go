// Package rollback undoes what a create has done by halves.
package rollback

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/text"
)

// timeout bounds a deletion, which goes on after an interrupt.
const timeout = 15 * time.Second

// TakeBack deletes an object that was just created and is not what was asked
// for, even if ctx has ended, and tells whether it is gone. In state, it would
// be replaced by every apply. diags gets a warning that says what became of it.
func TakeBack(ctx context.Context, object, id string, remove func(context.Context) error, diags *diag.Diagnostics) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	what := text.Capitalised(object)
	if err := remove(ctx); err != nil {
		diags.AddWarning("The "+object+" exists and will be replaced", fmt.Sprintf(
			"%s %q is in state as it is, and marked as tainted: the next apply deletes it and creates it again. Deleting it at once failed: %s",
			what, id, text.Sentence(err.Error())))
		return false
	}
	diags.AddWarning("The "+object+" was deleted again", fmt.Sprintf(
		"%s %q had just been created and was deleted again, since the service did not store what was asked for.", what, id))
	return true
}
