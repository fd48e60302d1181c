// Package wire reads and writes the JSON of the API. Its types accept what the
// API has been observed to send besides what its specification says: a number
// as 300 or 300.0, a boolean as 1, a time as seconds since 1970. Behind
// pointers they tell null and absent from a value, which the response types of
// cloudflare-go do not. Everything else is an error.
package wire

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Integer is a whole number, also written as 300.0 or 3e2.
type Integer int64

// UnmarshalJSON implements [json.Unmarshaler].
func (i *Integer) UnmarshalJSON(data []byte) error {
	if n, err := strconv.ParseInt(string(data), 10, 64); err == nil {
		*i = Integer(n)
		return nil
	}
	f, err := strconv.ParseFloat(string(data), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return fmt.Errorf("%s is not a whole number", Brief(data))
	}
	*i = Integer(f)
	return nil
}

// Number is a number that need not be whole.
type Number float64

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Number) UnmarshalJSON(data []byte) error {
	f, err := strconv.ParseFloat(string(data), 64)
	if err != nil {
		return fmt.Errorf("%s is not a number", Brief(data))
	}
	*n = Number(f)
	return nil
}

// Boolean is true or false, also written as 1 or 0 or as a string. Null leaves
// the value as it is.
type Boolean bool

// UnmarshalJSON implements [json.Unmarshaler].
func (b *Boolean) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", "1", `"true"`:
		*b = true
	case "false", "0", `"false"`:
		*b = false
	case "null":
	default:
		return fmt.Errorf("%s is not a boolean", Brief(data))
	}
	return nil
}

// Timestamp is a time in RFC 3339 or in seconds since 1970.
type Timestamp time.Time

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	var parsed time.Time
	var text string
	if json.Unmarshal(data, &text) == nil {
		var err error
		if parsed, err = time.Parse(time.RFC3339, text); err != nil {
			return fmt.Errorf("%s is not a time in RFC 3339", Brief(data))
		}
	} else {
		var seconds Integer
		if err := json.Unmarshal(data, &seconds); err != nil {
			return fmt.Errorf("%s is not a time", Brief(data))
		}
		parsed = time.Unix(int64(seconds), 0)
	}
	parsed = parsed.UTC()
	if !isFourDigitYear(parsed) {
		return fmt.Errorf("%s is not a time of this era", Brief(data))
	}
	*t = Timestamp(parsed)
	return nil
}

// Moment is a [Timestamp] that may also be in milliseconds since 1970.
type Moment time.Time

// firstMillis is the first number that is read as milliseconds. As seconds it
// would be a time after the year 5138.
const firstMillis = 1e11

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Moment) UnmarshalJSON(data []byte) error {
	var n Number
	if json.Unmarshal(data, &n) != nil {
		return (*Timestamp)(m).UnmarshalJSON(data)
	}
	if math.Abs(float64(n)) >= 1<<53 {
		return fmt.Errorf("%s is not a time of this era", Brief(data))
	}
	whole := int64(math.Floor(float64(n)))
	parsed := time.Unix(whole, 0)
	if math.Abs(float64(n)) >= firstMillis {
		parsed = time.UnixMilli(whole)
	}
	if parsed = parsed.UTC(); !isFourDigitYear(parsed) {
		return fmt.Errorf("%s is not a time of this era", Brief(data))
	}
	*m = Moment(parsed)
	return nil
}

// isFourDigitYear reports whether RFC 3339 can write t.
func isFourDigitYear(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

// Time returns the time behind t, zero for nil.
func Time[T Timestamp | Moment](t *T) time.Time {
	if t == nil {
		return time.Time{}
	}
	return time.Time(*t)
}

// Brief describes a JSON value for an error. A short value is quoted in full:
// a secret in it is then complete, so that redaction finds it.
func Brief(data []byte) string {
	const limit = 40
	var text string
	switch {
	case len(data) == 0:
		return "missing"
	case IsNull(data):
		return "null"
	case json.Unmarshal(data, &text) == nil && len(text) <= limit:
		return strconv.Quote(text)
	case data[0] == '"':
		return "a long string"
	case data[0] == '[' || data[0] == '{':
		return "a list or an object"
	case len(data) <= limit:
		return string(data)
	default:
		return "a long number"
	}
}

// Ptr returns a pointer to v.
func Ptr[T any](v T) *T { return &v }

// Value returns the value behind p, zero for nil.
func Value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// NonEmpty returns text, or nil for "": the API writes some unset strings so.
func NonEmpty(text *string) *string {
	if Value(text) == "" {
		return nil
	}
	return text
}
