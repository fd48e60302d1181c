package diagnostics_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

const account = "0123456789abcdef0123456789abcdef"

// subject returns a gateway with the name demo.
func subject(verb string) diagnostics.Subject {
	return diagnostics.Subject{
		Verb: verb, Object: "gateway", AccountID: account, ID: "demo", ResourceType: "aigateway_gateway",
		Attributes: map[string]path.Path{
			"id": path.Root("name"), "cache_ttl": path.Root("cache_ttl"), "collect_logs": path.Root("log_enabled"),
		},
	}
}

// transport is an in-memory service.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body string) transport {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {"application/json"}, "Cf-Ray": {"8f00-FRA"}},
		}, nil
	}
}

func broken(err error) transport {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// createAndRead responds to the create with post, and to the read that follows with
// get.
func createAndRead(post, get transport) transport {
	return func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			return post(r)
		}
		return get(r)
	}
}

// afterRead responds to the read that precedes an update with a gateway.
func (f transport) afterRead() transport {
	read := false
	return func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet && !read {
			read = true
			return answer(http.StatusOK, old)(r)
		}
		return f(r)
	}
}

const (
	notFound = `{"success":false,"errors":[{"code":7002,"message":"Not Found"}]}`
	old      = `{"success":true,"result":{"id":"demo","created_at":"2026-08-03T10:00:00Z"}}`
)

func item(code int, message string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":%q}]}`, code, message)
}

func itemAt(code int, message, field string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":%q,"path":["body",%q]}]}`, code, message, field)
}

// impatient is a clock that does not wait.
type impatient struct{}

func (impatient) Now() time.Time                                  { return time.Time{} }
func (impatient) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }
func (impatient) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(d, f).Stop
}

// failure returns the client's error for an operation on a service. Only the client
// creates errors of its kinds.
func failure(ctx context.Context, t *testing.T, verb, id string, f transport) error {
	t.Helper()
	if verb == "update" {
		f = f.afterRead()
	}
	api, err := client.New(client.Config{
		APIToken: "api-token-1", Transport: f,
		Clock: impatient{},
	})
	if err != nil {
		t.Fatal(err)
	}
	switch verb {
	case "create":
		_, err = gateways.Create(ctx, api, account, id, gateways.Settings{})
	case "read":
		_, err = gateways.Get(ctx, api, account, id)
	case "update":
		_, err = gateways.Update(ctx, api, account, id, id, gateways.Settings{}, gateways.Settings{})
	case "delete":
		err = gateways.Delete(ctx, api, account, id)
	case "list":
		for _, err = range gateways.List(ctx, api, account, "") {
			break
		}
	default:
		t.Fatalf("no operation %q", verb)
	}
	if err == nil {
		t.Fatal("the operation did not fail")
	}
	return err
}

const importBlock = "import {\n  to = aigateway_gateway.example\n  id = \"" + account + "/demo\"\n}"

