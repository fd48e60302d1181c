// Package apischema checks requests as zod 3 does, the validator of the service's
// framework. Its messages are what users see. It reports all problems at once,
// and it strips unknown keys instead of refusing them (all three observed live or
// documented by its source).
package apischema

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Problem is one thing that is wrong with a request.
type Problem struct {
	// Path leads to the invalid value: "body" or "query", then names and indexes.
	Path    []any
	Message string
}

// Problems collects what is wrong with a request.
type Problems []Problem

// Add adds a problem.
func (p *Problems) Add(path []any, format string, args ...any) {
	*p = append(*p, Problem{Path: slices.Clone(path), Message: fmt.Sprintf(format, args...)})
}

// NoMax is the maximum of numbers that have none.
var NoMax = math.Inf(1)

// missing stands for an absent value, JavaScript's undefined.
type missing struct{}

// Schema checks a decoded JSON value, adds problems to p, and returns the value
// to store, without unknown keys and with defaults.
type Schema interface {
	Parse(p *Problems, path []any, v any) any
}

// Expected adds the problem of a value that has the wrong type.
func Expected(p *Problems, path []any, want string, v any) {
	if _, ok := v.(missing); ok {
		p.Add(path, "Required")
		return
	}
	p.Add(path, "Expected %s, received %s", want, typeName(v))
}

// typeName returns what zod calls the type of a JSON value or of NaN.
func typeName(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if math.IsNaN(v) {
			return "nan"
		}
		return "number"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// Boolean accepts true and false.
type Boolean struct{}

// Parse implements [Schema].
func (Boolean) Parse(p *Problems, path []any, v any) any {
	if _, ok := v.(bool); !ok {
		Expected(p, path, "boolean", v)
	}
	return v
}

// Number accepts numbers within bounds.
type Number struct {
	Whole    bool
	Min, Max float64
	// Converted marks top-level numbers, which the service converts before
	// checking: a missing one becomes NaN (observed live).
	Converted bool
}

// Integer accepts whole numbers from minimum to maximum, which may be [NoMax].
func Integer(minimum, maximum float64) Number {
	return Number{Whole: true, Min: minimum, Max: maximum}
}

// Setting accepts whole numbers of a gateway; see [Number].Converted.
func Setting(minimum, maximum float64) Number {
	return Number{Whole: true, Min: minimum, Max: maximum, Converted: true}
}

// Parse implements [Schema].
func (n Number) Parse(p *Problems, path []any, v any) any {
	if _, ok := v.(missing); ok && n.Converted {
		v = math.NaN()
	}
	f, ok := v.(float64)
	if !ok || math.IsNaN(f) {
		Expected(p, path, "number", v)
		return v
	}
	if n.Whole && f != math.Trunc(f) {
		p.Add(path, "Expected integer, received float")
	}
	if f < n.Min {
		p.Add(path, "Number must be greater than or equal to %.0f", n.Min)
	}
	if f > n.Max {
		p.Add(path, "Number must be less than or equal to %.0f", n.Max)
	}
	return f
}

// String accepts strings.
type String struct {
	// Min and Max bound the length in UTF-16 units, as JavaScript counts. A Max
	// of 0 means no bound.
	Min, Max int
	Pattern  *regexp.Regexp
	URL      bool
}

// Parse implements [Schema].
func (t String) Parse(p *Problems, path []any, v any) any {
	s, ok := v.(string)
	if !ok {
		Expected(p, path, "string", v)
		return v
	}
	length := len(utf16.Encode([]rune(s)))
	if length < t.Min {
		p.Add(path, "String must contain at least %d character(s)", t.Min)
	}
	if t.Max > 0 && length > t.Max {
		p.Add(path, "String must contain at most %d character(s)", t.Max)
	}
	if t.Pattern != nil && !t.Pattern.MatchString(s) {
		p.Add(path, "Invalid")
	}
	if t.URL {
		if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" {
			p.Add(path, "Invalid url")
		}
	}
	return s
}

