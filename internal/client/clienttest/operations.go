package clienttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// An Operation is a function of the client that sends a request.
type Operation struct {
	// Name is what errors and logs call the operation.
	Name string
	// Request is the first request, as for [Server.RequireRequests].
	Request string
	// Body is the request body. Empty means no body, or for POST, PUT and PATCH one
	// that another test asserts.
	Body string
	// Success is a response that the operation needs.
	Success Handler
	// TakesGateway is whether Do uses its gateway id.
	TakesGateway bool
	// ID and Noun are of the object that Do takes the id of; empty means none.
	ID, Noun string
	// Look is the request that confirms a change or a deletion whose response does
	// not, There the response to it that shows the object, and Gone one that does
	// not. Looks is how often an object that is there is looked at; 0 means once.
	Look        string
	There, Gone Handler
	Looks       int
	// IDField is the field of a response with the object's id; empty means "id".
	IDField string
	// NoIdentity is whether responses do not say which object they describe, and
	// MayBeBare whether they may leave the id out.
	NoIdentity, MayBeBare bool
	// RepeatsPOST is whether a POST has the same effect however often it is applied.
	RepeatsPOST bool
	// Do calls the function.
	Do func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error
}

// Call calls the function with good ids.
func (op Operation) Call(ctx context.Context, c *client.Client) error {
	return op.Do(ctx, c, Account, "demo", op.ID)
}

// Method returns the HTTP method of the request.
func (op Operation) Method() string {
	method, _, _ := strings.Cut(op.Request, " ")
	return method
}

// IsPOST reports whether the request is a POST. What follows when its response is
// lost differs by object, and has tests there.
func (op Operation) IsPOST() bool { return op.Method() == http.MethodPost }

// hasBody reports whether the request has a body.
func (op Operation) hasBody() bool { return strings.HasPrefix(op.Method(), "P") }

// TestOperations tests what all operations on control plane objects have in common:
// their requests, identifiers, retries, errors and interrupts.
func TestOperations(t *testing.T, operations []Operation) {
	t.Helper()
	for _, op := range operations {
		t.Run(op.Name+" "+op.Request, func(t *testing.T) {
			t.Run("request", op.testRequest)
			t.Run("bad ids", op.testBadIDs)
			t.Run("retries", op.testRetries)
			t.Run("errors", op.testErrors)
			t.Run("interrupt", op.testInterrupt)
			t.Run("unreadable", op.testUnreadable)
			t.Run("identity", op.testIdentity)
			t.Run("bare", op.testBare)
			if op.Method() == http.MethodDelete {
				t.Run("deletion", op.testDeletion)
			}
		})
	}
}

// What the SDK makes of a call is asserted request by request: its types and habits
// are not to be trusted.
func (op Operation) testRequest(t *testing.T) {
	server, c := Start(t, op.Success)
	RequireNoError(t, op.Call(t.Context(), c))
	server.RequireRequests(op.Request)
	server.RequireWaits(0)
	seen := server.Seen()[0]
	if op.Body != "" || !op.hasBody() {
		RequireEqual(t, op.Body, seen.Body)
	}
	want := map[string]string{
		"Authorization": "Bearer " + APIToken, "User-Agent": "client-test/1.0", "Accept": "application/json", "Content-Type": "",
		// Other ways to authenticate, which the SDK reads from the environment.
		"X-Auth-Key": "", "X-Auth-Email": "", "X-Auth-User-Service-Key": "", "Cf-Aig-Authorization": "", "Cookie": "",
	}
	if op.hasBody() {
		want["Content-Type"] = "application/json"
	}
	for name, value := range want {
		if got := strings.Join(seen.Header.Values(name), ", "); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

// BadIDs cannot be the ids of objects, and BadAccountIDs not those of accounts.
// cloudflare-go puts ids into paths without escaping them.
var (
	BadIDs = []string{
		"", ".", "..", "../other", "a/b", "/", "a/../b", "a%2Fb", "%2e%2e", "a?b=c", "a?b", "a#b", "a b", " a", "a\n", "\na", "a\x00",
		"a\tb", `a\b`, "gateway;x", "grün", "a:b", "a@b", "a&b", strings.Repeat("a", 129), "\u202e",
	}
	BadAccountIDs = []string{
		"", "demo", "..", "a/b", "a?b", "a%2Fb", "a b", "a\n", "0123", Account + "0", Account[:31], strings.ToUpper(Account), Account[:31] + "g", Account + "\n", " " + Account,
		Account[:30] + "%2", Account[:30] + "/x", "0123456789abcdef/../89abcdef012345", strings.Repeat("a", 129),
	}
)

func (op Operation) testBadIDs(t *testing.T) {
	server, c := Start(t)
	refused := func(err error, says string) {
		t.Helper()
		RequireKind(t, err, nil)
		RequireText(t, err.Error(), says, "no request was sent")
		var failed *client.Error
		if errors.As(err, &failed) {
			t.Errorf("%v looks as if a request had failed", err)
		}
	}
	for _, bad := range BadAccountIDs {
		refused(op.Do(t.Context(), c, bad, "demo", op.ID), "is not an account ID")
	}
	for _, bad := range BadIDs {
		if op.TakesGateway {
			refused(op.Do(t.Context(), c, Account, bad, op.ID), "cannot be the ID of a gateway")
		}
		if op.ID != "" {
			refused(op.Do(t.Context(), c, Account, "demo", bad), "cannot be the ID of a "+op.Noun)
		}
	}
	server.RequireRequests()
}

// A request is repeated where that is safe. Most POSTs are repeated only if they were
// refused for their rate.
func (op Operation) testRetries(t *testing.T) {
	for name, failing := range map[string]Handler{
		"429": Reply(429, Failure(971, "Please wait"), "Retry-After: 7"), "429 without a body": Reply(429, ""), "503": Reply(503, ""),
		"cut": Cut, "cut mid-body": CutMidBody,
	} {
		if op.IsPOST() && !op.RepeatsPOST && !strings.HasPrefix(name, "429") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, failing, failing, op.Success)
			RequireNoError(t, op.Call(t.Context(), c))
			server.RequireRequests(op.Request, op.Request, op.Request)
			server.RequireWaits(2)
			server.RequireSameBodies()
		})
	}
}

