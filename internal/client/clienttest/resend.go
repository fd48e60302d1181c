package clienttest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// testSentAgain tests that a POST that left no object behind is sent again, where the
// service accepts no second object of the same name.
func (cr Creation) testSentAgain(t *testing.T) {
	for _, how := range []string{"cut", "500", "503", "504", "200 not JSON"} {
		t.Run(how, func(t *testing.T) {
			server, c := Start(t, Lost[how], cr.Missing, cr.Created)
			RequireNoError(t, cr.Create(t.Context(), t, c))
			server.RequireRequests(cr.Request, cr.Look[0], cr.Request)
			server.RequireWaits(1)
			if seen := server.Seen(); seen[0].Body != seen[2].Body {
				t.Errorf("%q, then %q", seen[0].Body, seen[2].Body)
			}
		})
		t.Run(how+" always", func(t *testing.T) {
			server, c := StartWith(t, Retries(2), slices.Concat(
				[]Handler{Lost[how], cr.Missing, Lost[how], cr.Missing, Lost[how]}, Repeat(cr.Looks, cr.Missing))...)
			err := cr.Create(t.Context(), t, c)
			RequireText(t, err.Error(), "is not there", "(after 3 attempts)")
			server.RequireRequests(append([]string{cr.Request, cr.Look[0], cr.Request, cr.Look[0], cr.Request}, slices.Repeat(cr.Look[:1], cr.Looks)...)...)
		})
		// The first POST was carried out after the look, or the list did not show it.
		t.Run(how+", then taken", func(t *testing.T) {
			server, c := Start(t, append([]Handler{Lost[how], cr.Missing, cr.Taken}, cr.look(cr.Found)...)...)
			RequireNoError(t, cr.Create(t.Context(), t, c))
			server.RequireRequests(append([]string{cr.Request, cr.Look[0], cr.Request}, cr.Look...)...)
		})
	}
	looks := 1
	if cr.Stale {
		looks = cr.Looks
	}
	for name, there := range cr.Others {
		t.Run("taken by another, "+name, func(t *testing.T) {
			server, c := Start(t, append([]Handler{Cut, cr.Missing, cr.Taken}, slices.Repeat(cr.look(there), looks)...)...)
			RequireError(t, cr.Create(t.Context(), t, c), client.ErrAlreadyExists, cr.Name+": ", cr.WasThere)
			server.RequireRequests(append([]string{cr.Request, cr.Look[0], cr.Request}, slices.Repeat(cr.Look, looks)...)...)
		})
	}
	t.Run("refused then", func(t *testing.T) {
		server, c := Start(t, append([]Handler{Cut, cr.Missing, Forbidden}, Repeat(cr.Looks, cr.Missing)...)...)
		kind := client.ErrUnauthorized
		if cr.Lags {
			kind = client.ErrOutcomeUnknown
		}
		RequireError(t, cr.Create(t.Context(), t, c), kind, cr.Name+": HTTP 403")
		server.RequireRequests(append([]string{cr.Request, cr.Look[0], cr.Request}, slices.Repeat(cr.Look[:1], cr.Looks)...)...)
	})
	t.Run("interrupted in the pause", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, c := Start(t, Cut, func(w http.ResponseWriter, r *http.Request) { cancel(); cr.Missing(w, r) })
		err := cr.Create(ctx, t, c)
		says, kind := cr.missing()
		RequireError(t, err, kind, says)
		RequireInterrupted(t, err, context.Canceled)
		server.RequireRequests(cr.Request, cr.Look[0])
	})
}

// testAnotherObject tests that a POST answered with another object counts as lost:
// that object is neither taken over nor deleted.
func (cr Creation) testAnotherObject(t *testing.T) {
	field := cmp.Or(cr.IDField, "id")
	changes := map[string]Fields{"account": {"account_id": otherAccount}, "no id": {field: ""}}
	for _, id := range InventedIDs {
		changes["id "+id] = Fields{field: id}
	}
	for _, name := range cr.NameFields {
		changes[name] = Fields{name: "another"}
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			another := Altered(t, cr.Created, change)
			server, c := Start(t, append([]Handler{another}, cr.look(cr.Found)...)...)
			RequireNoError(t, cr.Create(t.Context(), t, c))
			cr.requireRequests(server, cr.Look...)

			server, c = StartWith(t, Retries(0), append([]Handler{another}, Repeat(cr.Looks, cr.Missing)...)...)
			err := cr.Create(t.Context(), t, c)
			RequireText(t, err.Error(), cr.Name+": HTTP 200 OK: the response describes ", "is not there")
			if kind := client.ErrUnexpectedResponse; !cr.Lags && !errors.Is(err, kind) {
				t.Error(err)
			}
			cr.requireRequests(server, slices.Repeat(cr.Look[:1], cr.Looks)...)
		})
	}
}
