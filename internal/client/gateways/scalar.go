package gateways

import (
	"encoding/json"
	"fmt"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A scalar is the codec of one setting that is a boolean, a whole number or a
// string.
type scalar struct {
	name       string // on the wire
	updateOnly bool
	encode     func(*Settings, wire.Body)
	decode     func(*Settings, *fields)
	// fill takes a nil setting from other settings.
	fill func(to, from *Settings)
}

type scalarValue interface{ bool | int64 | string }

// optional returns a setting that a request leaves out if it is nil. Null, absent and
// "" are read as nil.
func optional[T scalarValue](name string, of func(*Settings) **T) scalar {
	return scalar{
		name:   name,
		encode: func(s *Settings, b wire.Body) { wire.Put(b, name, *of(s)) },
		decode: func(s *Settings, f *fields) {
			v := readScalar[T](f, name)
			if text, isString := any(v).(*string); isString && wire.Value(text) == "" {
				v = nil
			}
			*of(s) = v
		},
		fill: fillFrom(of),
	}
}

func fillFrom[T scalarValue](of func(*Settings) **T) func(to, from *Settings) {
	return func(to, from *Settings) {
		if *of(to) == nil {
			*of(to) = *of(from)
		}
	}
}

// required returns an optional setting that the API requires in every request: with
// fallback if it is nil.
func required[T scalarValue](name string, fallback T, of func(*Settings) **T) scalar {
	row := optional(name, of)
	row.encode = func(s *Settings, b wire.Body) {
		b[name] = fallback
		wire.Put(b, name, *of(s))
	}
	return row
}

// clearable returns a setting that the API clears with null. Its zero value, 0 or "",
// means the same here. Absent is read as cleared too, since the service may leave
// out what is unset.
func clearable[T scalarValue](name string, of func(*Settings) **T) scalar {
	return scalar{
		name: name,
		encode: func(s *Settings, b wire.Body) {
			var zero T
			switch v := *of(s); {
			case v == nil:
			case *v == zero:
				b[name] = nil
			default:
				b[name] = *v
			}
		},
		decode: func(s *Settings, f *fields) { *of(s) = wire.Ptr(wire.Value(readScalar[T](f, name))) },
		fill: func(to, from *Settings) {
			if wire.Value(*of(from)) != *new(T) { // what is unset need not be cleared
				fillFrom(of)(to, from)
			}
		},
	}
}

// onUpdate returns a setting that the API takes on update only.
func onUpdate(row scalar) scalar {
	row.updateOnly = true
	return row
}

// fields are those of a gateway in a response. Reading them keeps the error of
// the field that is first by name, so that errors do not depend on the order of
// reading.
type fields struct {
	object  wire.Object
	err     error
	errName string
}

func (f *fields) fail(name string, err error) {
	if f.err == nil || name < f.errName {
		f.err, f.errName = err, name
	}
}

// read returns the field of this name as a T, nil if it is null, absent or
// something else.
func read[T any](f *fields, name string) *T {
	raw := f.object[name]
	if wire.IsNull(raw) {
		return nil
	}
	v, err := wire.DecodeField[T](name, raw)
	if err != nil {
		f.fail(name, err)
		return nil
	}
	return &v
}

// readScalar is read with the forms that the API has been observed to send of
// booleans and numbers.
func readScalar[T scalarValue](f *fields, name string) *T {
	raw := f.object[name]
	if wire.IsNull(raw) {
		return nil
	}
	v := new(T)
	var lenient json.Unmarshaler
	switch p := any(v).(type) {
	case *bool:
		lenient = (*wire.Boolean)(p)
	case *int64:
		lenient = (*wire.Integer)(p)
	default:
		return read[T](f, name)
	}
	if err := lenient.UnmarshalJSON(raw); err != nil {
		f.fail(name, fmt.Errorf("%s: %w", name, err))
		return nil
	}
	return v
}

// scalars returns the settings that the rows read.
func (f *fields) scalars(rows []scalar) Settings {
	var settings Settings
	for _, row := range rows {
		row.decode(&settings, f)
	}
	return settings
}

// gateway returns the gateway that was read from these fields, unless it cannot
// be used.
func (f *fields) gateway(gateway *Gateway) (*Gateway, error) {
	if f.err != nil {
		return nil, f.err
	}
	return gateway, nil
}
