package clienttest

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// otherAccount is not [Account].
const otherAccount = "ffffffffffffffffffffffffffffffff"

// InventedIDs cannot stand in the path of a request.
var InventedIDs = []string{"../x", "a/b", "a?b", "a\x00", "..", strings.Repeat("a", 200), "\x1b[2J", " "}

// Altered returns a response like that of a, with the objects in it changed. It
// fails the test if there is none.
func Altered(t *testing.T, a Handler, change Fields) Handler {
	t.Helper()
	recorder := httptest.NewRecorder()
	a(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	var body Fields
	if err := json.Unmarshal(recorder.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	objects := objectsOf(body)
	if len(objects) == 0 {
		t.Fatalf("%s has no object", recorder.Body)
	}
	for _, object := range objects {
		Changed(object, change)
	}
	headers := []string{}
	for name := range recorder.Header() {
		headers = append(headers, name+": "+recorder.Header().Get(name))
	}
	return Reply(recorder.Code, Encode(body), headers...)
}

// objectsOf returns the objects that a response describes, wherever they stand.
func objectsOf(body Fields) []Fields {
	for _, name := range []string{"route", "data", "result"} {
		switch found := body[name].(type) {
		case Fields:
			for _, key := range slices.Sorted(maps.Keys(found)) {
				if list, isList := found[key].([]any); isList && name == "data" {
					return fieldsOf(list)
				}
			}
			return []Fields{found}
		case []any:
			return fieldsOf(found)
		}
	}
	return nil
}

func fieldsOf(list []any) []Fields {
	var all []Fields
	for _, element := range list {
		if object, isObject := element.(Fields); isObject {
			all = append(all, object)
		}
	}
	return all
}

func (op Operation) idField() string {
	if op.IDField != "" {
		return op.IDField
	}
	return "id"
}

// takesObject reports whether the operation is about one object.
func (op Operation) takesObject() bool {
	return (op.ID != "" || op.TakesGateway && strings.HasSuffix(op.Name, " gateway")) && !strings.HasPrefix(op.Name, "list ")
}

// hasGateway reports whether the response names the gateway of the object.
func (op Operation) hasGateway(t *testing.T) bool {
	t.Helper()
	recorder := httptest.NewRecorder()
	op.Success(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	return strings.Contains(recorder.Body.String(), `"gateway_id"`)
}

// A response about another object is an error, and so is one with an id that no
// request can have in its path.
func (op Operation) testIdentity(t *testing.T) {
	if op.NoIdentity || op.IsPOST() || op.Method() == http.MethodDelete {
		return // The tests of creations and deletions have it.
	}
	other := map[string]Fields{"account_id": {"account_id": otherAccount}, "account_tag": {"account_tag": otherAccount}}
	if op.takesObject() {
		other["id"] = Fields{op.idField(): "another-1"}
	}
	if op.hasGateway(t) {
		other["gateway"] = Fields{"gateway_id": "another-gateway"}
	}
	for name, change := range other {
		t.Run("another "+name, func(t *testing.T) {
			server, c := Start(t, Altered(t, op.Success, change))
			err := op.Call(t.Context(), c)
			RequireError(t, err, client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: the response describes ")
			if !errors.Is(err, client.ErrOtherObject) {
				t.Errorf("%v is not about another object", err)
			}
			server.RequireRequests(op.Request)
		})
	}
	if op.hasBody() {
		return // What the response does not tell is read.
	}
	invented := InventedIDs
	if !op.MayBeBare {
		invented = append([]string{""}, invented...)
	}
	for _, id := range invented {
		server, c := Start(t, Altered(t, op.Success, Fields{op.idField(): id}))
		err := op.Call(t.Context(), c)
		RequireError(t, err, client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: the response describes a ")
		if len(err.Error()) > 400 || strings.ContainsAny(err.Error(), "\x00\x1b") {
			t.Errorf("%q", err)
		}
		server.RequireRequests(op.Request)
	}
}

// A change whose response describes nothing is confirmed by a read.
func (op Operation) testBare(t *testing.T) {
	if !op.hasBody() || op.IsPOST() {
		return
	}
	for name, response := range map[string]Handler{
		"empty": Reply(200, ""), "204": Reply(204, ""), "no result": Reply(200, `{"success":true}`),
		"null result": Reply(200, `{"success":true,"result":null}`), "no id": Reply(200, Envelope(Fields{})),
	} {
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, response, op.There)
			RequireNoError(t, op.Call(t.Context(), c))
			server.RequireRequests(op.Request, op.Look)

			server, c = Start(t, response, Forbidden)
			RequireKind(t, op.Call(t.Context(), c), client.ErrUnauthorized)
			server.RequireRequests(op.Request, op.Look)

			server, c = Start(t, response, Altered(t, op.There, Fields{"account_id": otherAccount}))
			RequireError(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse, "the response describes a ")
			server.RequireRequests(op.Request, op.Look)
		})
	}
}

// A deletion that the response does not confirm takes a look.
func (op Operation) testUnconfirmedDeletion(t *testing.T) {
	t.Helper()
	for name, body := range map[string]string{
		"empty": "", "null": "null", "page": Page404, "no envelope": "{}", "list": "[]", "text": `"deleted"`, "not so": `{"success":false}`,
		"no success": `{"result":{"id":"` + op.ID + `"}}`, "another": Envelope(Fields{"id": "another-1"}),
		"another account": Envelope(Fields{"account_id": otherAccount}),
	} {
		t.Run("unconfirmed, "+name, func(t *testing.T) {
			server, c := Start(t, Reply(200, body), op.Gone)
			RequireNoError(t, op.Call(t.Context(), c))
			server.RequireRequests(op.Request, op.Look)

			looks := max(1, op.Looks)
			server, c = Start(t, append([]Handler{Reply(200, body)}, Repeat(looks, op.There)...)...)
			RequireError(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: ", "was not deleted")
			server.RequireRequests(append([]string{op.Request}, slices.Repeat([]string{op.Look}, looks)...)...)

			server, c = Start(t, Reply(200, body), Forbidden)
			RequireError(t, op.Call(t.Context(), c), client.ErrOutcomeUnknown, op.Name+": HTTP 200 OK: ", "afterwards failed as well: ", "HTTP 403")
			server.RequireRequests(op.Request, op.Look)
		})
	}
}