// Advice in messages. Each constant is a paragraph or one sentence of it.
const (
	unknownToken = "The API token is unknown to Cloudflare or expired, or it lacks a permission. "
	forbidden    = "The API token is not allowed to do this. "
	needsEdit    = "This needs a token with the permission AI Gateway Edit on account " + account + ". "
	needsRead    = "This needs a token with the permission AI Gateway Read on account " + account + ". "
	tokenSource  = "The token comes from the provider's api_token or the environment variable CLOUDFLARE_API_TOKEN."
	correct      = "The service refused the request. Correct the values that it names and apply again. Nothing was changed."
	refused      = "The service refused the request. Nothing was changed. If the message above does not help, please report it to the provider."
	gone         = "The object does not exist. If it was deleted outside Terraform, the next plan creates it again."
	noPath       = "Cloudflare's API does not have this path. Usually the account ID is wrong, or the token belongs to another account. Check account_id (or CLOUDFLARE_ACCOUNT_ID) and, if it is set, base_url (or CLOUDFLARE_BASE_URL)."
	noOperation  = "The API at this address does not have this operation. Check base_url (or CLOUDFLARE_BASE_URL), if it is set. If it is correct, the API has changed: please report this error to the provider."
	conflict     = "The change conflicts with another object. Nothing was changed. Plan again to see the current state."
	slowDown     = "Cloudflare's API accepts 1,200 requests per user in five minutes, and blocks the user for the next five minutes after that. Wait five minutes and run it again. For large configurations, use a lower -parallelism, such as -parallelism=2."
	notTheAPI    = "This is not a response of Cloudflare's API. Check base_url (or CLOUDFLARE_BASE_URL) and any proxy in between. If both are correct, the API has changed: please report this error to the provider."
	serviceDown  = "The service failed; the configuration is not the cause. Run it again later, and check Cloudflare's status page. The provider's max_retries sets how often a request is retried."
	unreachable  = "The service could not be reached. Check the network, any proxy in between, and base_url (or CLOUDFLARE_BASE_URL), if it is set. Then run it again. The provider's max_retries sets how often a request is retried."
	interrupted  = "The run was interrupted. Run it again: the next plan shows the current state."
	takeOver     = "If this apply replaces an object and create_before_destroy is set, the old object is in the way: remove the setting. Otherwise, to manage the existing object, add this block with the address of your resource, and apply again:\n\n"
	exists       = "A gateway of this name already exists. It was created outside this configuration, by an earlier run that was interrupted, or by another resource of this configuration that has the same name: then give one of them another name. Nothing was changed. " + takeOver + importBlock
	otherObject  = "A proxy or a cache between here and the service may return the response to another request. Nothing of this response was used. Check base_url (or CLOUDFLARE_BASE_URL) and any proxy in between, then run it again."
	unknownMade  = "The request may or may not have been applied. The gateway may exist without being in state. Run it again. If it then reports that the object already exists, import it:\n\n" + importBlock
	gatewayLimit = "The service did not name a field. The account may have reached its maximum number of gateways (10, or 20 on a paid plan): delete a gateway that is no longer used, or ask Cloudflare for a higher limit."
)

