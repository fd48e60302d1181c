package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Shape says which members of a JSON value this version knows. What it does not
// know, a [Carrier] copies from a response into a request.
type Shape struct {
	// Knows reports whether the name is that of a known member of this object. If it
	// is nil, the value is no object with names that the API chooses, and nothing
	// in it is carried unless Each is set.
	Knows func(member string) bool
	// Members are the shapes of known members that are objects or lists.
	Members map[string]Shape
	// Each is the shape of the elements of a list, or of all members of an object
	// whose names the caller chooses.
	Each *Shape
	// Key names the member that identifies an element of a list. Elements with the
	// same key correspond by their order.
	Key string
}

// KnownTo returns a function that reports whether T, a struct, has a field for a
// member of an object.
func KnownTo[T any]() func(member string) bool {
	return func(member string) bool {
		object, err := json.Marshal(map[string]any{member: nil})
		if err != nil {
			return false
		}
		decoder := json.NewDecoder(bytes.NewReader(object))
		decoder.DisallowUnknownFields()
		var v T
		err = decoder.Decode(&v)
		// A field may refuse null, and is known even so.
		return err == nil || !strings.HasPrefix(err.Error(), "json: unknown field ")
	}
}

// neverCarried are members that describe an object and cannot be set.
var neverCarried = []string{
	"id", "is_default", "created_at", "modified_at", "account_id", "account_tag", "internal_id", "wholesale",
}

// A Carrier carries over what this version does not know.
type Carrier struct {
	// Without are the paths of what stays behind, such as
	// "dlp.policies.0.severity".
	Without []string
	// Carried are the paths of what was copied, in the request.
	Carried []string
	// Masked are the paths of what was not copied, since it has a string that looks
	// masked.
	Masked []string
}

// Plain returns v as encoding/json decodes it, with numbers as they are written.
func Plain(v any) (any, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding a value: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return nil, errors.New("a value cannot be decoded")
	}
	return plain, nil
}

// Carry copies the unknown members of shown into sent, which it changes. Both are
// [Plain]. What sent does not have as a whole, such as a policy, is not copied.
func (c *Carrier) Carry(sent, shown any, shape Shape, path string) {
	switch to := sent.(type) {
	case map[string]any:
		if from, ok := shown.(map[string]any); ok {
			c.object(to, from, shape, path)
		}
	case []any:
		if from, ok := shown.([]any); ok && shape.Each != nil {
			c.list(to, from, shape, path)
		}
	}
}

func (c *Carrier) object(to, from map[string]any, shape Shape, path string) {
	for _, name := range slices.Sorted(maps.Keys(from)) {
		value, at := from[name], join(path, name)
		switch {
		case shape.Each != nil:
			c.Carry(to[name], value, *shape.Each, at)
		case shape.Knows == nil:
		case shape.Knows(name):
			c.Carry(to[name], value, shape.Members[name], at)
		case !slices.Contains(neverCarried, name):
			if c.Takes(value, at) {
				to[name] = value
			}
		}
	}
}

// Takes reports whether a value is to be carried, and records that it was.
func (c *Carrier) Takes(value any, path string) bool {
	switch {
	case value == nil || slices.Contains(c.Without, path):
		return false
	case hasMask(value):
		c.Masked = append(c.Masked, path)
		return false
	default:
		c.Carried = append(c.Carried, path)
		return true
	}
}

func (c *Carrier) list(to, from []any, shape Shape, path string) {
	shown := map[string][]any{}
	for _, element := range from {
		if key, ok := keyOf(element, shape.Key); ok {
			shown[key] = append(shown[key], element)
		}
	}
	for i, element := range to {
		key, ok := keyOf(element, shape.Key)
		if same := shown[key]; ok && len(same) > 0 {
			c.Carry(element, same[0], *shape.Each, join(path, fmt.Sprint(i)))
			shown[key] = same[1:]
		}
	}
}

func keyOf(element any, member string) (string, bool) {
	object, _ := element.(map[string]any)
	key, ok := object[member].(string)
	return key, ok
}

func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "." + step
}

// hasMask reports whether a value has a string that looks like the mask of a
// secret: to send it back would replace the secret.
func hasMask(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.Contains(v, "***") || strings.Contains(v, "•••") || strings.EqualFold(strings.Trim(v, "[]<>()"), "redacted")
	case []any:
		return slices.ContainsFunc(v, hasMask)
	case map[string]any:
		for _, member := range v {
			if hasMask(member) {
				return true
			}
		}
	}
	return false
}
