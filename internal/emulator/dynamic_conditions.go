package emulator

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// facts are what the elements of a dynamic route can ask of a request.
type facts struct {
	// metadata are those of cf-aig-metadata: texts, numbers and booleans.
	metadata map[string]any
	header   http.Header
	// body is the decoded body, as the client sent it.
	body any
}

func (x *exchange) facts() facts {
	f := facts{metadata: parseMetadata(x.header.Get("cf-aig-metadata")), header: x.header}
	// A body that is no JSON has been refused before.
	_ = json.Unmarshal(x.body, &f.body)
	return f
}

// fact is what a path leads to. One that is missing has the value null.
type fact struct {
	value   any
	present bool
}

// lookup follows a path: metadata.NAME, headers.NAME in any case, or
// body.NAME.NAME.INDEX (the three sources are documented, the form of the paths
// only for metadata). A path without such a beginning is looked up in the
// metadata, then in the body (inferred).
func (f facts) lookup(path string) fact {
	source, rest, _ := strings.Cut(path, ".")
	switch {
	case rest == "":
	case source == "metadata":
		value, ok := f.metadata[rest]
		return fact{value, ok}
	case source == "headers":
		values := f.header.Values(rest)
		if len(values) == 0 {
			return fact{}
		}
		return fact{strings.Join(values, ", "), true}
	case source == "body":
		return dig(f.body, rest)
	}
	if value, ok := f.metadata[path]; ok {
		return fact{value, true}
	}
	return dig(f.body, path)
}

// dig follows names and indexes into a decoded JSON value.
func dig(value any, path string) fact {
	for step := range strings.SplitSeq(path, ".") {
		switch holder := value.(type) {
		case map[string]any:
			inner, ok := holder[step]
			if !ok {
				return fact{}
			}
			value = inner
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(holder) {
				return fact{}
			}
			value = holder[i]
		default:
			return fact{}
		}
	}
	return fact{value, true}
}

// hold reports whether a condition is true of a request: an object of paths and
// what is asked of them, in the operators of MongoDB (documented), as far as
// they are listed in [matcher.operator]. Several members must all be true, and
// a condition without members is (both as in MongoDB).
//
// A condition that cannot be understood, an unknown operator anywhere in it
// included, is false; what the service makes of one is not known.
func (f facts) hold(condition any) bool {
	if condition == nil {
		return true
	}
	m := matcher{facts: f}
	holds := m.condition(condition)
	return holds && !m.malformed
}

// matcher evaluates one condition. It looks at all parts, so that a mistake in
// one is found whatever the others say.
type matcher struct {
	facts     facts
	malformed bool
}

func (m *matcher) bad() bool {
	m.malformed = true
	return false
}

// condition evaluates an object of paths and logical operators.
func (m *matcher) condition(condition any) bool {
	members, ok := condition.(map[string]any)
	if !ok {
		return m.bad()
	}
	holds := true
	for name, operand := range members {
		holds = m.member(name, operand) && holds
	}
	return holds
}

func (m *matcher) member(name string, operand any) bool {
	if !strings.HasPrefix(name, "$") {
		return m.test(m.facts.lookup(name), operand)
	}
	result, ok := m.logical(name, operand, m.condition)
	if !ok {
		return m.bad()
	}
	return result
}

// logical evaluates the operators that combine others; ok is false for the
// rest.
func (m *matcher) logical(operator string, operand any, part func(any) bool) (result, ok bool) {
	switch operator {
	case "$not":
		return !part(operand), true
	case "$and", "$or", "$nor":
	default:
		return false, false
	}
	parts, isList := operand.([]any)
	if !isList || len(parts) == 0 {
		return m.bad(), true
	}
	held := 0
	for _, p := range parts {
		if part(p) {
			held++
		}
	}
	switch operator {
	case "$and":
		return held == len(parts), true
	case "$or":
		return held > 0, true
	default:
		return held == 0, true
	}
}

// test evaluates what is asked of a fact: operators, or the value that it must
// be equal to.
func (m *matcher) test(f fact, operand any) bool {
	operators, ok := operand.(map[string]any)
	if !ok || !hasOperator(operators) {
		return reflect.DeepEqual(f.value, operand)
	}
	holds := true
	for operator, argument := range operators {
		holds = m.operator(f, operator, argument) && holds
	}
	return holds
}

func hasOperator(members map[string]any) bool {
	for name := range members {
		if strings.HasPrefix(name, "$") {
			return true
		}
	}
	return false
}

// operator evaluates one operator. Values of different types are not equal and
// have no order; numbers have theirs by value, texts by their bytes. What is
// missing equals null, and has no order.
func (m *matcher) operator(f fact, operator string, argument any) bool {
	if result, ok := m.logical(operator, argument, func(part any) bool { return m.test(f, part) }); ok {
		return result
	}
	switch operator {
	case "$eq":
		return reflect.DeepEqual(f.value, argument)
	case "$ne":
		return !reflect.DeepEqual(f.value, argument)
	case "$gt", "$gte", "$lt", "$lte":
		return inOrder(f.value, operator, argument)
	case "$in", "$nin":
		list, ok := argument.([]any)
		if !ok {
			return m.bad()
		}
		among := slices.ContainsFunc(list, func(item any) bool { return reflect.DeepEqual(f.value, item) })
		return among == (operator == "$in")
	case "$exists":
		want, ok := argument.(bool)
		if !ok {
			return m.bad()
		}
		return f.present == want
	case "$regex":
		return m.matches(f, argument)
	default:
		return m.bad()
	}
}

// inOrder compares two numbers or two texts.
func inOrder(a any, operator string, b any) bool {
	switch a.(type) {
	case float64, string:
	default:
		return false
	}
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	order := compareValues(a, b)
	switch operator {
	case "$gt":
		return order > 0
	case "$gte":
		return order >= 0
	case "$lt":
		return order < 0
	default:
		return order <= 0
	}
}

// matches evaluates $regex, in Go's syntax. Only texts can match.
func (m *matcher) matches(f fact, argument any) bool {
	text, ok := argument.(string)
	if !ok {
		return m.bad()
	}
	pattern, err := regexp.Compile(text)
	if err != nil {
		return m.bad()
	}
	value, ok := f.value.(string)
	return ok && pattern.MatchString(value)
}