// The table contains every observed or documented code of the control plane and
// every kind of failure of a request, with the complete message.
func TestFromError(t *testing.T) {
	refusedDial := broken(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
	for name, test := range map[string]struct {
		verb    string
		service transport
		at      string // the attribute, "" for none
		what    string // after the subject
		advice  string
	}{
		"7001 missing field":        {"update", answer(400, itemAt(7001, "Required", "cache_ttl")), "cache_ttl", "Required (code 7001, at cache_ttl)", correct},
		"7001 wrong type":           {"update", answer(400, itemAt(7001, "Expected boolean, received null", "collect_logs")), "log_enabled", "Expected boolean, received null (code 7001, at collect_logs)", correct},
		"7001 bad name":             {"create", createAndRead(answer(400, itemAt(7001, "Invalid", "id")), answer(404, notFound)), "name", "Invalid (code 7001, at id)", correct},
		"7001 unmapped field":       {"update", answer(400, itemAt(7001, "Expected boolean, received null", "logpush")), "", "update gateway: HTTP 400 Bad Request: Expected boolean, received null (code 7001, at logpush) [CF-Ray 8f00-FRA]", correct},
		"7001 no field, create":     {"create", createAndRead(answer(400, item(7001, "Invalid input")), answer(404, notFound)), "", "create gateway: HTTP 400 Bad Request: Invalid input (code 7001) [CF-Ray 8f00-FRA]", gatewayLimit},
		"7001 no field, update":     {"update", answer(400, item(7001, "no")), "", "update gateway: HTTP 400 Bad Request: no (code 7001) [CF-Ray 8f00-FRA]", correct},
		"7001 exists":               {"create", createAndRead(answer(400, item(7001, "Gateway already exists")), answer(200, old)), "", "create gateway: HTTP 400 Bad Request: Gateway already exists (code 7001) [CF-Ray 8f00-FRA]; a gateway of this name existed before this request", exists},
		"7001 exists, at its field": {"create", createAndRead(answer(400, itemAt(7001, "Already exists", "id")), answer(200, old)), "name", "Already exists (code 7001, at id); a gateway of this name existed before this request", exists},
		"7001 wrong method":         {"update", answer(405, item(7001, "PUT not supported for requested URI.")), "", "update gateway: HTTP 405 Method Not Allowed: PUT not supported for requested URI. (code 7001) [CF-Ray 8f00-FRA]", noOperation},
		"7002":                      {"update", answer(404, notFound), "", "update gateway: HTTP 404 Not Found: Not Found (code 7002) [CF-Ray 8f00-FRA]", gone},
		"7003 and 7000":             {"read", answer(404, `{"success":false,"errors":[{"code":7003,"message":"Could not route to /x"},{"code":7000,"message":"No route for that URI"}]}`), "", "read gateway: HTTP 404 Not Found: Could not route to /x (code 7003); No route for that URI (code 7000) [CF-Ray 8f00-FRA]", noPath},
		"7003 with 400":             {"create", createAndRead(answer(400, item(7003, "Could not route to /x")), answer(404, notFound)), "", "create gateway: HTTP 400 Bad Request: Could not route to /x (code 7003) [CF-Ray 8f00-FRA]", noPath},
		"7005 route exists":         {"update", answer(400, item(7005, "already exists")), "", "update gateway: HTTP 400 Bad Request: already exists (code 7005) [CF-Ray 8f00-FRA]", correct},
		"7005 no route":             {"update", answer(404, item(7005, "not found")), "", "update gateway: HTTP 404 Not Found: not found (code 7005) [CF-Ray 8f00-FRA]", gone},
		"7000 unique":               {"update", answer(500, item(7000, "UNIQUE constraint failed: routes.name")), "", "update gateway: HTTP 500 Internal Server Error: UNIQUE constraint failed: routes.name (code 7000) [CF-Ray 8f00-FRA]", serviceDown},
		"1000":                      {"update", answer(400, item(1000, "NO_MANUAL_TOPUP")), "", "update gateway: HTTP 400 Bad Request: NO_MANUAL_TOPUP (code 1000) [CF-Ray 8f00-FRA]", correct},
		"1002":                      {"update", answer(400, itemAt(1002, "base_url must be a valid HTTPS URL starting with https://", "base_url")), "", "update gateway: HTTP 400 Bad Request: base_url must be a valid HTTPS URL starting with https:// (code 1002, at base_url) [CF-Ray 8f00-FRA]", correct},
		"1003, update":              {"update", answer(409, item(1003, "A custom provider with this slug already exists")), "", "update gateway: HTTP 409 Conflict: A custom provider with this slug already exists (code 1003) [CF-Ray 8f00-FRA]", conflict},
		"409, create":               {"create", createAndRead(answer(409, item(5403, "duplicate")), answer(404, notFound)), "", "create gateway: HTTP 409 Conflict: duplicate (code 5403) [CF-Ray 8f00-FRA]", exists},
		"1004":                      {"read", answer(404, item(1004, "Custom Provider not found")), "", "read gateway: HTTP 404 Not Found: Custom Provider not found (code 1004) [CF-Ray 8f00-FRA]", gone},
		"10000 with 401":            {"create", answer(401, item(10000, "Authentication error")), "", "create gateway: HTTP 401 Unauthorized: Authentication error (code 10000) [CF-Ray 8f00-FRA]", unknownToken + needsEdit + tokenSource},
		"10000 with 403, read":      {"read", answer(403, item(10000, "Authentication error")), "", "read gateway: HTTP 403 Forbidden: Authentication error (code 10000) [CF-Ray 8f00-FRA]", forbidden + needsRead + tokenSource},
		"10000 with 403, delete":    {"delete", answer(403, item(10000, "Authentication error")), "", "delete gateway: HTTP 403 Forbidden: Authentication error (code 10000) [CF-Ray 8f00-FRA]", forbidden + needsEdit + tokenSource},
		"9109":                      {"update", answer(400, item(9109, "Invalid access token")), "", "update gateway: HTTP 400 Bad Request: Invalid access token (code 9109) [CF-Ray 8f00-FRA]", unknownToken + needsEdit + tokenSource},
		"429":                       {"update", answer(429, item(971, "Please wait")), "", "update gateway: HTTP 429 Too Many Requests: Please wait (code 971) [CF-Ray 8f00-FRA]", slowDown},
		"400, read":                 {"read", answer(400, item(7001, "Invalid")), "", "read gateway: HTTP 400 Bad Request: Invalid (code 7001) [CF-Ray 8f00-FRA]", refused},
		"400, delete":               {"delete", answer(400, item(7001, "The gateway is in use.")), "", "delete gateway: HTTP 400 Bad Request: The gateway is in use. (code 7001) [CF-Ray 8f00-FRA]", refused},
		"400 that says nothing":     {"update", answer(400, ""), "", "update gateway: HTTP 400 Bad Request: the response lists no errors as the API does; is the base URL right? [CF-Ray 8f00-FRA]", correct},
		"newer 7003":                {"update", answer(401, item(7003, "Unauthorized")), "", "update gateway: HTTP 401 Unauthorized: Unauthorized (code 7003) [CF-Ray 8f00-FRA]", unknownToken + needsEdit + tokenSource},
		"newer 7004":                {"update", answer(403, item(7004, "Forbidden")), "", "update gateway: HTTP 403 Forbidden: Forbidden (code 7004) [CF-Ray 8f00-FRA]", forbidden + needsEdit + tokenSource},
		"newer 7005":                {"update", answer(405, item(7005, "Method Not Allowed")), "", "update gateway: HTTP 405 Method Not Allowed: Method Not Allowed (code 7005) [CF-Ray 8f00-FRA]", noOperation},
		"newer 7006":                {"update", answer(409, item(7006, "Conflict")), "", "update gateway: HTTP 409 Conflict: Conflict (code 7006) [CF-Ray 8f00-FRA]", conflict},
		"newer 7007":                {"update", answer(422, itemAt(7007, "Unprocessable", "cache_ttl")), "cache_ttl", "Unprocessable (code 7007, at cache_ttl)", correct},
		"newer 7008":                {"update", answer(429, item(7008, "Too Many Requests")), "", "update gateway: HTTP 429 Too Many Requests: Too Many Requests (code 7008) [CF-Ray 8f00-FRA]", slowDown},
		"newer 7009":                {"update", answer(500, item(7009, "Internal Error")), "", "update gateway: HTTP 500 Internal Server Error: Internal Error (code 7009) [CF-Ray 8f00-FRA]", serviceDown},
		"newer 7010":                {"update", answer(502, item(7010, "Bad Gateway")), "", "update gateway: HTTP 502 Bad Gateway: Bad Gateway (code 7010) [CF-Ray 8f00-FRA]", serviceDown},
		"newer 7011":                {"update", answer(503, item(7011, "Service Unavailable")), "", "update gateway: HTTP 503 Service Unavailable: Service Unavailable (code 7011) [CF-Ray 8f00-FRA]", serviceDown},
		"newer 7012":                {"update", answer(504, item(7012, "Gateway Timeout")), "", "update gateway: HTTP 504 Gateway Timeout: Gateway Timeout (code 7012) [CF-Ray 8f00-FRA]", serviceDown},
		"newer 7013":                {"update", answer(500, item(7013, "Response Validation Error")), "", "update gateway: HTTP 500 Internal Server Error: Response Validation Error (code 7013) [CF-Ray 8f00-FRA]", serviceDown},

		"a page":             {"read", answer(404, "<html></html>"), "", "read gateway: HTTP 404 Not Found: this 404 does not come from the API; is the base URL right? [CF-Ray 8f00-FRA]", notTheAPI},
		"a redirect":         {"read", answer(302, ""), "", "read gateway: HTTP 302 Found: the server redirects, which the API never does; is the base URL right? [CF-Ray 8f00-FRA]", notTheAPI},
		"unreadable":         {"update", answer(200, `{"success":true,"result":{"id":"demo","cache_ttl":"x"}}`), "", `update gateway: HTTP 200 OK: cache_ttl: "x" is not a whole number [CF-Ray 8f00-FRA]`, notTheAPI},
		"refused connection": {"read", refusedDial, "", "read gateway: no response: dial tcp: connection refused", unreachable},
		"refused, create":    {"create", refusedDial, "", "create gateway: no response: dial tcp: connection refused", unreachable},
		"broken connection":  {"update", broken(io.ErrUnexpectedEOF), "", "update gateway: no response: unexpected EOF", unreachable},
		"lost, not made":     {"create", createAndRead(broken(io.EOF), answer(404, notFound)), "", "create gateway: no response: EOF; the gateway was looked for afterwards and is not there", unreachable},
		"lost, there before": {"create", createAndRead(broken(io.EOF), answer(200, old)), "", "create gateway: no response: EOF; a gateway of this name existed before this request", exists},
		"lost, nobody knows": {"create", broken(io.EOF), "", "create gateway: no response: EOF; looking for the gateway afterwards failed as well: read gateway: no response: EOF", unknownMade},
		"504, there before":  {"create", createAndRead(answer(504, ""), answer(200, old)), "", "create gateway: HTTP 504 Gateway Timeout [CF-Ray 8f00-FRA]; a gateway of this name existed before this request", exists},
		"5xx, not made":      {"create", createAndRead(answer(502, ""), answer(404, notFound)), "", "create gateway: HTTP 502 Bad Gateway [CF-Ray 8f00-FRA]; the gateway was looked for afterwards and is not there", serviceDown},
		"unreadable, nobody knows": {"create", answer(200, "<html>"), "", "create gateway: HTTP 200 OK: the response is not the API's JSON; is the base URL right? [CF-Ray 8f00-FRA]; " +
			"looking for the gateway afterwards failed as well: read gateway: HTTP 200 OK: the response is not the API's JSON; is the base URL right? [CF-Ray 8f00-FRA]", unknownMade},
		"another object":         {"read", answer(200, strings.Replace(old, "demo", "other", 1)), "", `read gateway: HTTP 200 OK: the response describes the gateway "other", not "demo" [CF-Ray 8f00-FRA]`, otherObject},
		"success without result": {"create", createAndRead(answer(200, `{"success":true}`), answer(404, notFound)), "", "create gateway: HTTP 200 OK: the response has no result [CF-Ray 8f00-FRA]; the gateway was looked for afterwards and is not there", notTheAPI},
	} {
		t.Run(name, func(t *testing.T) {
			diags := diagnostics.FromError(subject(test.verb), failure(t.Context(), t, test.verb, "demo", test.service))
			if len(diags) != 1 {
				t.Fatalf("%d diagnostics: %v", len(diags), diags)
			}
			want := `Gateway "demo" in account ` + account + ": " + test.what + ".\n\n" + test.advice
			requireDiagnostic(t, diags[0], test.at, "Unable to "+test.verb+" gateway", want)
		})
	}
}

func requireDiagnostic(t *testing.T, d diag.Diagnostic, at, summary, detail string) {
	t.Helper()
	if d.Severity() != diag.SeverityError || d.Summary() != summary {
		t.Errorf("%s: %s", d.Severity(), d.Summary())
	}
	if d.Detail() != detail {
		t.Errorf("detail\n got %q\nwant %q", d.Detail(), detail)
	}
	place := ""
	if located, ok := d.(diag.DiagnosticWithPath); ok {
		place = located.Path().String()
	}
	if place != at {
		t.Errorf("it stands at %q, not at %q", place, at)
	}
}

func TestInterrupted(t *testing.T) {
	for _, verb := range []string{"create", "read", "update", "delete"} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		diags := diagnostics.FromError(subject(verb), failure(ctx, t, verb, "demo", broken(errors.New("sent all the same"))))
		if len(diags) != 1 {
			t.Fatalf("%d diagnostics", len(diags))
		}
		requireDiagnostic(t, diags[0], "", "Unable to "+verb+" gateway",
			`Gateway "demo" in account `+account+": "+verb+" gateway: not sent: interrupted: context canceled.\n\n"+interrupted)
	}
}

