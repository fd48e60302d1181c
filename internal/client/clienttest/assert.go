package clienttest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// A T is a *testing.T, or the *rapid.T of a property.
type T interface {
	Context() context.Context
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// RequireNoError fails the test at once unless err is nil.
func RequireNoError(t T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ErrorOf returns the error of a call with two results.
func ErrorOf[V any](_ V, err error) error { return err }

// RequireEqual fails the test unless want and got are equal.
func RequireEqual(t T, want, got any, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// RequireNil fails the test unless v is nil.
func RequireNil[V any](t T, v *V) {
	t.Helper()
	if v != nil {
		t.Errorf("got %+v, want nil", v)
	}
}

// RequireError fails the test unless err is of exactly this kind, as [RequireKind]
// has it, and its text contains all these parts.
func RequireError(t *testing.T, err, kind error, parts ...string) {
	t.Helper()
	RequireKind(t, err, kind)
	RequireText(t, err.Error(), parts...)
}

// RequireKind fails the test unless err is of exactly this kind of the client's
// errors. A nil kind means an error of none of these kinds.
func RequireKind(t *testing.T, err, kind error) {
	t.Helper()
	if err == nil {
		t.Fatal("the error is nil")
	}
	for name, sentinel := range map[string]error{
		"ErrNotFound": client.ErrNotFound, "ErrAlreadyExists": client.ErrAlreadyExists, "ErrUnauthorized": client.ErrUnauthorized,
		"ErrCouldNotRoute": client.ErrCouldNotRoute, "ErrRateLimited": client.ErrRateLimited, "ErrInvalid": client.ErrInvalid,
		"ErrUnavailable": client.ErrUnavailable, "ErrOutcomeUnknown": client.ErrOutcomeUnknown,
		"ErrUnexpectedResponse": client.ErrUnexpectedResponse,
	} {
		if got := errors.Is(err, sentinel); got != (sentinel == kind) { //nolint:errorlint // Both are sentinels.
			t.Errorf("the error is %s: %t; error: %v", name, got, err)
		}
	}
}

// RequireText fails the test unless text contains all these parts.
func RequireText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not contain %q", text, part)
		}
	}
}

// RequireInterrupted fails the test unless err says that the operation was
// interrupted, and wraps cause.
func RequireInterrupted(t *testing.T, err, cause error) {
	t.Helper()
	if !errors.Is(err, cause) {
		t.Errorf("%v does not wrap %v", err, cause)
	}
	RequireText(t, err.Error(), "interrupted")
}
