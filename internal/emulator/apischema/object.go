package apischema

import (
	"maps"
	"strings"
)

// Open accepts objects and keeps unknown keys.
type Open Object

// Parse implements [Schema].
func (o Open) Parse(p *Problems, path []any, v any) any {
	out := Object(o).Parse(p, path, v)
	known, ok := out.(map[string]any)
	if in, isObject := v.(map[string]any); ok && isObject {
		all := maps.Clone(in)
		maps.Copy(all, known)
		return all
	}
	return out
}

// Variant accepts objects of several types that the value of a key tells apart.
type Variant struct {
	Key     string
	Options []Option
}

// Option is one type of a [Variant].
type Option struct {
	Name   string
	Schema Schema
}

// Parse implements [Schema].
func (u Variant) Parse(p *Problems, path []any, v any) any {
	in, ok := v.(map[string]any)
	if !ok {
		Expected(p, path, "object", v)
		return v
	}
	names := make([]string, 0, len(u.Options))
	for _, o := range u.Options {
		if in[u.Key] == o.Name {
			return o.Schema.Parse(p, path, v)
		}
		names = append(names, "'"+o.Name+"'")
	}
	p.Add(Join(path, u.Key), "Invalid discriminator value. Expected %s", strings.Join(names, " | "))
	return v
}
