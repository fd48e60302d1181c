package dynamicroute_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// refusal is the one finding that a mistake makes.
type refusal struct {
	config  attrs
	at      string // the attribute, as elements["a"].model.timeout
	summary string
	detail  string // the whole of it, but for the note that a route may keep it
}

// keptNote ends the detail of a mistake that a route may have.
const keptNote = " Only an existing route that already has this mistake can keep it."

// always reports whether no route can have the mistake.
func (r refusal) always(name string) bool {
	switch r.summary {
	case "Reserved ID of an element", "Element without an ID", "Element of several kinds", "Element of no kind", "Edge back to the start",
		"Missing Configuration for Required Attribute", "Invalid JSON object", "Invalid Attribute Value Match":
		return true
	}
	return slices.Contains([]string{"target/nothing in outputs", "target/no entry", "target/the start as entry", "shares/none"}, name) ||
		strings.HasPrefix(name, "shares/spelling")
}

// route returns a configuration of these elements, with a as the first.
func route(elements attrs) attrs {
	return attrs{"gateway_id": gatewayID, "name": "route", "entry": "a", "elements": elements}
}

// to returns an element that asks a model.
func to(success, fallback string) attrs { return modelTo("openai", "gpt-5.2", success, fallback) }

// both returns an element that has another one behind it in any case.
func both(next string) attrs { return to(next, next) }

// percentage returns an element with these shares.
func percentage(outputs attrs) attrs { return attrs{"percentage": attrs{"outputs": outputs}} }

const noElement = "Element that does not exist"

func missingTargets() map[string]refusal {
	const says = `Element "%s": %s leads to "nowhere", but there is no such element. It must be %s or "end".`
	refused := func(element, at, output string) refusal {
		others := slices.DeleteFunc([]string{"cheap", "quota", "split", "strong", "tier"}, func(id string) bool { return id == element })
		return refusal{
			with(support(), "elements."+element+"."+at, "nowhere"), `elements["` + element + `"].` + at, noElement,
			fmt.Sprintf(says, element, output, `"`+strings.Join(others, `", "`)+`"`),
		}
	}
	inOutputs := refused("split", "percentage.outputs.else", `outputs["else"]`)
	inOutputs.at = `elements["split"].percentage.outputs["else"]`
	alone := route(attrs{"a": to("b", "end")})
	null := with(support(), "elements.split", percentage(attrs{"10%": "strong", "else": nil}))
	self := route(attrs{"a": to("end", "start")})
	return map[string]refusal{
		"on_true":              refused("tier", "conditional.on_true", "on_true"),
		"on_false":             refused("tier", "conditional.on_false", "on_false"),
		"on_success, rate":     refused("quota", "rate.on_success", "on_success"),
		"on_fallback, rate":    refused("quota", "rate.on_fallback", "on_fallback"),
		"on_success, model":    refused("strong", "model.on_success", "on_success"),
		"on_fallback, model":   refused("cheap", "model.on_fallback", "on_fallback"),
		"outputs":              inOutputs,
		"the only element":     {alone, `elements["a"].model.on_success`, noElement, `Element "a": on_success leads to "b", but there is no such element. It must be "end".`},
		"nothing in outputs":   {null, `elements["split"].percentage.outputs["else"]`, noElement, `Element "split": outputs["else"] leads to "", but there is no such element. It must be "cheap", "quota", "strong", "tier" or "end".`},
		"back to the start":    {self, `elements["a"].model.on_fallback`, "Edge back to the start", `Element "a": on_fallback leads to "start", but that would be a cycle. It must be "end".`},
		"entry":                {with(support(), "entry", "nowhere"), "entry", noElement, `entry is "nowhere", but there is no such element. It must be the ID of the first element: "cheap", "quota", "split", "strong" or "tier".`},
		"no entry":             {with(support(), "entry", ""), "entry", noElement, `entry is "", but there is no such element. It must be the ID of the first element: "cheap", "quota", "split", "strong" or "tier".`},
		"the end as entry":     {with(support(), "entry", "end"), "entry", "Dynamic route that does nothing", `entry is "end", but requests would not reach an element. It must be the ID of the first element: "cheap", "quota", "split", "strong" or "tier".`},
		"the start as entry":   {with(support(), "entry", "start"), "entry", "Dynamic route that does nothing", `entry is "start", but requests would not reach an element. It must be the ID of the first element: "cheap", "quota", "split", "strong" or "tier".`},
		"among many elements":  {with(longRoute(14), "entry", "element"), "entry", noElement, `entry is "element", but there is no such element. It must be the ID of the first element: "element-000", "element-001", "element-002", "element-003", "element-004", "element-005", "element-006", "element-007", "element-008", "element-009" or one of 4 more elements.`},
		"upper and lower case": {with(support(), "elements.strong.model.on_fallback", "Cheap"), `elements["strong"].model.on_fallback`, noElement, `Element "strong": on_fallback leads to "Cheap", but there is no such element. It must be "cheap", "quota", "split", "tier" or "end".`},
	}
}

