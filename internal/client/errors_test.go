package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// These are all codes of the control plane that were observed or are documented.
// Reads stand for all requests. Create, for which some codes mean more, has its own
// tests.
func TestErrors(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		kind   error
		text   string // after "read gateway: "
	}{
		"missing field":   {400, clienttest.Failure(7001, "Required", "body", "cache_ttl"), client.ErrInvalid, "HTTP 400 Bad Request: Required (code 7001, at cache_ttl)"},
		"wrong type":      {400, clienttest.Failure(7001, "Expected boolean, received null", "body", "logpush"), client.ErrInvalid, "HTTP 400 Bad Request: Expected boolean, received null (code 7001, at logpush)"},
		"omitted number":  {400, clienttest.Failure(7001, "Expected number, received nan", "body", "cache_ttl"), client.ErrInvalid, "HTTP 400 Bad Request: Expected number, received nan (code 7001, at cache_ttl)"},
		"bad enum":        {400, clienttest.Failure(7001, "Invalid enum value. Expected 'fixed' | 'sliding', received 'x'", "body", "rate_limiting_technique"), client.ErrInvalid, "HTTP 400 Bad Request: Invalid enum value. Expected 'fixed' | 'sliding', received 'x' (code 7001, at rate_limiting_technique)"},
		"several":         {400, `{"success":false,"errors":[{"code":7001,"message":"A","path":["body","a"]},{"code":7001,"message":"B","path":["body","b"]}],"result":{}}`, client.ErrInvalid, "HTTP 400 Bad Request: A (code 7001, at a); B (code 7001, at b)"},
		"within a list":   {400, clienttest.Failure(7001, "Required", "body", "elements", 1, "properties", "provider"), client.ErrInvalid, "HTTP 400 Bad Request: Required (code 7001, at elements.1.properties.provider)"},
		"in the query":    {400, clienttest.Failure(7001, "Invalid", "query", "order_by"), client.ErrInvalid, "HTTP 400 Bad Request: Invalid (code 7001, at query.order_by)"},
		"exists":          {400, clienttest.Failure(7001, "Gateway already exists"), client.ErrInvalid, "HTTP 400 Bad Request: Gateway already exists (code 7001)"},
		"without a code":  {400, `{"success":false,"errors":[{"message":"no such thing"}],"result":{}}`, client.ErrInvalid, "HTTP 400 Bad Request: no such thing"},
		"not found":       {404, clienttest.Failure(7002, "Not Found"), client.ErrNotFound, "HTTP 404 Not Found: Not Found (code 7002)"},
		"route not found": {404, clienttest.Failure(7005, "Route not found"), client.ErrNotFound, "HTTP 404 Not Found: Route not found (code 7005)"},
		"route exists":    {400, clienttest.Failure(7005, "Route already exists"), client.ErrInvalid, "HTTP 400 Bad Request: Route already exists (code 7005)"},
		"route unique":    {500, clienttest.Failure(7000, "UNIQUE constraint failed: routes.name"), client.ErrUnavailable, "HTTP 500 Internal Server Error: UNIQUE constraint failed: routes.name (code 7000)"},
		"slug taken":      {409, clienttest.Failure(1003, "A custom provider with this slug already exists", "body", "slug"), client.ErrAlreadyExists, "HTTP 409 Conflict: A custom provider with this slug already exists (code 1003, at slug)"},
		"no provider":     {404, clienttest.Failure(1004, "Custom Provider not found"), client.ErrNotFound, "HTTP 404 Not Found: Custom Provider not found (code 1004)"},
		"provider's URL":  {400, clienttest.Failure(1002, "base_url must be a valid HTTPS URL starting with https://", "body", "base_url"), client.ErrInvalid, "HTTP 400 Bad Request: base_url must be a valid HTTPS URL starting with https:// (code 1002, at base_url)"},
		"no top-up":       {400, clienttest.Failure(1000, "NO_MANUAL_TOPUP"), client.ErrInvalid, "HTTP 400 Bad Request: NO_MANUAL_TOPUP (code 1000)"},
		"token, 401":      {401, clienttest.Failure(10000, "Authentication error"), client.ErrUnauthorized, "HTTP 401 Unauthorized: Authentication error (code 10000)"},
		"token, 403":      {403, clienttest.Failure(10000, "Authentication error"), client.ErrUnauthorized, "HTTP 403 Forbidden: Authentication error (code 10000)"},
		"token, 400":      {400, clienttest.Failure(10000, "Authentication error"), client.ErrUnauthorized, "HTTP 400 Bad Request: Authentication error (code 10000)"},
		"invalid headers": {400, clienttest.InvalidHeaders, client.ErrUnauthorized, "HTTP 400 Bad Request: Invalid request headers (code 6003): Invalid format for Authorization header (code 6111)"},
		"invalid token":   {400, clienttest.Failure(9109, "Invalid access token"), client.ErrUnauthorized, "HTTP 400 Bad Request: Invalid access token (code 9109)"},
		"no route":        {404, clienttest.RouteError, client.ErrCouldNotRoute, "HTTP 404 Not Found: Could not route to /accounts/x/ai-gateway/gateways, perhaps your object identifier is invalid? (code 7003); No route for that URI (code 7000)"},
		"no route, 400":   {400, clienttest.RouteError, client.ErrCouldNotRoute, "HTTP 400 Bad Request: Could not route to "},
		"no route, 7000":  {404, clienttest.Failure(7000, "No route for that URI"), client.ErrCouldNotRoute, "HTTP 404 Not Found: No route for that URI (code 7000)"},
		"wrong method":    {405, clienttest.Failure(7001, "PUT not supported for requested URI."), client.ErrCouldNotRoute, "HTTP 405 Method Not Allowed: PUT not supported for requested URI. (code 7001)"},
		"client limit":    {429, clienttest.Failure(971, "Please wait and consider throttling your request speed"), client.ErrRateLimited, "HTTP 429 Too Many Requests: Please wait and consider throttling your request speed (code 971)"},

		// Later versions of the service's framework number their errors anew. In
		// these, 7003 is not about a path and 7005 not about a route.
		"newer 7003": {401, clienttest.Failure(7003, "Unauthorized"), client.ErrUnauthorized, "HTTP 401 Unauthorized: Unauthorized (code 7003)"},
		"newer 7004": {403, clienttest.Failure(7004, "Forbidden"), client.ErrUnauthorized, "HTTP 403 Forbidden: Forbidden (code 7004)"},
		"newer 7005": {405, clienttest.Failure(7005, "Method Not Allowed"), client.ErrCouldNotRoute, "HTTP 405 Method Not Allowed: Method Not Allowed (code 7005)"},
		"newer 7006": {409, clienttest.Failure(7006, "Conflict"), client.ErrAlreadyExists, "HTTP 409 Conflict: Conflict (code 7006)"},
		"newer 7007": {422, clienttest.Failure(7007, "Unprocessable Entity"), client.ErrInvalid, "HTTP 422 Unprocessable Entity: Unprocessable Entity (code 7007)"},
		"newer 7008": {429, clienttest.Failure(7008, "Too Many Requests"), client.ErrRateLimited, "HTTP 429 Too Many Requests: Too Many Requests (code 7008)"},
		"newer 7009": {500, clienttest.Failure(7009, "Internal Error"), client.ErrUnavailable, "HTTP 500 Internal Server Error: Internal Error (code 7009)"},
		"newer 7010": {502, clienttest.Failure(7010, "Bad Gateway"), client.ErrUnavailable, "HTTP 502 Bad Gateway: Bad Gateway (code 7010)"},
		"newer 7011": {503, clienttest.Failure(7011, "Service Unavailable"), client.ErrUnavailable, "HTTP 503 Service Unavailable: Service Unavailable (code 7011)"},
		"newer 7012": {504, clienttest.Failure(7012, "Gateway Timeout"), client.ErrUnavailable, "HTTP 504 Gateway Timeout: Gateway Timeout (code 7012)"},
		"newer 7013": {500, clienttest.Failure(7013, "Response Validation Error"), client.ErrUnavailable, "HTTP 500 Internal Server Error: Response Validation Error (code 7013)"},

		"a page, 404":      {404, clienttest.Page404, client.ErrUnexpectedResponse, "HTTP 404 Not Found: this 404 does not come from the API; is the base URL right?"},
		"other JSON, 404":  {404, `{"error":"not found"}`, client.ErrUnexpectedResponse, "HTTP 404 Not Found: this 404 does not come from the API"},
		"no body, 404":     {404, "", client.ErrUnexpectedResponse, "HTTP 404 Not Found: this 404 does not come from the API"},
		"a page, 403":      {403, clienttest.Page404, client.ErrUnauthorized, "HTTP 403 Forbidden"},
		"a page, 502":      {502, clienttest.Page404, client.ErrUnavailable, "HTTP 502 Bad Gateway"},
		"no body, 400":     {400, "", client.ErrInvalid, "HTTP 400 Bad Request"},
		"408":              {408, "", client.ErrUnavailable, "HTTP 408 Request Timeout"},
		"a status of none": {522, "", client.ErrUnavailable, "HTTP 522"},
		"unknown 4xx":      {418, clienttest.Failure(1, "teapot"), client.ErrInvalid, "HTTP 418 I'm a teapot: teapot (code 1)"},
		"empty list, 404":  {404, `{"success":false,"errors":[]}`, client.ErrNotFound, "HTTP 404 Not Found"},

		"not success":         {200, clienttest.Failure(7001, "Required"), client.ErrUnexpectedResponse, "HTTP 200 OK: Required (code 7001): the status says success, the body does not"},
		"not success, result": {200, `{"success":false,"errors":[],"result":{"id":"demo"}}`, client.ErrUnexpectedResponse, "HTTP 200 OK: the status says success, the body does not"},
		"result of a list":    {200, `{"success":true,"result":[]}`, client.ErrUnexpectedResponse, "HTTP 200 OK: the response does not describe a gateway"},
		"a page, 200":         {200, clienttest.Page404, client.ErrUnexpectedResponse, "HTTP 200 OK: the response is not the API's JSON; is the base URL right?"},
		"JSON of no object":   {200, `"hello"`, client.ErrUnexpectedResponse, "HTTP 200 OK: the response is not the API's JSON"},
		"half a body":         {200, `{"success":true,"result":{"id":"de`, client.ErrUnexpectedResponse, "HTTP 200 OK: the response is not the API's JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.Retries(0), clienttest.Reply(test.status, test.body))
			gateway, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			clienttest.RequireNil(t, gateway)
			clienttest.RequireKind(t, err, test.kind)
			if want := "read gateway: " + test.text; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%q does not begin with %q", err, want)
			}
			var failed *client.Error
			if !errors.As(err, &failed) || failed.Op != "read gateway" || failed.Status != test.status || failed.Attempts != 1 {
				t.Errorf("%+v", failed)
			}
			server.RequireRequests("GET /demo")
		})
	}
}

