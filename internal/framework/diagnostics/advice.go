package diagnostics

import "github.com/hashicorp/terraform-plugin-framework/diag"

// AddAdvice appends a paragraph to the first error, if there is one.
func AddAdvice(diags diag.Diagnostics, advice string) {
	for i, d := range diags {
		if d.Severity() != diag.SeverityError {
			continue
		}
		var advised diag.Diagnostic = diag.NewErrorDiagnostic(d.Summary(), d.Detail()+"\n\n"+advice)
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			advised = diag.WithPath(located.Path(), advised)
		}
		diags[i] = advised
		return
	}
}

// InvokeAgain returns the advice for an action that failed: the CLI keeps what was applied
// before it, so the next plan does not invoke the action.
func InvokeAgain(actionType string) string {
	return "What was applied before this action stays applied, and the next plan does not invoke the action again. To repeat it alone, run: " +
		"terraform apply -invoke=action." + actionType + ".<name>, with the name of the action block."
}
