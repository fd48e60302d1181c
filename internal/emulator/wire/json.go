// Package wire holds what both planes of the emulator have in common on the
// wire: JSON objects with ordered keys, the envelopes of Cloudflare's API, and
// helpers for connections.
//
// Objects are held as encoding/json decodes them: float64, string, bool, nil,
// []any and map[string]any. The service is written in JavaScript, so float64 is
// also what its own numbers are.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Object is a JSON object whose keys keep their order. The zero value is empty
// and usable.
type Object struct {
	names  []string
	values map[string]any
}

// Set adds a key or replaces its value.
func (o *Object) Set(name string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// Remove removes a key.
func (o *Object) Remove(name string) {
	delete(o.values, name)
	o.names = slices.DeleteFunc(o.names, func(n string) bool { return n == name })
}

// Get returns the value of a key, nil if there is none.
func (o *Object) Get(name string) any { return o.values[name] }

// SetAll sets all keys of another object, in its order.
func (o *Object) SetAll(other *Object) {
	for _, name := range other.names {
		o.Set(name, other.values[name])
	}
}

// Map returns the object without its order.
func (o *Object) Map() map[string]any { return o.values }

// MarshalJSON implements [json.Marshaler].
func (o *Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, part := range []any{name, o.values[name]} {
			if j > 0 {
				b.WriteByte(':')
			}
			// Marshal would escape <, > and &. The outer encoder, which does not
			// escape, leaves this output as it is.
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(part); err != nil {
				return nil, err
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Marshal encodes a value without escaping HTML. It panics if the value cannot
// be encoded; the emulator's own values always can.
func Marshal(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("emulator: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Copy returns a deep copy of a decoded JSON value.
func Copy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = Copy(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = Copy(value)
		}
		return out
	default:
		return v
	}
}

// Normalize converts Go values to what encoding/json decodes from their JSON.
// It panics for values that JSON cannot carry.
func Normalize(values map[string]any) map[string]any {
	raw, err := json.Marshal(values)
	if err != nil {
		panic(fmt.Sprintf("emulator: values cannot be encoded as JSON: %v", err))
	}
	out := map[string]any{}
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(fmt.Sprintf("emulator: values are not a JSON object: %v", err))
	}
	return out
}

// FormatTime formats a time as JavaScript's toISOString does.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// Strings returns the strings in a decoded JSON array.
func Strings(v any) []string {
	items, _ := v.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Deref returns the value that p points to, or the zero value if p is nil.
func Deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