// The unknown outcome of a create takes precedence over its interruption.
func TestInterruptedCreateOfUnknownOutcome(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := failure(ctx, t, "create", "demo", createAndRead(func(*http.Request) (*http.Response, error) {
		cancel()
		return nil, context.Canceled
	}, answer(403, item(10000, "Authentication error"))))
	detail := diagnostics.FromError(subject("create"), err)[0].Detail()
	if !strings.HasSuffix(detail, unknownMade) {
		t.Error(detail)
	}
}

func TestSeveralItems(t *testing.T) {
	err := failure(t.Context(), t, "update", "demo", answer(400, `{"success":false,"errors":[
		{"code":7001,"message":"A","path":["body","cache_ttl"]},
		{"code":7001,"message":"B","path":["body","logpush"]},
		{"code":7001,"message":"C","path":["body","collect_logs","deep",0]},
		{"code":7001,"message":"D"}]}`))
	diags := diagnostics.FromError(subject("update"), err)
	if len(diags) != 3 {
		t.Fatalf("%d diagnostics: %v", len(diags), diags)
	}
	const summary, start = "Unable to update gateway", `Gateway "demo" in account ` + account + ": "
	requireDiagnostic(t, diags[0], "cache_ttl", summary, start+"A (code 7001, at cache_ttl).\n\n"+correct)
	requireDiagnostic(t, diags[1], "log_enabled", summary, start+"C (code 7001, at collect_logs.deep.0).\n\n"+correct)
	// Errors without an attribute become one diagnostic with all messages.
	requireDiagnostic(t, diags[2], "", summary, start+"update gateway: HTTP 400 Bad Request: A (code 7001, at cache_ttl); "+
		"B (code 7001, at logpush); C (code 7001, at collect_logs.deep.0); D (code 7001) [CF-Ray 8f00-FRA].\n\n"+correct)
}

