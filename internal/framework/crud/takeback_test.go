package crud_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
)

func TestTakeBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure         error
		gone            bool
		summary, detail string
	}{
		"deleted": {
			nil, true, "The custom provider was deleted again",
			`Custom provider "mine" was created and then deleted again, because the service did not store what was planned.`,
		},
		"left": {
			errors.New("delete custom provider: HTTP 403"), false, "The custom provider exists and will be replaced",
			`Custom provider "mine" was created with other settings than planned, and deleting it failed: delete custom provider: HTTP 403. ` +
				"It is in state and marked as tainted, so the next apply deletes it and creates it again.",
		},
		"unknown": {
			fmt.Errorf("delete custom provider: %w", client.ErrOutcomeUnknown), false, "The custom provider may still exist and will be replaced",
			`Custom provider "mine" was created with other settings than planned, and deleting it failed: delete custom provider: outcome unknown. ` +
				"It is in state and marked as tainted, so the next apply deletes it and creates it again.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			diags.AddError("What was asked for was not stored", "Why.")
			calls := 0
			remove := func(context.Context) error {
				calls++
				return test.failure
			}
			if gone := crud.TakeBack(t.Context(), "custom provider", "mine", remove, &diags); gone != test.gone || calls != 1 {
				t.Errorf("gone: %t after %d deletions", gone, calls)
			}
			want := diag.NewWarningDiagnostic(test.summary, test.detail)
			if len(diags) != 2 || diags.ErrorsCount() != 1 || !diags[1].Equal(want) {
				t.Errorf("got %v\nwant %v beside the error", diags, want)
			}
		})
	}
}

// An interrupt must not leave an unwanted object behind, but the deletion must have
// a deadline.
func TestTakeBackOutlivesAnInterrupt(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, interrupt := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	interrupt()
	var diags diag.Diagnostics
	gone := crud.TakeBack(ctx, "gateway", "demo", func(ctx context.Context) error {
		deadline, bounded := ctx.Deadline()
		if left := time.Until(deadline); !bounded || left > 15*time.Second || left < 5*time.Second {
			t.Errorf("%s are left for the deletion", left)
		}
		if ctx.Value(key{}) != "kept" {
			t.Error("what the context carries, such as the log, is gone")
		}
		return ctx.Err()
	}, &diags)
	if !gone || diags.HasError() {
		t.Errorf("gone: %t, %v", gone, diags)
	}
}