// A read has to describe the object. After a change, another request tells.
func TestReadsThatDescribeNothing(t *testing.T) {
	for body, says := range map[string]string{
		`{"success":true}`:               "the response has no result",
		`{"success":true,"result":null}`: "the response has no result",
		`{"success":true,"result":{}}`:   "the response describes a gateway without an id",
		"":                               "the response is not the API's JSON",
	} {
		server, c := clienttest.StartWith(t, clienttest.Retries(0), clienttest.Reply(200, body))
		gateway, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
		clienttest.RequireNil(t, gateway)
		clienttest.RequireKind(t, err, client.ErrUnexpectedResponse)
		if want := "read gateway: HTTP 200 OK: " + says; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q does not begin with %q", err, want)
		}
		var failed *client.Error
		if !errors.As(err, &failed) || failed.Op != "read gateway" || failed.Status != 200 || failed.Attempts != 1 {
			t.Errorf("%+v", failed)
		}
		server.RequireRequests("GET /demo")
	}
}

// A response that is not plainly a success is an error for every operation.
func TestResponsesOfEveryOperation(t *testing.T) {
	for name, body := range map[string]string{
		"not success": clienttest.Failure(7001, "Required"), "a page": clienttest.Page404, "JSON of no object": `[]`,
	} {
		for _, op := range clienttest.GatewayOperations {
			if op.IsPOST() {
				continue // see the tests of the recovery
			}
			t.Run(op.Name+" "+name, func(t *testing.T) {
				responses, want := []clienttest.Handler{clienttest.Reply(200, body)}, []string{op.Request}
				if op.Method() == "DELETE" { // is looked at
					responses, want = append(responses, op.There), append(want, op.Look)
				}
				server, c := clienttest.Start(t, responses...)
				clienttest.RequireKind(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse)
				server.RequireRequests(want...)
			})
		}
	}
}

