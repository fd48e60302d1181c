package lifecycle

import (
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Others are configurations of objects that live side by side.
type Others struct {
	// Mine and Other are of two objects, and New is of a third.
	Mine, Other, New Attrs
	// Changed is an update of Mine by a request with this method.
	Changed Attrs
	Method  string
	// Path returns the path of an object, below that of the account, from its state.
	Path func(state Attrs) string
	// Posts matches the path of the request that creates an object.
	Posts string
}

func (o Others) pathOf(s *acctest.Service, r *protocol.Resource) string {
	return "/client/v4/accounts/" + s.AccountID + o.Path(r.State())
}

// AnotherObject lets a proxy answer each request about one object with another
// object. The apply fails or finds its own object, and never touches the other.
func (sub Subject) AnotherObject(t *testing.T, o Others) {
	t.Helper()
	for name, test := range map[string]struct {
		method string
		done   bool
		from   Attrs
		to     Attrs
		finds  bool // its own object
	}{
		"read":        {http.MethodGet, false, o.Mine, nil, false},
		"created":     {http.MethodPost, true, nil, o.New, true},
		"not created": {http.MethodPost, false, nil, o.New, false},
		"updated":     {o.Method, true, o.Mine, o.Changed, false},
		"not updated": {o.Method, false, o.Mine, o.Changed, false},
		"deleted":     {http.MethodDelete, true, o.Mine, nil, true},
		"not deleted": {http.MethodDelete, false, o.Mine, nil, false},
	} {
		t.Run("another object, "+name, func(t *testing.T) {
			t.Parallel()
			s := sub.Service(t)
			server := s.Protocol(t, Once)
			other := sub.Create(t, s, server, o.Other)
			r := server.Resource(sub.Type)
			if test.from != nil {
				r = sub.Create(t, s, server, test.from)
			}
			before := maps.Clone(r.State())
			fault := emulator.Fault{Method: test.method, AnswerOf: o.pathOf(s, other), AnswerAfter: test.done}
			switch {
			case test.method == http.MethodPost:
				fault.Path = o.Posts
			case test.from != nil:
				fault.Path = o.pathOf(s, r) + "$"
			}
			s.Emulator.Inject(fault)
			var diags protocol.Diagnostics
			if test.method == http.MethodGet {
				diags = r.Refresh()
			} else {
				diags = Apply(t, r, test.to)
			}
			if diags.HasError() == test.finds {
				t.Errorf("the diagnostics are %s", diags)
			}
			if diags.HasError() && (!reflect.DeepEqual(r.State(), before) || r.Tainted()) {
				t.Errorf("state was %v and is %v", before, r.State())
			}
			if test.method == http.MethodGet {
				RequireText(t, diags, "the response describes ", "A proxy or a cache")
			}
			for _, request := range s.Requests() {
				if !strings.HasPrefix(request, http.MethodGet) && strings.HasSuffix(request, o.Path(other.State())) {
					t.Errorf("the other object got %s", request)
				}
			}
			s.Emulator.ClearFaults()
			other.MustPlanEmpty(o.Other)
			if test.to == nil {
				return
			}
			if !test.done || test.finds || r.Exists() {
				r.MustApply(test.to)
				r.MustPlanEmpty(test.to)
			}
			if r.State()["id"] == other.State()["id"] {
				t.Error("the other object was taken over")
			}
		})
	}
}

// DeletesNothing lets a deletion be answered with success that does nothing. The
// object stays in state, and the next apply deletes it.
func (sub Subject) DeletesNothing(t *testing.T, config Attrs) {
	t.Helper()
	for name, body := range map[string]string{"empty": "", "null": "null", "a page": "<html>", "no success": "{}"} {
		t.Run("deletes nothing, "+name, func(t *testing.T) {
			t.Parallel()
			s := sub.Service(t)
			r := sub.Create(t, s, s.Protocol(t, Once), config)
			s.Emulator.Inject(emulator.Fault{Method: http.MethodDelete, Status: http.StatusOK, Body: body})
			diags := Apply(t, r, nil)
			RequireText(t, diags, "Unable to delete ", "it was looked for afterwards and was not deleted")
			if !diags.HasError() || !r.Exists() {
				t.Errorf("state %v: %s", r.State(), diags)
			}
			RequireNone(t, Apply(t, r, nil))
			sub.require(t, s, r, nil)
		})
	}
}