// Enum accepts these strings, in exactly that case.
type Enum []string

// Parse implements [Schema].
func (o Enum) Parse(p *Problems, path []any, v any) any {
	options := "'" + strings.Join(o, "' | '") + "'"
	s, ok := v.(string)
	switch {
	case !ok:
		Expected(p, path, options, v)
	case !slices.Contains(o, s):
		p.Add(path, "Invalid enum value. Expected %s, received '%s'", options, s)
	}
	return v
}

// List accepts arrays of Item.
type List struct {
	Item Schema
	Max  int // 0 means no limit
}

// Parse implements [Schema].
func (l List) Parse(p *Problems, path []any, v any) any {
	items, ok := v.([]any)
	if !ok {
		Expected(p, path, "array", v)
		return v
	}
	if l.Max > 0 && len(items) > l.Max {
		p.Add(path, "Array must contain at most %d element(s)", l.Max)
	}
	out := make([]any, 0, len(items))
	for i, item := range items {
		out = append(out, l.Item.Parse(p, Join(path, i), item))
	}
	return out
}

// Map accepts objects with any keys and values of Item.
type Map struct {
	Item Schema
	// NotEmpty refuses an object without keys. The message is inferred: zod has no such
	// check of its own.
	NotEmpty bool
}

// Parse implements [Schema].
func (r Map) Parse(p *Problems, path []any, v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		Expected(p, path, "object", v)
		return v
	}
	if r.NotEmpty && len(in) == 0 {
		p.Add(path, "Object must contain at least 1 key")
	}
	out := make(map[string]any, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) {
		out[name] = r.Item.Parse(p, Join(path, name), in[name])
	}
	return out
}

// Member is one key of an object.
type Member struct {
	Name   string
	Schema Schema
	// Optional members may be missing. They then get the value of Default, if
	// there is one.
	Optional bool
	Default  func() any
	// Nullable members also accept null.
	Nullable bool
}

// Object accepts objects and strips unknown keys.
type Object []Member

// Parse implements [Schema].
func (o Object) Parse(p *Problems, path []any, v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		Expected(p, path, "object", v)
		return v
	}
	out := make(map[string]any, len(o))
	for _, m := range o {
		value, present := in[m.Name]
		switch {
		case !present && m.Optional && m.Default != nil:
			out[m.Name] = m.Default()
		case !present && m.Optional:
		case !present:
			m.Schema.Parse(p, Join(path, m.Name), missing{})
		case value == nil && m.Nullable:
			out[m.Name] = nil
		default:
			out[m.Name] = m.Schema.Parse(p, Join(path, m.Name), value)
		}
	}
	return out
}

// Union accepts what one of its options accepts; the first match wins. Like zod,
// it does not say what each option refuses.
type Union []Schema

// Parse implements [Schema].
func (u Union) Parse(p *Problems, path []any, v any) any {
	var refused Problems // of the first option that refuses unknown keys alone
	for _, option := range u {
		var tried Problems
		if out := option.Parse(&tried, path, v); len(tried) == 0 {
			return out
		}
		if refused == nil && tried.onlyUnrecognized() {
			refused = tried
		}
	}
	if refused != nil {
		*p = append(*p, refused...)
		return v
	}
	p.Add(path, "Invalid input")
	return v
}

// Join returns a path with one more step. It does not change path.
func Join(path []any, step any) []any {
	return append(slices.Clip(path), step)
}

// ParseBody checks the decoded body of a request. It returns no values if there
// are problems.
func ParseBody(schema Schema, body any) (map[string]any, Problems) {
	var p Problems
	values, _ := schema.Parse(&p, []any{"body"}, body).(map[string]any)
	if len(p) > 0 {
		return nil, p
	}
	return values, nil
}

// Always returns a function that returns v, for [Member].Default.
func Always(v any) func() any { return func() any { return v } }