// After a change that may have been applied in part, no message says that nothing
// was changed.
func TestPartly(t *testing.T) {
	for name, test := range map[string]struct {
		service transport
		at      string
		says    string
	}{
		"refused":             {answer(400, item(7001, "no")), "", "The service refused the request. Correct the values that it names and apply again."},
		"refused, at a field": {answer(422, itemAt(7001, "no", "cache_ttl")), "cache_ttl", "The service refused the request. Correct the values that it names and apply again."},
		"conflict":            {answer(409, item(7006, "Conflict")), "", "The change conflicts with another object. Plan again to see the current state."},
		"gone":                {answer(404, notFound), "", gone},
		"the service failed":  {answer(500, item(7009, "Internal Error")), "", serviceDown},
	} {
		t.Run(name, func(t *testing.T) {
			s := subject("update")
			s.Partly = true
			diags := diagnostics.FromError(s, failure(t.Context(), t, "update", "demo", test.service))
			if len(diags) != 1 {
				t.Fatal(diags)
			}
			detail := diags[0].Detail()
			if _, advice, _ := strings.Cut(detail, "\n\n"); advice != test.says {
				t.Errorf("it advises %q, want %q", advice, test.says)
			}
			if strings.Contains(strings.ToLower(detail), "nothing was changed") {
				t.Error(detail)
			}
			requireDiagnostic(t, diags[0], test.at, "Unable to update gateway", detail)
		})
	}
}