const cycle = "Cycle in a dynamic route"

func cycles() map[string]refusal {
	const endless, leaves = " The end cannot be reached from the cycle.", " A request could follow the cycle and never reach the end."
	const last = " Change the target of one of these elements."
	long, round := attrs{}, []string{}
	for i := range 30 {
		long[fmt.Sprintf("a%02d", i)] = to(fmt.Sprintf("a%02d", i+1), "end")
		round = append(round, fmt.Sprintf(`"a%02d"`, i))
	}
	long["a30"] = to("a00", "end")
	shared := attrs{"entry": "z", "elements": attrs{
		"z": to("u", "v"), "u": both("v"), "v": to("x", "y"), "x": both("w"), "y": both("w"), "w": to("v", "end"),
	}}
	return map[string]refusal{
		"to itself":        {route(attrs{"a": to("a", "end")}), `elements["a"].model.on_success`, cycle, `Element "a": on_success leads back to "a": "a" -> "a".` + leaves + last},
		"only to itself":   {route(attrs{"a": both("a")}), `elements["a"].model.on_success`, cycle, `Element "a": on_success leads back to "a": "a" -> "a".` + endless + last},
		"of two":           {route(attrs{"a": both("b"), "b": to("end", "a")}), `elements["b"].model.on_fallback`, cycle, `Element "b": on_fallback leads back to "a": "a" -> "b" -> "a".` + leaves + last},
		"of two, endless":  {route(attrs{"a": both("b"), "b": both("a")}), `elements["b"].model.on_success`, cycle, `Element "b": on_success leads back to "a": "a" -> "b" -> "a".` + endless + last},
		"behind the entry": {route(attrs{"a": both("b"), "b": both("c"), "c": both("b")}), `elements["c"].model.on_success`, cycle, `Element "c": on_success leads back to "b": "b" -> "c" -> "b".` + endless + last},
		"long":             {with(route(long), "entry", "a00"), `elements["a30"].model.on_success`, cycle, `Element "a30": on_success leads back to "a00": ` + strings.Join(round, " -> ") + ` -> "a30" -> "a00".` + leaves + last},
		"through a percentage": {
			route(attrs{"a": percentage(attrs{"50%": "b", "else": "end"}), "b": percentage(attrs{"10%": "a", "else": "end"})}),
			`elements["b"].percentage.outputs["10%"]`, cycle, `Element "b": outputs["10%"] leads back to "a": "a" -> "b" -> "a".` + leaves + last,
		},
		"through a rate and a condition": {
			with(support(), "elements.quota.rate.on_fallback", "tier"), `elements["quota"].rate.on_fallback`, cycle,
			`Element "quota": on_fallback leads back to "tier": "tier" -> "quota" -> "tier".` + leaves + last,
		},
		// Many ways lead around, and one of them makes them so.
		"one mistake in many ways": {
			with(with(route(nil), "entry", "z"), "elements", shared["elements"]), `elements["w"].model.on_success`, cycle,
			`Element "w": on_success leads back to "v": "v" -> "x" -> "w" -> "v".` + leaves + last,
		},
		// An element that only the mistaken way could lead to is no mistake of its own.
		"instead of another": {
			route(attrs{"a": both("b"), "b": both("a"), "c": both("end")}), `elements["b"].model.on_success`, cycle,
			`Element "b": on_success leads back to "a": "a" -> "b" -> "a".` + endless + last,
		},
	}
}

