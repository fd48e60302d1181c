package crud_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
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
			api := newClient(t)
			if gone := crud.TakeBack(t.Context(), api, "custom provider", "mine", remove, &diags); gone != test.gone || calls != 1 {
				t.Errorf("gone: %t after %d deletions", gone, calls)
			}
			want := diag.NewWarningDiagnostic(test.summary, test.detail)
			if len(diags) != 2 || diags.ErrorsCount() != 1 || !diags[1].Equal(want) {
				t.Errorf("got %v\nwant %v beside the error", diags, want)
			}
		})
	}
}

// newClient returns a client that sends nothing.
func newClient(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{APIToken: "token", WireFormat: client.WireCloudflare})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// An interrupt must not leave an unwanted object behind, but the deletion must have an
// end.
func TestTakeBackOutlivesAnInterrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		ctx, interrupt := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
		interrupt()
		var diags diag.Diagnostics
		start := time.Now()
		gone := crud.TakeBack(ctx, newClient(t), "gateway", "demo", func(ctx context.Context) error {
			if ctx.Value(key{}) != "kept" {
				t.Error("what the context carries, such as the log, is gone")
			}
			if ctx.Err() != nil {
				t.Error("the deletion is interrupted")
			}
			<-ctx.Done()
			return context.Cause(ctx)
		}, &diags)
		if took := time.Since(start); gone || took != 15*time.Second {
			t.Errorf("gone: %t after %s, %v", gone, took, diags)
		}
	})
}
