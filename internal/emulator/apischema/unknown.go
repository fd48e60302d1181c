package apischema

import (
	"maps"
	"slices"
)

// Unknown says what becomes of the unknown keys of objects.
type Unknown int

// What can become of unknown keys.
const (
	Kept Unknown = iota
	Refused
)

const unrecognized = "Unrecognized key"

// WithUnknown returns a schema whose objects, at every level, keep or refuse unknown
// keys.
func WithUnknown(schema Schema, unknown Unknown) Schema {
	switch s := schema.(type) {
	case Object:
		return withUnknown(s, unknown)
	case Open:
		if len(s) == 0 {
			return s // all its keys are the caller's own
		}
		return withUnknown(s, unknown)
	case List:
		s.Item = WithUnknown(s.Item, unknown)
		return s
	case Map:
		s.Item = WithUnknown(s.Item, unknown)
		return s
	case Union:
		options := make(Union, len(s))
		for i, option := range s {
			options[i] = WithUnknown(option, unknown)
		}
		return options
	case Variant:
		s.Options = slices.Clone(s.Options)
		for i := range s.Options {
			option := s.Options[i].Schema
			if members, ok := option.(Open); ok {
				option = append(slices.Clip(members), Member{Name: s.Key, Schema: String{}})
			}
			s.Options[i].Schema = WithUnknown(option, unknown)
		}
		return s
	default:
		return schema
	}
}

func withUnknown(members []Member, unknown Unknown) Schema {
	changed := slices.Clone(members)
	for i := range changed {
		changed[i].Schema = WithUnknown(changed[i].Schema, unknown)
	}
	if unknown == Refused {
		return closed(changed)
	}
	return Open(changed)
}

// closed accepts objects and refuses unknown keys.
type closed Object

// Parse implements [Schema].
func (c closed) Parse(p *Problems, path []any, v any) any {
	out := Object(c).Parse(p, path, v)
	in, ok := v.(map[string]any)
	if !ok {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !slices.ContainsFunc(c, func(m Member) bool { return m.Name == name }) {
			p.Add(Join(path, name), unrecognized)
		}
	}
	return out
}

// onlyUnrecognized reports whether nothing is wrong but unknown keys.
func (p Problems) onlyUnrecognized() bool {
	return !slices.ContainsFunc(p, func(problem Problem) bool { return problem.Message != unrecognized })
}