func TestDelete(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error // nil: it is gone
	}{
		"deleted":          {clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", nil))), nil},
		"no result":        {clienttest.Reply(200, `{"success":true}`), nil},
		"null result":      {clienttest.Reply(200, `{"success":true,"result":null}`), nil},
		"204":              {clienttest.Reply(204, ""), nil},
		"gone before":      {clienttest.NotFound, nil},
		"404 of a page":    {clienttest.Reply(404, clienttest.Page404), client.ErrUnexpectedResponse},
		"no such account":  {clienttest.Reply(404, clienttest.RouteError), client.ErrCouldNotRoute},
		"not allowed":      {clienttest.Forbidden, client.ErrUnauthorized},
		"is the default's": {clienttest.Reply(400, clienttest.Failure(7001, "The default gateway cannot be deleted")), client.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.response)
			err := gateways.Delete(t.Context(), c, clienttest.Account, "demo")
			if test.kind != nil {
				clienttest.RequireKind(t, err, test.kind)
			} else if err != nil {
				t.Error(err)
			}
			server.RequireRequests("DELETE /demo")
		})
	}
}

// A deletion whose response was lost is repeated, and then finds nothing.
func TestDeleteRepeatedFindsNothing(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Cut, clienttest.NotFound)
	clienttest.RequireNoError(t, gateways.Delete(t.Context(), c, clienttest.Account, "demo"))
	server.RequireRequests("DELETE /demo", "DELETE /demo")
}

