package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The types below read what the API has been seen to answer besides what its
// specification says: a number as 300 or 300.0, a boolean as 1, a time as
// seconds since 1970. Behind pointers they tell null and absent from a value,
// which the SDK's response types do not. What fits none of the forms is an
// error.

// integer is a whole number, however it is written.
type integer int64

func (i *integer) UnmarshalJSON(data []byte) error {
	if n, err := strconv.ParseInt(string(data), 10, 64); err == nil {
		*i = integer(n)
		return nil
	}
	f, err := strconv.ParseFloat(string(data), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return fmt.Errorf("%s is not a whole number", brief(data))
	}
	*i = integer(f)
	return nil
}

// boolean is true or false, also as 1 or 0 and as a string; null changes
// nothing.
type boolean bool

func (b *boolean) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true", "1", `"true"`:
		*b = true
	case "false", "0", `"false"`:
		*b = false
	case "null":
	default:
		return fmt.Errorf("%s is not a boolean", brief(data))
	}
	return nil
}

// timestamp is a time as RFC 3339 or as seconds since 1970.
type timestamp time.Time

func (t *timestamp) UnmarshalJSON(data []byte) error {
	var parsed time.Time
	var text string
	if json.Unmarshal(data, &text) == nil {
		var err error
		if parsed, err = time.Parse(time.RFC3339, text); err != nil {
			return fmt.Errorf("%s is not a time in RFC 3339", brief(data))
		}
	} else {
		var seconds integer
		if err := json.Unmarshal(data, &seconds); err != nil {
			return fmt.Errorf("%s is not a time", brief(data))
		}
		parsed = time.Unix(int64(seconds), 0)
	}
	parsed = parsed.UTC()
	if parsed.Year() < 0 || parsed.Year() > 9999 {
		// RFC 3339 has no such years, so nobody could read it again.
		return fmt.Errorf("%s is not a time of this era", brief(data))
	}
	*t = timestamp(parsed)
	return nil
}

// brief is data for an error: what is short is quoted, so that a secret in it
// is there as a whole, to be found and taken out, or not at all.
func brief(data []byte) string {
	const limit = 40
	var text string
	switch {
	case json.Unmarshal(data, &text) == nil && len(text) <= limit:
		return strconv.Quote(text)
	case data[0] == '"':
		return "a long text"
	case data[0] == '[' || data[0] == '{':
		return "a list or an object"
	case len(data) <= limit:
		return string(data)
	default:
		return "a long number"
	}
}

func timeOf(t *timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return time.Time(*t)
}

func int64Of(i *integer) *int64 { return (*int64)(i) }

func boolOf(b *boolean) *bool { return (*bool)(b) }

// resultInfo is what a list says about its pages.
type resultInfo struct {
	TotalCount *integer `json:"total_count"`
}

// envelope is what the API puts around its answers.
type envelope struct {
	Success *bool           `json:"success"`
	Result  json.RawMessage `json:"result"`
	Info    json.RawMessage `json:"result_info"`
	// Route and Data are the result of some requests about dynamic routes.
	Route json.RawMessage `json:"route"`
	Data  json.RawMessage `json:"data"`
}

// openEnvelope reads an answer with a status of success.
func openEnvelope(op string, ex *exchange) (envelope, error) {
	var opened envelope
	if err := json.Unmarshal(ex.body, &opened); err != nil {
		return envelope{}, unexpected(op, ex, errors.New("the answer is not the API's JSON; is the base URL right?"))
	}
	if opened.Success != nil && !*opened.Success {
		return envelope{}, answerError(op, ex)
	}
	return opened, nil
}

// decodeResult reads the result of a success envelope into result.
func decodeResult(op string, ex *exchange, result any) (resultInfo, error) {
	opened, err := openEnvelope(op, ex)
	if err != nil {
		return resultInfo{}, err
	}
	if len(opened.Result) == 0 || bytes.Equal(opened.Result, []byte("null")) {
		return resultInfo{}, unexpected(op, ex, errors.New("the answer has no result"))
	}
	if err := json.Unmarshal(opened.Result, result); err != nil {
		return resultInfo{}, unexpected(op, ex, fmt.Errorf("the answer cannot be read: %w", err))
	}
	return opened.info(), nil
}

// info is what a list says about its pages, as far as it can be read: the API's
// specification does not promise it.
func (e envelope) info() resultInfo {
	var info resultInfo
	if json.Unmarshal(e.Info, &info) != nil {
		return resultInfo{}
	}
	return info
}

// checkDone reads the answer to a request whose result does not matter. One
// that is not the API's own is no proof that anything was done.
func checkDone(op string, ex *exchange) error {
	if len(bytes.TrimSpace(ex.body)) == 0 {
		return nil
	}
	_, err := openEnvelope(op, ex)
	return err
}

func unexpected(op string, ex *exchange, cause error) *Error {
	return &Error{
		Op: op, Status: ex.status, RayID: ex.cleanText(ex.header.Get("CF-Ray")), Attempts: ex.attempts,
		kind: ErrUnexpectedAnswer, cause: ex.clean(cause),
	}
}

// withoutResult tells whether an answer has no result to read.
func withoutResult(ex *exchange) bool {
	if len(bytes.TrimSpace(ex.body)) == 0 {
		return true
	}
	var opened envelope
	return json.Unmarshal(ex.body, &opened) == nil && (opened.Success == nil || *opened.Success) &&
		(len(opened.Result) == 0 || bytes.Equal(opened.Result, []byte("null")))
}

// faultyField is err, which came of decoding raw as a T, with the name of the
// field that it is about. What is how people call a T.
func faultyField[T any](raw json.RawMessage, what string, err error) error {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return fmt.Errorf("the answer does not describe a %s", what)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		alone, marshalErr := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		if marshalErr != nil {
			continue
		}
		var answer T
		fieldErr := json.Unmarshal(alone, &answer)
		var mismatch *json.UnmarshalTypeError
		switch {
		case errors.As(fieldErr, &mismatch):
			return wrongType(name, mismatch)
		case fieldErr != nil:
			return fmt.Errorf("%s: %w", name, fieldErr)
		}
	}
	return err
}

// wrongType says which value within the field called name is of which type.
func wrongType(name string, mismatch *json.UnmarshalTypeError) error {
	at := name
	// The way to it may begin with names of embedded structs.
	if i := strings.Index(mismatch.Field, name); i >= 0 {
		at = mismatch.Field[i:]
	}
	switch kind, literal, _ := strings.Cut(mismatch.Value, " "); {
	case literal != "":
		return fmt.Errorf("%s is a %s out of range", at, kind)
	case kind == "array" || kind == "object":
		return fmt.Errorf("%s is an %s", at, kind)
	default:
		return fmt.Errorf("%s is a %s", at, kind)
	}
}
