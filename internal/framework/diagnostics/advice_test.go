package diagnostics_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

func TestAddAdvice(t *testing.T) {
	at := path.Root("name")
	diags := diag.Diagnostics{
		diag.NewWarningDiagnostic("Warning", "One."), diag.NewAttributeErrorDiagnostic(at, "Error", "Two."), diag.NewErrorDiagnostic("Error", "Three."),
	}
	diagnostics.AddAdvice(diags, "Do this.")
	want := diag.Diagnostics{
		diag.NewWarningDiagnostic("Warning", "One."), diag.NewAttributeErrorDiagnostic(at, "Error", "Two.\n\nDo this."), diag.NewErrorDiagnostic("Error", "Three."),
	}
	for i := range want {
		if !diags[i].Equal(want[i]) {
			t.Errorf("%d: %v, want %v", i, diags[i], want[i])
		}
	}
	diagnostics.AddAdvice(nil, "Do this.")
	diagnostics.AddAdvice(diags[:1], "Do this.")
	if !diags[0].Equal(want[0]) {
		t.Error("a warning is advised")
	}
}