func TestErrorItems(t *testing.T) {
	for name, test := range map[string]struct {
		errors string
		want   []client.ErrorItem
	}{
		"usual":                {`[{"code":7001,"message":"A","path":["body","a","b",0,"c"]}]`, []client.ErrorItem{{Code: 7001, Message: "A", Field: "a", Path: "a.b.0.c"}}},
		"the body itself":      {`[{"code":7001,"message":"A","path":["body"]}]`, []client.ErrorItem{{Code: 7001, Message: "A"}}},
		"a field named body":   {`[{"message":"A","path":["body","body"]}]`, []client.ErrorItem{{Message: "A", Field: "body", Path: "body"}}},
		"without body":         {`[{"message":"A","path":["a"]}]`, []client.ErrorItem{{Message: "A", Field: "a", Path: "a"}}},
		"a number first":       {`[{"message":"A","path":[0,"a"]}]`, []client.ErrorItem{{Message: "A", Field: "0", Path: "0.a"}}},
		"large numbers":        {`[{"message":"A","path":["body","a",12345678901234567890]}]`, []client.ErrorItem{{Message: "A", Field: "a", Path: "a.12345678901234567890"}}},
		"odd steps":            {`[{"message":"A","path":["body","a",1e5,null,true,{"b":1}]}]`, []client.ErrorItem{{Message: "A", Field: "a", Path: "a.1e5..."}}},
		"empty path":           {`[{"message":"A","path":[]}]`, []client.ErrorItem{{Message: "A"}}},
		"null path":            {`[{"message":"A","path":null}]`, []client.ErrorItem{{Message: "A"}}},
		"path of no list":      {`[{"code":1,"message":"A","path":"body.a"}]`, []client.ErrorItem{{Code: 1, Message: "A"}}},
		"code as text":         {`[{"code":"7002","message":"A"}]`, []client.ErrorItem{{Code: 7002, Message: "A"}}},
		"code of words":        {`[{"code":"E_NOT","message":"A"}]`, []client.ErrorItem{{Message: "A"}}},
		"code as fraction":     {`[{"code":7002.5,"message":"A"}]`, []client.ErrorItem{{Message: "A"}}},
		"code as 7002.0":       {`[{"code":7002.0,"message":"A"}]`, []client.ErrorItem{{Code: 7002, Message: "A"}}},
		"code null":            {`[{"code":null,"message":"A"}]`, []client.ErrorItem{{Message: "A"}}},
		"message null":         {`[{"code":1,"message":null}]`, []client.ErrorItem{{Code: 1}}},
		"message of an object": {`[{"code":1,"message":{"en":"A"}}]`, []client.ErrorItem{{Code: 1}}},
		"chain":                {`[{"code":1,"message":"A","error_chain":[{"code":2,"message":"B"},{"code":3,"message":"C"}]}]`, []client.ErrorItem{{Code: 1, Message: "A", Chain: "B (code 2); C (code 3)"}}},
		"chain in a chain":     {`[{"message":"A","error_chain":[{"code":2,"message":"B","error_chain":[{"message":"C"}]}]}]`, []client.ErrorItem{{Message: "A", Chain: "B (code 2): C"}}},
		"a deep chain":         {`[{"message":"A","error_chain":[{"message":"B","error_chain":[{"message":"C","error_chain":[{"message":"D","error_chain":["E"]}]}]}]}]`, []client.ErrorItem{{Message: "A", Chain: "B: C: D"}}},
		"chain alone":          {`[{"error_chain":["B"]}]`, []client.ErrorItem{{Chain: "B"}}},
		"odd chains":           {`[{"message":"A","error_chain":[7,null,{}]},{"message":"B","error_chain":"x"},{"message":"C","error_chain":null}]`, []client.ErrorItem{{Message: "A"}, {Message: "B"}, {Message: "C"}}},
		"texts alone":          {`["A","B"]`, []client.ErrorItem{{Message: "A"}, {Message: "B"}}},
		"numbers, null":        {`[7,null,[],{},true]`, nil},
		"odd ones between":     {`[7,{"code":1,"message":"A"},{}]`, []client.ErrorItem{{Code: 1, Message: "A"}}},
		"an object":            {`{"code":1,"message":"A"}`, nil},
		"a text":               {`"A"`, nil},
		"null":                 {`null`, nil},
		"nothing":              {`[]`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := clienttest.New(t, "http://api.invalid", clienttest.Over(clienttest.AlwaysReply(400, `{"success":false,"errors":`+test.errors+`}`)))
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			clienttest.RequireKind(t, err, client.ErrInvalid)
			var failed *client.Error
			if !errors.As(err, &failed) {
				t.Fatal(err)
			}
			clienttest.RequireEqual(t, test.want, failed.Items)
		})
	}
}