func unreached() map[string]refusal {
	const summary, last = "Element that cannot be reached", ` cannot be reached from entry ("a"). Make it the target of an element, or remove it.`
	const start = `The element `
	return map[string]refusal{
		"one":            {route(attrs{"a": both("end"), "b": both("end")}), `elements["b"]`, summary, start + `"b"` + last},
		"leads back":     {route(attrs{"a": both("end"), "b": both("a")}), `elements["b"]`, summary, start + `"b"` + last},
		"what is behind": {route(attrs{"a": both("end"), "c": both("b"), "b": to("d", "a"), "d": both("end")}), `elements["c"]`, summary, start + `"c" and the elements after it, "b" or "d",` + last},
		"by entry":       {with(support(), "entry", "split"), `elements["tier"]`, summary, strings.Replace(start+`"tier" and the elements after it, "quota",`+last, `("a")`, `("split")`, 1)},
	}
}

const badShares = "Invalid shares of a percentage"

func shareMistakes() map[string]refusal {
	refused := func(outputs attrs, at, detail string) refusal {
		for output := range outputs {
			outputs[output] = "end"
		}
		return refusal{route(attrs{"a": percentage(outputs)}), `elements["a"].percentage.outputs` + at, badShares, `Element "a": ` + detail}
	}
	form := func(share string) refusal {
		return refused(attrs{share: "", "else": ""}, `["`+share+`"]`,
			`the share "`+share+`" is neither a percentage, such as "10%", nor "else".`)
	}
	all := map[string]refusal{
		"above 100":      refused(attrs{"60%": "", "50%": ""}, "", "the shares add up to 110%, which is more than 100%."),
		"a bit too much": refused(attrs{"99.999999999%": "", "0.000000002%": "", "else": ""}, "", "the shares add up to 100.000000001%, which is more than 100%."),
		"101%":           refused(attrs{"101%": "", "else": ""}, "", "the shares add up to 101%, which is more than 100%."),
		"no rest":        refused(attrs{"60%": "", "30.5%": ""}, "", `the shares add up to 90.5%, and there is no "else" for the rest. Add "else", or shares up to 100%.`),
		"six": refused(attrs{"1%": "", "2%": "", "3%": "", "4%": "", "5%": "", "6%": "", "else": ""}, "",
			`there are 6 shares besides "else". The service documents at most 5.`),
		"two alike": refused(attrs{"10%": "", "10.0%": "", "else": ""}, `["10.0%"]`, `the shares "10%" and "10.0%" are equal. Use "else" for one of them.`),
		// The other spelling is not a mistake of its own beside one of these.
		"two alike, zeros in front": refused(attrs{"010%": "", "10%": "", "else": ""}, `["10%"]`, `the shares "010%" and "10%" are equal. Use "else" for one of them.`),
		"two alike, both odd":       refused(attrs{"010%": "", "10.0%": "", "else": ""}, `["10.0%"]`, `the shares "010%" and "10.0%" are equal. Use "else" for one of them.`),
		"spelling and sum":          refused(attrs{"60%": "", "50.0%": ""}, `["50.0%"]`, `write the share "50.0%" as "50%".`),
		"none":                      refused(attrs{}, "", `it has no outputs, so "end" cannot be reached from it. Add at least one output, such as "else".`),
	}
	for share, plain := range map[string]string{
		"10.0%": "10%", "010%": "10%", "05.500%": "5.5%", "00%": "0%", "0.0%": "0%", "100.0%": "100%", "1.100000000%": "1.1%",
	} {
		all["spelling "+share] = refused(attrs{share: "", "else": ""}, `["`+share+`"]`, fmt.Sprintf("write the share %q as %q.", share, plain))
	}
	for _, share := range []string{"ten", "10", "-1%", "+1%", "10.5.1%", "1000%", "10 %", "10.%", ".5%", "1e1%", "١٠%", "%", "", "Else", "10%%"} {
		all["share "+share] = form(share)
	}
	return all
}