// Errors are of the kind that status and code say, with the field at fault.
func (op Operation) testErrors(t *testing.T) {
	for name, test := range map[string]struct {
		response Handler
		kind     error
		says     string
	}{
		"401":       {Reply(401, Failure(10000, "Authentication error")), client.ErrUnauthorized, "HTTP 401 Unauthorized: Authentication error (code 10000)"},
		"403":       {Forbidden, client.ErrUnauthorized, "HTTP 403 Forbidden: Authentication error (code 10000)"},
		"7003":      {Reply(404, Failure(7003, "Could not route")), client.ErrCouldNotRoute, "Could not route (code 7003)"},
		"422":       {Reply(422, Failure(7001, "Required", "body", "alias")), client.ErrInvalid, "Required (code 7001, at alias)"},
		"redirect":  {Reply(307, "", "Location: /elsewhere"), client.ErrUnexpectedResponse, "redirects"},
		"proxy 404": {Reply(404, Page404), client.ErrUnexpectedResponse, "is the base URL right?"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, test.response)
			RequireError(t, op.Call(t.Context(), c), test.kind, op.Name+": HTTP ", test.says)
			server.RequireRequests(op.Request)
			server.RequireWaits(0)
		})
	}
	if op.Name == "create gateway" {
		return // A 400 may mean that the gateway exists. The tests of the recovery have it.
	}
	for says, response := range map[string]Handler{
		"Required (code 7001, at alias)": Reply(400, Failure(7001, "Required", "body", "alias")),
		"(code 1002, at base_url)":       Reply(400, Failure(1002, "base_url must be https", "body", "base_url")),
	} {
		server, c := Start(t, response)
		RequireError(t, op.Call(t.Context(), c), client.ErrInvalid, op.Name+": HTTP ", says)
		server.RequireRequests(op.Request)
	}
}

func (op Operation) testInterrupt(t *testing.T) {
	t.Run("before the request", func(t *testing.T) {
		server, c := Start(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := op.Call(ctx, c)
		RequireError(t, err, client.ErrUnavailable, op.Name+": not sent: ")
		RequireInterrupted(t, err, context.Canceled)
		server.RequireRequests()
		server.RequireWaits(0)
	})
	if op.IsPOST() {
		return
	}
	t.Run("during the request", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, c := Start(t, Interrupting(cancel))
		err := op.Call(ctx, c)
		RequireKind(t, err, client.ErrUnavailable)
		RequireInterrupted(t, err, context.Canceled)
		server.RequireRequests(op.Request)
		server.RequireWaits(0)
	})
}

// A response that is not the API's, or not of this object, is an error that says
// where.
func (op Operation) testUnreadable(t *testing.T) {
	if op.IsPOST() {
		return
	}
	for name, body := range map[string]string{
		"page": Page404, "not success": Failure(0, "hm"), "empty": "", "no envelope": `[]`, "no result": `{"success":true,"result":null}`,
		"odd result": Envelope("odd"),
	} {
		if op.Method() != http.MethodGet && name != "page" && name != "not success" || op.Method() == http.MethodDelete {
			continue // A change may be confirmed by another request. Deletions have tests of their own.
		}
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, Reply(200, body))
			RequireError(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: ")
			server.RequireRequests(op.Request)
		})
	}
}

// A deletion is done if the response says so, and where the object does not exist.
func (op Operation) testDeletion(t *testing.T) {
	for name, test := range map[string]struct {
		response Handler
		kind     error
	}{
		"200": {Reply(200, Envelope(Fields{})), nil}, "204": {Reply(204, ""), nil},
		"null": {Reply(200, `{"success":true,"result":null}`), nil}, "404 7002": {NotFound, nil},
		"404 1004": {Reply(404, Failure(1004, "Custom Provider not found")), nil},
		"404 page": {Reply(404, "<html>"), client.ErrUnexpectedResponse},
		"403":      {Reply(403, Failure(10000, "no")), client.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := Start(t, test.response)
			err := op.Call(t.Context(), c)
			if test.kind == nil {
				RequireNoError(t, err)
			} else {
				RequireKind(t, err, test.kind)
			}
			server.RequireRequests(op.Request)
		})
	}
	op.testUnconfirmedDeletion(t)
}

// RequireUnreadable fails the test unless the operation fails on each of these
// bodies with an error that contains its key.
func (op Operation) RequireUnreadable(t *testing.T, bodies map[string]string) {
	t.Helper()
	for says, body := range bodies {
		_, c := Start(t, Reply(200, body))
		RequireError(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse, op.Name+": HTTP 200 OK: ", says)
	}
}

// TestRefusedByGatewayInput tests that operations send nothing in the wire format
// gateway_input, which has no such objects.
func TestRefusedByGatewayInput(t *testing.T, objects string, operations []Operation) {
	t.Helper()
	for _, op := range operations {
		server, c := StartWith(t, InFormat(client.WireGatewayInput))
		RequireError(t, op.Call(t.Context(), c), nil, fmt.Sprintf(`the wire format "gateway_input" has no %s, so no request was sent`, objects))
		server.RequireRequests()
		server.RequireWaits(0)
	}
}