func TestErrorText(t *testing.T) {
	_, c := clienttest.StartWith(t, clienttest.Retries(1), clienttest.Reply(502, "", "CF-Ray: 8f00-FRA"), clienttest.Reply(502, clienttest.Failure(0, ""), "CF-Ray: 9f00-FRA"))
	_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
	if got, want := err.Error(), "read gateway: HTTP 502 Bad Gateway (after 2 attempts) [CF-Ray 9f00-FRA]"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	var failed *client.Error
	if !errors.As(err, &failed) || failed.RayID != "9f00-FRA" {
		t.Errorf("%+v", failed)
	}
	if got, want := (client.ErrorItem{Code: 7000}).String(), "no message (code 7000)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestHasCode(t *testing.T) {
	err := &client.Error{Items: []client.ErrorItem{{Code: 7003}, {Code: 7000}}}
	if !err.HasCode(7000) || !err.HasCode(7003) || err.HasCode(7001) || (&client.Error{}).HasCode(0) {
		t.Error("HasCode is wrong")
	}
}

// Each of two requests that failed has its own attempts and its own ray.
func TestTwoFailuresAreToldApart(t *testing.T) {
	_, c := clienttest.StartWith(t, clienttest.Retries(2), append([]clienttest.Handler{
		clienttest.Reply(429, ""), clienttest.Reply(500, "", "CF-Ray: first"),
	}, clienttest.Repeat(3, clienttest.Reply(503, "", "CF-Ray: second"))...)...)
	_, err := clienttest.CreateGateway(t, c)
	const want = "create gateway: HTTP 500 Internal Server Error (after 2 attempts) [CF-Ray first]; looking for the gateway afterwards failed as well: " +
		"read gateway: HTTP 503 Service Unavailable (after 3 attempts) [CF-Ray second]"
	if err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}

// A base URL without a path is a likelier cause than a wrong account id.
func TestNoBasePath(t *testing.T) {
	for path, kind := range map[string]error{"": client.ErrNoBasePath, "/": client.ErrNoBasePath, "/api": client.ErrCouldNotRoute} {
		_, c := clienttest.StartWith(t, clienttest.AtPath(path), clienttest.Reply(404, clienttest.RouteError))
		_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
		if !errors.Is(err, kind) || errors.Is(err, client.ErrNoBasePath) != errors.Is(kind, client.ErrNoBasePath) {
			t.Errorf("%q: %v", path, err)
		}
	}
}