func elementMistakes() map[string]refusal {
	const reserved = `No element can have the ID "%s", because start and end are implied: entry names the first element, and "end" as a target ends ` +
		"the route. Choose another ID."
	several := attrs{"model": both("end")["model"], "percentage": percentage(attrs{"else": "end"})["percentage"]}
	return map[string]refusal{
		"no elements":       {route(attrs{}), "elements", "Dynamic route without elements", "A route needs at least one element, such as a model. To delete the route, remove the resource."},
		"id start":          {route(attrs{"a": both("start"), "start": both("end")}), `elements["start"]`, "Reserved ID of an element", fmt.Sprintf(reserved, "start")},
		"id start as entry": {with(route(attrs{"start": both("end")}), "entry", "start"), `elements["start"]`, "Reserved ID of an element", fmt.Sprintf(reserved, "start")},
		"id end":            {route(attrs{"a": both("end"), "end": both("end")}), `elements["end"]`, "Reserved ID of an element", fmt.Sprintf(reserved, "end")},
		"no id":             {with(route(attrs{"": both("end")}), "entry", ""), `elements[""]`, "Element without an ID", "The ID of an element is the empty string. Choose an ID."},
		// Reserved ids alone: nothing could be said of an entry elsewhere.
		"no id, entry elsewhere":  {route(attrs{"": both("end")}), `elements[""]`, "Element without an ID", "The ID of an element is the empty string. Choose an ID."},
		"no id, leads nowhere":    {route(attrs{"": both("nowhere")}), `elements[""]`, "Element without an ID", "The ID of an element is the empty string. Choose an ID."},
		"no id beside others":     {route(attrs{"a": both("nowhere"), "": both("a")}), `elements[""]`, "Element without an ID", "The ID of an element is the empty string. Choose an ID."},
		"only start":              {route(attrs{"start": both("end")}), `elements["start"]`, "Reserved ID of an element", fmt.Sprintf(reserved, "start")},
		"only end":                {route(attrs{"end": both("end")}), `elements["end"]`, "Reserved ID of an element", fmt.Sprintf(reserved, "end")},
		"only end, without entry": {with(route(attrs{"end": both("a")}), "entry", ""), `elements["end"]`, "Reserved ID of an element", fmt.Sprintf(reserved, "end")},
		"no kind":                 {route(attrs{"a": both("b"), "b": attrs{}, "c": both("end")}), `elements["b"]`, "Element of no kind", `Element "b" must have exactly one of conditional, percentage, rate and model. It has none of them.`},
		"nothing at all":          {route(attrs{"a": both("b"), "b": nil}), `elements["b"]`, "Element of no kind", `Element "b" must have exactly one of conditional, percentage, rate and model. It has none of them.`},
		"several kinds":           {route(attrs{"a": several}), `elements["a"]`, "Element of several kinds", `Element "a" has model and percentage. An element must have exactly one of them: move the others to elements of their own.`},
	}
}

