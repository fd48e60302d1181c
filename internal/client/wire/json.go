package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Body is the JSON object of a request. encoding/json sorts its keys.
type Body map[string]any

// Put sets a field unless v is nil.
func Put[T any](b Body, name string, v *T) {
	if v != nil {
		b[name] = *v
	}
}

// PutChange sets a field if it shall get another value than it is known to
// have. A nil to leaves it as it is.
func PutChange[T comparable](b Body, name string, from, to *T) {
	if to != nil && (from == nil || *from != *to) {
		b[name] = *to
	}
}

// Same reports whether two values are encoded to the same JSON.
func Same(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && bytes.Equal(left, right)
}

// Object is a JSON object whose members are not decoded yet.
type Object map[string]json.RawMessage

// IsNull reports whether data is missing or null.
func IsNull(data json.RawMessage) bool {
	return len(data) == 0 || bytes.Equal(bytes.TrimSpace(data), []byte("null"))
}

// IsObject reports whether data, which is JSON, is an object.
func IsObject(data json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) }

// As decodes data as a T. It returns nil for null and for anything else than a
// T.
func As[T any](data json.RawMessage) *T {
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return nil
	}
	value := new(T)
	if json.Unmarshal(data, value) != nil {
		return nil
	}
	return value
}

// ObjectOf returns data as an object, nil if it is none.
func ObjectOf(data json.RawMessage) Object { return Value(As[Object](data)) }

// ListOf returns data as a list, nil if it is none.
func ListOf(data json.RawMessage) []json.RawMessage { return Value(As[[]json.RawMessage](data)) }

// Decode decodes an object. The error names the field at fault, and the noun is
// how people call the object.
func Decode[T any](raw json.RawMessage, noun string) (T, error) {
	var decoded T
	if json.Unmarshal(raw, &decoded) != nil {
		return decoded, locate[T](raw, noun)
	}
	return decoded, nil
}

// locate returns why raw cannot be decoded as a T, with the name of the field at
// fault.
func locate[T any](raw json.RawMessage, noun string) error {
	var fields Object
	if json.Unmarshal(raw, &fields) != nil {
		return NotA(noun)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		alone, marshalErr := json.Marshal(Object{name: fields[name]})
		if marshalErr != nil {
			continue
		}
		var decoded T
		if fieldErr := json.Unmarshal(alone, &decoded); fieldErr != nil {
			return fieldError(name, fieldErr)
		}
	}
	return NotA(noun)
}

// NotA returns the error for a response about something else than the noun.
func NotA(noun string) error { return fmt.Errorf("the response does not describe a %s", noun) }

// WithoutID returns the error for an object that nothing can address.
func WithoutID(noun string) error {
	return fmt.Errorf("the response describes a %s without an id", noun)
}

// DecodeField decodes one field of an object. The error names it.
func DecodeField[T any](name string, raw json.RawMessage) (T, error) {
	var decoded T
	if err := json.Unmarshal(raw, &decoded); err != nil {
		var mismatch *json.UnmarshalTypeError
		if errors.As(err, &mismatch) {
			return decoded, mismatchError(strings.TrimSuffix(name+"."+mismatch.Field, "."), mismatch)
		}
		return decoded, fmt.Errorf("%s: %w", name, err)
	}
	return decoded, nil
}

// fieldError describes an error of decoding an object that has nothing but the
// field of this name.
func fieldError(name string, err error) error {
	var mismatch *json.UnmarshalTypeError
	if !errors.As(err, &mismatch) {
		return fmt.Errorf("%s: %w", name, err)
	}
	path := name
	// The path may begin with the names of embedded structs.
	if i := strings.Index(mismatch.Field, name); i >= 0 {
		path = mismatch.Field[i:]
	}
	return mismatchError(path, mismatch)
}

func mismatchError(path string, mismatch *json.UnmarshalTypeError) error {
	switch kind, literal, _ := strings.Cut(mismatch.Value, " "); {
	case literal != "":
		return fmt.Errorf("%s is a %s out of range", path, kind)
	case kind == "array" || kind == "object":
		return fmt.Errorf("%s is an %s", path, kind)
	default:
		return fmt.Errorf("%s is a %s", path, kind)
	}
}

// Normalize returns JSON without insignificant space and with sorted keys, and
// with every string, keys included, replaced by what change makes of it. It
// fails if data is not JSON.
func Normalize(data []byte, change func(string) string) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // a float would lose digits
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows the JSON")
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(changeStrings(value, change)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

func changeStrings(value any, change func(string) string) any {
	switch v := value.(type) {
	case string:
		return change(v)
	case []any:
		for i := range v {
			v[i] = changeStrings(v[i], change)
		}
	case map[string]any:
		changed := make(map[string]any, len(v))
		for key, member := range v {
			changed[change(key)] = changeStrings(member, change)
		}
		return changed
	}
	return value
}
