package emulator

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

// This file is a small model of zod 3, the validator of the service's
// framework: its messages are what users see, it reports everything that is
// wrong at once, and it strips unknown keys instead of refusing them (all three
// observed live or documented by its source).

// problems collects what is wrong with a request.
type problems []apiError

func (p *problems) add(path []any, format string, args ...any) {
	*p = append(*p, apiError{
		Code:    codeInvalid,
		Message: fmt.Sprintf(format, args...),
		Path:    slices.Clone(path),
	})
}

// missing stands for a value that is not there; JavaScript's undefined.
type missing struct{}

// schema checks a decoded JSON value, adds what is wrong with it to p, and
// returns what is to be stored: unknown keys stripped, defaults filled in.
type schema interface {
	parse(p *problems, path []any, v any) any
}

// expected reports a value of the wrong type.
func expected(p *problems, path []any, want string, v any) {
	if _, ok := v.(missing); ok {
		p.add(path, "Required")
		return
	}
	p.add(path, "Expected %s, received %s", want, typeName(v))
}

// typeName names the type of a JSON value, or of NaN, as zod does.
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

// boolean accepts true and false.
type boolean struct{}

func (boolean) parse(p *problems, path []any, v any) any {
	if _, ok := v.(bool); !ok {
		expected(p, path, "boolean", v)
	}
	return v
}

// number accepts numbers within bounds.
type number struct {
	whole    bool
	min, max float64
	// converted marks top-level numbers, which the service converts before
	// checking: a missing one becomes NaN (observed live).
	converted bool
}

// integer accepts whole numbers from minimum to maximum. Use math.Inf(1) for
// no maximum.
func integer(minimum, maximum float64) number {
	return number{whole: true, min: minimum, max: maximum}
}

// setting is integer for the numbers of a gateway.
func setting(minimum, maximum float64) number {
	return number{whole: true, min: minimum, max: maximum, converted: true}
}

func (n number) parse(p *problems, path []any, v any) any {
	if _, ok := v.(missing); ok && n.converted {
		v = math.NaN()
	}
	f, ok := v.(float64)
	if !ok || math.IsNaN(f) {
		expected(p, path, "number", v)
		return v
	}
	if n.whole && f != math.Trunc(f) {
		p.add(path, "Expected integer, received float")
	}
	if f < n.min {
		p.add(path, "Number must be greater than or equal to %.0f", n.min)
	}
	if f > n.max {
		p.add(path, "Number must be less than or equal to %.0f", n.max)
	}
	return f
}

// text accepts strings.
type text struct {
	// min and max bound the length in UTF-16 units, as JavaScript counts; a max
	// of 0 means none.
	min, max int
	pattern  *regexp.Regexp
	url      bool
}

func (t text) parse(p *problems, path []any, v any) any {
	s, ok := v.(string)
	if !ok {
		expected(p, path, "string", v)
		return v
	}
	length := len(utf16.Encode([]rune(s)))
	if length < t.min {
		p.add(path, "String must contain at least %d character(s)", t.min)
	}
	if t.max > 0 && length > t.max {
		p.add(path, "String must contain at most %d character(s)", t.max)
	}
	if t.pattern != nil && !t.pattern.MatchString(s) {
		p.add(path, "Invalid")
	}
	if t.url {
		if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" {
			p.add(path, "Invalid url")
		}
	}
	return s
}

// oneOf accepts some strings, in exactly that case.
type oneOf []string

func (o oneOf) parse(p *problems, path []any, v any) any {
	options := "'" + strings.Join(o, "' | '") + "'"
	s, ok := v.(string)
	switch {
	case !ok:
		expected(p, path, options, v)
	case !slices.Contains(o, s):
		p.add(path, "Invalid enum value. Expected %s, received '%s'", options, s)
	}
	return v
}

// list accepts arrays whose elements item accepts.
type list struct {
	item schema
	max  int // 0 means no limit
}

func (l list) parse(p *problems, path []any, v any) any {
	items, ok := v.([]any)
	if !ok {
		expected(p, path, "array", v)
		return v
	}
	if l.max > 0 && len(items) > l.max {
		p.add(path, "Array must contain at most %d element(s)", l.max)
	}
	out := make([]any, 0, len(items))
	for i, item := range items {
		out = append(out, l.item.parse(p, join(path, i), item))
	}
	return out
}

// record accepts objects with any keys, whose values item accepts.
type record struct{ item schema }

func (r record) parse(p *problems, path []any, v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		expected(p, path, "object", v)
		return v
	}
	out := make(map[string]any, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) {
		out[name] = r.item.parse(p, join(path, name), in[name])
	}
	return out
}

// member is one key of an object.
type member struct {
	name   string
	schema schema
	// optional members may be missing; fallback, if there is one, makes the
	// value that they then get.
	optional bool
	fallback func() any
	// nullable members accept null besides.
	nullable bool
}

// object accepts objects and strips the keys that it does not know.
type object []member

func (o object) parse(p *problems, path []any, v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		expected(p, path, "object", v)
		return v
	}
	out := make(map[string]any, len(o))
	for _, m := range o {
		value, present := in[m.name]
		switch {
		case !present && m.optional && m.fallback != nil:
			out[m.name] = m.fallback()
		case !present && m.optional:
		case !present:
			m.schema.parse(p, join(path, m.name), missing{})
		case value == nil && m.nullable:
			out[m.name] = nil
		default:
			out[m.name] = m.schema.parse(p, join(path, m.name), value)
		}
	}
	return out
}

// union accepts what one of its options accepts, the first one winning. Which
// part of which option was wrong is not said: neither does zod.
type union []schema

func (u union) parse(p *problems, path []any, v any) any {
	for _, option := range u {
		var tried problems
		if out := option.parse(&tried, path, v); len(tried) == 0 {
			return out
		}
	}
	p.add(path, "Invalid input")
	return v
}

// join extends a path without touching the one it extends.
func join(path []any, step any) []any {
	return append(slices.Clip(path), step)
}
