package protocol

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Diagnostics are the errors and warnings of an operation.
type Diagnostics []*tfprotov6.Diagnostic

// HasError reports whether any of them is an error.
func (d Diagnostics) HasError() bool {
	for _, diag := range d {
		if diag.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// String returns all of them as text: severity, attribute, summary and detail.
func (d Diagnostics) String() string {
	var b strings.Builder
	for _, diag := range d {
		at := ""
		if diag.Attribute != nil {
			at = " at " + diag.Attribute.String()
		}
		fmt.Fprintf(&b, "%s%s: %s\n%s\n", diag.Severity, at, diag.Summary, diag.Detail)
	}
	return b.String()
}

// At returns those that point to the root attribute of this name or into it.
func (d Diagnostics) At(attribute string) Diagnostics {
	var at Diagnostics
	for _, diag := range d {
		if diag.Attribute == nil || len(diag.Attribute.Steps()) == 0 {
			continue
		}
		if name, ok := diag.Attribute.Steps()[0].(tftypes.AttributeName); ok && string(name) == attribute {
			at = append(at, diag)
		}
	}
	return at
}