// valueMistakes returns those of attributes by themselves.
func valueMistakes() map[string]refusal {
	in := func(at string, value any, summary, detail string) refusal {
		_, rest, _ := strings.Cut(at, ".")
		element, rest, _ := strings.Cut(rest, ".")
		place := `elements["` + element + `"].` + rest
		return refusal{with(support(), at, value), place, summary, strings.ReplaceAll(detail, "<>", place)}
	}
	const isNull = "Must set a configuration value for the <> attribute as the provider has marked it as required.\n\n" +
		"Refer to the provider documentation or contact the provider developers for additional information about configurable attributes that " +
		"are required."
	const noJSON = "Invalid JSON object"
	json := func(text, is string) refusal {
		return in("elements.tier.conditional.conditions", text, noJSON,
			"<> must be a JSON string that holds an object, but it is "+is+". Use jsonencode({ … }) to write it.")
	}
	tooLarge := func(text, number string) refusal {
		return in("elements.tier.conditional.conditions", text, "Number that is too large", `Element "tier": conditions contains the number `+number+
			". The service would change it, because it stores numbers as doubles. Use a string, and send a string in requests.")
	}
	whole := func(at string, from int, value any) refusal {
		return in(at, value, "Invalid Attribute Value", fmt.Sprintf("Attribute <> must be a whole number from %d to 9007199254740991, got: %v.", from, value))
	}
	empty := func(at string) refusal {
		return in(at, "", "Invalid Attribute Value Length", "Attribute <> string length must be at least 1, got: 0")
	}
	const quota, strong = "elements.quota.rate.", "elements.strong.model."
	all := map[string]refusal{
		"broken JSON":           json(`{"a":`, "not JSON: it ends too early, in line 1, column 5"),
		"two JSON":              json(`{} {}`, `not JSON: after its end comes "{" in line 1, column 4`),
		"an array":              json(` [{}]`, "an array"),
		"a string":              json(`"a"`, "a string"),
		"a number":              json(`1e999`, "a number or a boolean"),
		"null":                  json(`null`, "null"),
		"empty":                 json(" \n", "empty"),
		"negative limit":        in(quota+"limit", -0.5, "Invalid Attribute Value", "Attribute <> value must be at least 0.000000, got: -0.500000"),
		"another limit_type":    in(quota+"limit_type", "Count", "Invalid Attribute Value Match", `Attribute <> value must be one of: ["count" "cost"], got: "Count"`),
		"a number of no use":    json(`{"a":1e999`, "not JSON: it ends too early, in line 1, column 10"),
		"a large number":        tooLarge(`{"metadata.id":{"$eq":12345678901234567890}}`, "12345678901234567890"),
		"a large negative":      tooLarge(`{"metadata.id":{"$in":[1,-9007199254740992]}}`, "-9007199254740992"),
		"no double":             tooLarge(`{"metadata.id":1e999}`, "1e999"),
		"negative window":       whole(quota+"window", 1, int64(-1)),
		"no window":             whole(quota+"window", 1, int64(0)),
		"half a window":         whole(quota+"window", 1, 60.5),
		"less than a window":    whole(quota+"window", 1, 0.5),
		"no key":                empty(quota + "key"),
		"negative retries":      whole(strong+"retries", 0, int64(-1)),
		"half a retry":          whole(strong+"retries", 0, 0.5),
		"negative timeout":      whole(strong+"timeout", 0, int64(-1)),
		"half a timeout":        whole(strong+"timeout", 0, 1.4),
		"a timeout of aeons":    whole(strong+"timeout", 0, int64(1<<53)),
		"no provider":           empty(strong + "provider"),
		"no model":              empty(strong + "model"),
		"name with a slash":     {with(support(), "name", "a/b"), "name", "Invalid Attribute Value Match", "Attribute name must not contain white space or slashes, because requests name the route as the model dynamic/<name>, got: a/b"},
		"gateway of no gateway": {with(support(), "gateway_id", "Main"), "gateway_id", "Invalid Attribute Value Match", `Attribute gateway_id must consist of lower-case letters, digits and underscores, in groups joined by single hyphens, such as "my-gateway_1", got: Main`},
	}
	for _, at := range []string{
		"elements.tier.conditional.conditions", "elements.tier.conditional.on_true", "elements.split.percentage.outputs", quota + "limit",
		quota + "on_success", strong + "provider", strong + "model", strong + "retries", strong + "on_fallback",
	} {
		all["null "+at] = in(at, nil, "Missing Configuration for Required Attribute", isNull)
	}
	return all
}

// TestRefused gives each rule a graph that breaks it: there is one finding, at the
// attribute, which names the element, and nothing is sent, neither for a new route nor for
// one that has another graph. Validation, which does not know the state, warns of what a
// route may have.
func TestRefused(t *testing.T) {
	t.Parallel()
	tables := map[string]map[string]refusal{
		"target": missingTargets(), "cycle": cycles(), "unreached": unreached(), "shares": shareMistakes(),
		"element": elementMistakes(), "value": valueMistakes(),
	}
	s := service(t)
	server := s.Protocol(t, nil)
	existing := server.Resource(resourceType)
	existing.MustApply(support())
	s.Emulator.ResetRequests()
	const warning, refused = tfprotov6.DiagnosticSeverityWarning, tfprotov6.DiagnosticSeverityError
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		for _, name := range slices.Sorted(maps.Keys(tables[table])) {
			name = table + "/" + name
			t.Run(name, func(t *testing.T) {
				test := tables[table][strings.TrimPrefix(name, table+"/")]
				validated, planned := []tfprotov6.DiagnosticSeverity{refused}, []tfprotov6.DiagnosticSeverity{refused}
				if !test.always(name) {
					validated, planned = []tfprotov6.DiagnosticSeverity{warning}, []tfprotov6.DiagnosticSeverity{warning, refused}
					test.detail = strings.TrimSuffix(test.detail, ".") + "." + keptNote
				}
				requireFinding(t, existing.Validate(test.config), test, validated...)
				for _, r := range []*protocol.Resource{server.Resource(resourceType), existing} {
					_, diags := r.Plan(test.config)
					requireFinding(t, diags, test, planned...)
				}
				s.RequireRequests(t)
			})
		}
	}
}

