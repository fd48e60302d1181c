package dynamicroute

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// A finding is a mistake in a graph.
type finding struct {
	at      path.Path
	summary string
	// what says what is wrong, and advice what to do.
	what, advice string
	grade        grade
}

// A grade says what becomes of a graph with a mistake.
type grade int

const (
	// kept mistakes are refused in new graphs only: it is not documented whether the
	// service stores them, so a route may have them.
	kept grade = iota
	// refused mistakes cannot be in a request, or the service certainly refuses them.
	refused
	// allowed mistakes may be none.
	allowed
)

// keptNote ends messages about mistakes that a route may have.
const keptNote = "Only an existing route that already has this mistake can keep it."

// detail returns the detail of a diagnostic.
func (f finding) detail() string {
	detail := f.what
	if f.advice != "" {
		detail += " " + f.advice
	}
	if f.grade == kept {
		detail += " " + keptNote
	}
	return detail
}

// key identifies a finding. The advice, which lists other elements, is not part of it.
func (f finding) key() string { return f.at.String() + "\n" + f.summary + "\n" + f.what }

// addFindings reports the mistakes of a configuration: as errors if no route can have
// them, and otherwise as warnings. The state is not known where a configuration is
// validated, also one that `plan -generate-config-out` has written for a stored route.
func addFindings(findings []finding, diags *diag.Diagnostics) {
	for _, f := range findings {
		if f.grade == refused {
			diags.AddAttributeError(f.at, f.summary, f.detail())
		} else {
			diags.AddAttributeWarning(f.at, f.summary, f.detail())
		}
	}
}

// refuseNew adds errors about the mistakes of a graph, except those that a route may
// have and that were in its graph before.
func refuseNew(findings, before []finding, diags *diag.Diagnostics) {
	held := make(map[string]bool, len(before))
	for _, f := range before {
		held[f.key()] = f.grade == kept
	}
	for _, f := range findings {
		if f.grade != allowed && !held[f.key()] {
			diags.AddAttributeError(f.at, f.summary, f.detail())
		}
	}
}

// Rules of the values of elements. They are not validators of the schema, whose errors
// would also refuse what the service has stored.
var (
	textRules = map[string]map[string][]validator.String{
		"rate":  {"key": notEmpty},
		"model": {"provider": notEmpty, "model": notEmpty},
	}
	numberRules = map[string]map[string][]validator.Float64{
		"rate":  {"limit": {float64validator.AtLeast(0)}, "window": validate.WholeNumber(1)},
		"model": {"timeout": validate.WholeNumber(0), "retries": validate.WholeNumber(0)},
	}
	notEmpty = []validator.String{stringvalidator.LengthAtLeast(1)}
)

// values checks the texts and numbers of a variant.
func (c *checker) values(ctx context.Context, kind string, at path.Path, parts map[string]attr.Value) {
	for name, rules := range sorted(textRules[kind]) {
		value, _ := parts[name].(types.String)
		for _, rule := range rules {
			var resp validator.StringResponse
			rule.ValidateString(ctx, validator.StringRequest{Path: at.AtName(name), PathExpression: at.AtName(name).Expression(), ConfigValue: value}, &resp)
			c.take(at.AtName(name), resp.Diagnostics)
		}
	}
	for name, rules := range sorted(numberRules[kind]) {
		value, _ := parts[name].(types.Float64)
		for _, rule := range rules {
			var resp validator.Float64Response
			rule.ValidateFloat64(ctx, validator.Float64Request{Path: at.AtName(name), PathExpression: at.AtName(name).Expression(), ConfigValue: value}, &resp)
			c.take(at.AtName(name), resp.Diagnostics)
		}
	}
}

// take adds the errors of a validator.
func (c *checker) take(at path.Path, diags diag.Diagnostics) {
	for _, d := range diags {
		detail := d.Detail()
		if last := len(detail) - 1; last >= 0 && detail[last] != '.' {
			detail += "."
		}
		c.add(finding{at: at, summary: d.Summary(), what: detail})
	}
}