func TestDefaultGateway(t *testing.T) {
	s := subject("create")
	s.ID = "default"
	err := failure(t.Context(), t, "create", "default", createAndRead(answer(400, item(7001, "exists")), answer(200, strings.Replace(old, "demo", "default", 1))))
	diags := diagnostics.FromError(s, err)
	requireDiagnostic(t, diags[0], "", "Unable to create gateway",
		`Gateway "default" in account `+account+": create gateway: HTTP 400 Bad Request: exists (code 7001) [CF-Ray 8f00-FRA]; a gateway of this name existed before this request.\n\n"+
			`The service creates the gateway "default" itself, with the first authenticated request that names it or no gateway. Nothing was changed. `+
			takeOver+strings.Replace(importBlock, "demo", "default", 1))
}

// Only resources can be imported.
func TestNothingToImport(t *testing.T) {
	s := subject("create")
	s.ResourceType = ""
	for _, look := range []transport{answer(200, old), answer(403, "")} {
		err := failure(t.Context(), t, "create", "demo", createAndRead(broken(io.EOF), look))
		if detail := diagnostics.FromError(s, err)[0].Detail(); strings.Contains(detail, "import") {
			t.Error(detail)
		}
	}
}

func TestList(t *testing.T) {
	s := diagnostics.Subject{Verb: "list", Object: "gateways", AccountID: account}
	diags := diagnostics.FromError(s, failure(t.Context(), t, "list", "", answer(403, item(10000, "Authentication error"))))
	requireDiagnostic(t, diags[0], "", "Unable to list gateways",
		"Account "+account+": list gateways: HTTP 403 Forbidden: Authentication error (code 10000) [CF-Ray 8f00-FRA].\n\n"+forbidden+needsRead+tokenSource)
	diags = diagnostics.FromError(s, failure(t.Context(), t, "list", "", answer(400, itemAt(7001, "Invalid", "search"))))
	requireDiagnostic(t, diags[0], "", "Unable to list gateways",
		"Account "+account+": list gateways: HTTP 400 Bad Request: Invalid (code 7001, at search) [CF-Ray 8f00-FRA].\n\n"+refused)
}

