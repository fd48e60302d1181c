// Package conditions evaluates the conditions of dynamic routes: what elements of
// a route ask about a request, in the operators of MongoDB.
package conditions

import (
	"cmp"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Facts are what a condition can ask about a request.
type Facts struct {
	// Metadata holds strings, numbers and booleans.
	Metadata map[string]any
	Header   http.Header
	// Body is the decoded body, as the client sent it.
	Body any
}

// fact is the value at a path. An absent value is null.
type fact struct {
	value   any
	present bool
}

// Lookup returns the value at a path: metadata.NAME, headers.NAME in any case, or
// body.NAME.NAME.INDEX (the three sources are documented, the form of the path
// only for metadata). Other paths are looked up in the metadata, then in the body
// (inferred).
func (f Facts) Lookup(path string) (value any, present bool) {
	found := f.lookup(path)
	return found.value, found.present
}

func (f Facts) lookup(path string) fact {
	source, rest, _ := strings.Cut(path, ".")
	switch {
	case rest == "":
	case source == "metadata":
		value, ok := f.Metadata[rest]
		return fact{value, ok}
	case source == "headers":
		values := f.Header.Values(rest)
		if len(values) == 0 {
			return fact{}
		}
		return fact{strings.Join(values, ", "), true}
	case source == "body":
		return dig(f.Body, rest)
	}
	if value, ok := f.Metadata[path]; ok {
		return fact{value, true}
	}
	return dig(f.Body, path)
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

// Hold reports whether a condition is true. A condition is an object of paths and
// tests, in the operators of MongoDB (documented) that [matcher.operator] lists.
// All members must be true, and a condition without members is true (both as in
// MongoDB).
//
// A malformed condition is false, also if an unknown operator is only a part of
// it. What the service makes of one is not known.
func (f Facts) Hold(condition any) bool {
	if condition == nil {
		return true
	}
	m := matcher{facts: f}
	holds := m.condition(condition)
	return holds && !m.malformed
}

// matcher evaluates one condition. It visits all parts, so that it finds a
// malformed one whatever the others evaluate to.
type matcher struct {
	facts     Facts
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

// logical evaluates the operators that combine others. For other operators ok is
// false.
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

// test evaluates the operators of a test, or compares the fact with a value.
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
// have no order, as in MongoDB: true is not "true", and "5" is not greater than 3.
// Numbers are ordered by value, strings by their bytes, and false is less than true.
// An absent value is like null, which equals itself and is neither less nor greater.
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

// inOrder compares two values of the same type: numbers, strings, booleans or null.
func inOrder(a any, operator string, b any) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && holds(operator, cmp.Compare(a, b))
	case string:
		b, ok := b.(string)
		return ok && holds(operator, cmp.Compare(a, b))
	case bool:
		b, ok := b.(bool)
		return ok && holds(operator, cmp.Compare(rank(a), rank(b)))
	case nil:
		return b == nil && holds(operator, 0)
	default:
		return false
	}
}

func rank(value bool) int {
	if value {
		return 1
	}
	return 0
}

// holds reports whether an order satisfies a comparison.
func holds(operator string, order int) bool {
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

// matches evaluates $regex, in Go's syntax. Only strings can match.
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