// requireRefused fails the test unless there is this error and no other diagnostic.
func requireRefused(t *testing.T, diags protocol.Diagnostics, want refusal) {
	t.Helper()
	requireFinding(t, diags, want, tfprotov6.DiagnosticSeverityError)
}

// requireFinding fails the test unless there are diagnostics of these severities that say
// so, and no others.
func requireFinding(t *testing.T, diags protocol.Diagnostics, want refusal, severities ...tfprotov6.DiagnosticSeverity) {
	t.Helper()
	if len(diags) != len(severities) {
		t.Fatalf("%d diagnostics, want %v:\n%s", len(diags), severities, diags)
	}
	for i, severity := range severities {
		if d := diags[i]; d.Severity != severity || d.Summary != want.summary || d.Detail != want.detail {
			t.Errorf("got\n  %s: %s\n  %s\nwant\n  %s: %s\n  %s", d.Severity, d.Summary, d.Detail, severity, want.summary, want.detail)
		}
		if got := placeOf(diags[i]); got != want.at {
			t.Errorf("it stands at %s, want %s", got, want.at)
		}
	}
}

// placeOf returns the path of a diagnostic as in a configuration.
func placeOf(d *tfprotov6.Diagnostic) string {
	var place strings.Builder
	if d.Attribute == nil {
		return ""
	}
	for _, step := range d.Attribute.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			place.WriteString("." + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&place, "[%q]", string(step))
		}
	}
	return strings.TrimPrefix(place.String(), ".")
}

// TestSeveralMistakes are named at once, each on its own.
func TestSeveralMistakes(t *testing.T) {
	t.Parallel()
	config := attrs{"gateway_id": gatewayID, "name": "route", "entry": "a", "elements": attrs{
		"a": to("b", "nowhere"), "b": percentage(attrs{"ten": "c", "20": "c", "else": "d"}), "c": to("c", "end"), "d": attrs{},
		"e": modelTo("", "gpt-5.2", "elsewhere", "end"),
	}}
	var got []string
	for _, d := range service(t).Protocol(t, nil).Resource(resourceType).Validate(config) {
		got = append(got, placeOf(d)+": "+d.Summary)
	}
	slices.Sort(got)
	want := []string{
		`elements["a"].model.on_fallback: ` + noElement,
		`elements["b"].percentage.outputs["20"]: ` + badShares,
		`elements["b"].percentage.outputs["ten"]: ` + badShares,
		`elements["c"].model.on_success: ` + cycle,
		`elements["d"]: Element of no kind`,
		`elements["e"].model.on_success: ` + noElement,
		`elements["e"].model.provider: Invalid Attribute Value Length`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// TestReservedIDs are all named, whatever the rest of the graph is.
func TestReservedIDs(t *testing.T) {
	t.Parallel()
	r := service(t).Protocol(t, nil).Resource(resourceType)
	want := `elements[""]: Element without an ID, elements["start"]: Reserved ID of an element, elements["end"]: Reserved ID of an element`
	for name, config := range map[string]attrs{
		"alone":        route(attrs{"": both("nowhere"), "start": both("end"), "end": both("start")}),
		"entry":        with(route(attrs{"": both("end"), "start": both(""), "end": both("end")}), "entry", ""),
		"unknown":      with(route(attrs{"": protocol.Unknown, "start": protocol.Unknown, "end": both("end")}), "entry", protocol.Unknown),
		"beside one":   route(attrs{"a": both("nowhere"), "": both("end"), "start": both("a"), "end": both("end")}),
		"beside twins": route(attrs{"a": both("b"), "b": both("a"), "": both("end"), "start": both("a"), "end": both("end")}),
	} {
		var got []string
		for _, d := range r.Validate(config) {
			got = append(got, placeOf(d)+": "+d.Summary)
		}
		if said := strings.Join(got, ", "); said != want {
			t.Errorf("%s: got\n  %s\nwant\n  %s", name, said, want)
		}
	}
}