// Errors that do not come from a request keep their text.
func TestOtherErrors(t *testing.T) {
	for text, want := range map[string]string{"it broke": "it broke.", "It broke.": "It broke."} {
		diags := diagnostics.FromError(subject("read"), errors.New(text))
		requireDiagnostic(t, diags[0], "", "Unable to read gateway", `Gateway "demo" in account `+account+": "+want)
	}
	diags := diagnostics.FromError(subject("read"), failure(t.Context(), t, "read", "../x", broken(io.EOF)))
	requireDiagnostic(t, diags[0], "", "Unable to read gateway",
		`Gateway "demo" in account `+account+`: "../x" cannot be the ID of a gateway, so no request was sent.`)
}

// A wrapped error is treated like the service's error.
func TestWrappedErrors(t *testing.T) {
	err := fmt.Errorf("after three tries: %w", failure(t.Context(), t, "read", "demo", answer(404, notFound)))
	diags := diagnostics.FromError(subject("read"), err)
	if detail := diags[0].Detail(); !strings.HasSuffix(detail, gone) {
		t.Error(detail)
	}
}

// An error about the gateway of an object is the same for all objects.
func TestGatewayNotFound(t *testing.T) {
	s := diagnostics.Subject{Verb: "create", Object: "dynamic route", AccountID: account, GatewayID: "demo", ID: "support", Contents: "routes"}
	const detail = "Account " + account + ` has no gateway "demo", and therefore no routes in it. Check the ID of the gateway and the account ` +
		"(account_id here or of the provider, or CLOUDFLARE_ACCOUNT_ID). The data source aigateway_gateways lists the gateways of an account. " +
		"Deleting a gateway deletes its routes as well."
	diags := diagnostics.FromError(s, fmt.Errorf("create route: %w", client.ErrGatewayNotFound))
	requireDiagnostic(t, diags[0], "gateway_id", "Gateway not found",
		detail+" If this configuration creates the gateway, refer to the id attribute of the resource.")
	diags = nil
	diagnostics.AddGatewayNotFound(path.Empty(), account, "demo", "routes", &diags)
	requireDiagnostic(t, diags[0], "", "Gateway not found", detail)
}

// A Global API Key in place of a token is told apart from a token that Cloudflare does
// not know.
func TestMalformedToken(t *testing.T) {
	const body = `{"success":false,"errors":[{"code":6003,"message":"Invalid request headers",
		"error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}],"messages":[],"result":null}`
	diags := diagnostics.FromError(subject("read"), failure(t.Context(), t, "read", "demo", answer(400, body)))
	if len(diags) != 1 {
		t.Fatalf("%v", diags)
	}
	for _, want := range []string{
		"HTTP 400 Bad Request: Invalid request headers (code 6003): Invalid format for Authorization header (code 6111)",
		"Usually it is a Global API Key, which is not an API token",
		"with the permission AI Gateway Read on account " + account, "CLOUDFLARE_API_TOKEN",
	} {
		if !strings.Contains(diags[0].Detail(), want) {
			t.Errorf("%q is missing in:\n%s", want, diags[0].Detail())
		}
	}
}

// The service's text about the limit is recognized whatever its status and code, which
// are not documented.
func TestGatewayLimit(t *testing.T) {
	for _, status := range []int{400, 403, 409, 429} {
		err := failure(t.Context(), t, "create", "demo", createAndRead(answer(status, item(1234, "Max number of gateways reached")), answer(404, notFound)))
		diags := diagnostics.FromError(subject("create"), err)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "The account has reached its maximum number of gateways (10, or 20 on a paid plan)") ||
			strings.Contains(diags[0].Detail(), "already exists") {
			t.Errorf("%d: %v", status, diags)
		}
	}
}
