package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// expect reports a failure unless ok is true.
func expect(t testing.TB, ok bool, format string, args ...any) {
	t.Helper()
	if !ok {
		t.Errorf(format, args...)
	}
}

// equal reports the difference of two values. What names them in the failure.
func equal(t testing.TB, what any, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%v (-want +got):\n%s", what, diff)
	}
}

// sameList compares two lists. Nil equals an empty list.
func sameList[T comparable](t testing.TB, what any, want, got []T) {
	t.Helper()
	if !slices.Equal(want, got) {
		t.Errorf("%v = %v, want %v", what, got, want)
	}
}

// same compares JSON with what encoding/json would make of want.
func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if toJSON(t, want) != toJSON(t, got) {
		t.Errorf("%s = %s\nwant %s", what, toJSON(t, got), toJSON(t, want))
	}
}

// at follows a path such as "errors.0.code" into a decoded JSON value. It returns nil
// where there is nothing. "#" stands for the length of a list.
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch holder := v.(type) {
		case object:
			v = holder[step]
		case []object:
			v = item(holder, step)
		case []any:
			v = item(holder, step)
		default:
			return nil
		}
	}
	return v
}

func item[T any](list []T, step string) any {
	if step == "#" {
		return len(list)
	}
	if i, err := strconv.Atoi(step); err == nil && i < len(list) {
		return list[i]
	}
	return nil
}

// has checks members of a decoded JSON value. They come in pairs of a path and a value;
// nil stands for null and for what is absent.
func has(t testing.TB, what, v any, members ...any) {
	t.Helper()
	for i := 0; i < len(members); i += 2 {
		path, _ := members[i].(string)
		if diff := cmp.Diff(members[i+1], at(v, path)); diff != "" {
			t.Errorf("%v: %s (-want +got):\n%s%v", what, path, diff, v)
		}
	}
}

// want checks the status and members of the body, as in [has].
func (r reply) want(t testing.TB, status int, members ...any) reply {
	t.Helper()
	if r.status != status {
		t.Errorf("%s: status = %d, want %d: %s", r.request, r.status, status, r.raw)
	}
	has(t, r.request, r.body, members...)
	return r
}

// wantText checks that a member of the body is a string with all parts, in this order.
func (r reply) wantText(t testing.TB, path string, parts ...string) reply {
	t.Helper()
	text, _ := at(r.body, path).(string)
	inOrder(t, text, parts...)
	return r
}

// inOrder checks that a text has all parts, one after the other.
func inOrder(t testing.TB, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("no %q after what comes before it in:\n%s", part, text)
		}
		rest = after
	}
}

// lacks checks that a JSON object does not have members.
func lacks(t testing.TB, what any, holder object, names ...string) {
	t.Helper()
	for _, name := range names {
		value, ok := holder[name]
		expect(t, !ok, "%v has %s = %v", what, name, value)
	}
}

// wantRaw checks the body as it is.
func (r reply) wantRaw(t testing.TB, want string) reply {
	t.Helper()
	equal(t, r.request, want, r.raw)
	return r
}

// wantHeaders checks headers, which come in pairs. An empty value means that there is no
// such header.
func (r reply) wantHeaders(t testing.TB, headers ...string) reply {
	t.Helper()
	for i := 0; i < len(headers); i += 2 {
		if got := r.header.Get(headers[i]); got != headers[i+1] {
			t.Errorf("%s: %s = %q, want %q: %d %s", r.request, headers[i], got, headers[i+1], r.status, r.raw)
		}
	}
	return r
}

// result returns the result of a success.
func (r reply) result(t testing.TB) object {
	t.Helper()
	out, ok := r.body["result"].(object)
	if r.status != http.StatusOK || r.body["success"] != true || !ok {
		t.Fatalf("no success: %d %s", r.status, r.raw)
	}
	return out
}

// items returns the result of a success that is a list.
func (r reply) items(t testing.TB) []any {
	t.Helper()
	out, ok := r.body["result"].([]any)
	if r.status != http.StatusOK || !ok {
		t.Fatalf("%s: no list: %d %s", r.request, r.status, r.raw)
	}
	return out
}

// wantErrors checks status, code and messages of a control plane error. A message may
// start with the path, as in "body.id: Required".
func (r reply) wantErrors(t testing.TB, status, code int, messages ...string) reply {
	t.Helper()
	r.want(t, status, "success", false)
	errors, _ := r.body["errors"].([]any)
	var got []string
	for i := range errors {
		has(t, r.request, errors[i], "code", float64(code))
		message, _ := at(errors[i], "message").(string)
		if path, ok := at(errors[i], "path").([]any); ok {
			message = dotted(path) + ": " + message
		}
		got = append(got, message)
	}
	sameList(t, r.request+": errors", messages, got)
	return r
}

// dotted returns the path of an error with dots.
func dotted(path []any) string {
	steps := make([]string, len(path))
	for i, step := range path {
		steps[i] = fmt.Sprint(step)
	}
	return strings.Join(steps, ".")
}

// wantDataError checks a data plane error.
func (r reply) wantDataError(t testing.TB, status, code int, message string) reply {
	t.Helper()
	return r.want(t, status, "success", false, "error.#", 1, "error.0.code", float64(code)).wantText(t, "error.0.message", message)
}

// text returns what the model said.
func (r reply) text(t testing.TB) string {
	t.Helper()
	text, ok := at(r.body, "choices.0.message.content").(string)
	if r.status != http.StatusOK || !ok || at(r.body, "choices.#") != 1 {
		t.Fatalf("no completion: %d %s", r.status, r.raw)
	}
	return text
}

// wantPanic checks that do panics.
func wantPanic(t *testing.T, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	do()
}
