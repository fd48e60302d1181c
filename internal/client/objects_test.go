package client_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

func TestObjectRequests(t *testing.T) {
	for _, op := range objectOperations {
		t.Run(op.request, func(t *testing.T) {
			server, c := clienttest.Start(t, op.success)
			clienttest.RequireNoError(t, op.do(t.Context(), c, clienttest.Account, "demo", "id-1"))
			server.RequireURIs(op.request)
			seen := server.Seen()[0]
			want := clienttest.Fields{
				"Authorization": "Bearer " + clienttest.APIToken, "User-Agent": "client-test/1.0", "Accept": "application/json",
				"X-Auth-Key": "", "X-Auth-Email": "", "Cf-Aig-Authorization": "", "Cookie": "", "Content-Type": "",
			}
			if seen.Method == "POST" || seen.Method == "PUT" || seen.Method == "PATCH" {
				want["Content-Type"] = "application/json"
			} else if seen.Body != "" {
				t.Errorf("body %q", seen.Body)
			}
			for name, value := range want {
				if got := strings.Join(seen.Header.Values(name), ", "); got != value {
					t.Errorf("%s is %q, want %q", name, got, value)
				}
			}
			server.RequireWaits(0)
		})
	}
}

// Requests that the SDK lacks keep to the base URL, however that is written.
func TestObjectRequestsOfOtherBaseURLs(t *testing.T) {
	server := clienttest.Serve(t, clienttest.Repeat(2, clienttest.Reply(200, ""))...)
	c, _ := clienttest.New(t, server.URL, func(cfg *client.Config) { cfg.BaseURL = server.URL + "/a%20b/" })
	clienttest.RequireNoError(t, keys.Delete(t.Context(), c, clienttest.Account, "demo", "A.b_c-1"))
	clienttest.RequireNoError(t, customproviders.Delete(t.Context(), c, clienttest.Account, "x"))
	server.RequireURIs(
		"DELETE /a%20b/accounts/"+clienttest.Account+clienttest.ConfigsPath+"/A.b_c-1",
		"DELETE /a%20b/accounts/"+clienttest.Account+clienttest.CustomProvidersPath+"/x")
}

func TestObjectsAreRefusedByGatewayInput(t *testing.T) {
	for _, op := range objectOperations {
		t.Run(op.request, func(t *testing.T) {
			server, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.WireFormat = client.WireGatewayInput })
			if c.Capabilities().Providers {
				t.Error("it says that it has them")
			}
			err := op.do(t.Context(), c, clienttest.Account, "demo", "id-1")
			clienttest.RequireError(t, err, nil, `the wire format "gateway_input" has no `, ", so no request was sent")
			server.RequireWaits(0)
		})
	}
	c, _ := clienttest.New(t, "http://127.0.0.1")
	if !c.Capabilities().Providers {
		t.Error("Cloudflare's own format has them")
	}
}

func TestObjectsWithBadIDsSendNothing(t *testing.T) {
	for _, op := range objectOperations {
		for _, bad := range []string{"", "..", "a/b", "a?b", "a%2Fb", "a b", "a\n", strings.Repeat("a", 129)} {
			server, c := clienttest.Start(t)
			errs := []error{op.do(t.Context(), c, bad, "demo", "id-1")}
			says := []string{"is not an account id"}
			if strings.Contains(op.request, clienttest.ConfigsPath) {
				errs, says = append(errs, op.do(t.Context(), c, clienttest.Account, bad, "id-1")), append(says, "cannot be the id of a gateway")
			}
			if strings.HasSuffix(op.request, "/id-1") {
				errs, says = append(errs, op.do(t.Context(), c, clienttest.Account, "demo", bad)), append(says, "cannot be the id of a "+strings.SplitN(op.name, " ", 2)[1])
			}
			for i, err := range errs {
				if err == nil {
					t.Errorf("%s of %q: there is no error", op.name, bad)
					continue
				}
				clienttest.RequireText(t, err.Error(), says[i], "no request was sent")
			}
			server.RequireURIs()
		}
	}
	_, c := clienttest.Start(t)
	if _, err := keys.Find(t.Context(), c, clienttest.Account, "demo", "../x"); err == nil || errors.Is(err, client.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// What is safe to repeat is repeated; what is not, only when it was turned away.
func TestObjectsRetry(t *testing.T) {
	for _, op := range objectOperations {
		for name, failing := range map[string]clienttest.Handler{
			"429": clienttest.Reply(429, clienttest.Failure(971, "Please wait"), "Retry-After: 7"), "503": clienttest.Reply(503, ""), "cut": clienttest.Cut,
		} {
			if op.once && name != "429" {
				continue // see the tests of the recovery
			}
			t.Run(op.request+" "+name, func(t *testing.T) {
				server, c := clienttest.Start(t, failing, failing, op.success)
				clienttest.RequireNoError(t, op.do(t.Context(), c, clienttest.Account, "demo", "id-1"))
				server.RequireURIs(op.request, op.request, op.request)
				server.RequireWaits(2)
				for _, seen := range server.Seen() {
					if seen.Body != server.Seen()[0].Body {
						t.Errorf("another body: %q", seen.Body)
					}
				}
			})
		}
	}
}

// Errors are of the kind that status and code say, with the field at fault.
func TestObjectErrors(t *testing.T) {
	for name, test := range map[string]struct {
		answer clienttest.Handler
		kind   error
		says   string
	}{
		"401":       {clienttest.Reply(401, clienttest.Failure(10000, "Authentication error")), client.ErrUnauthorized, "HTTP 401 Unauthorized: Authentication error (code 10000)"},
		"7003":      {clienttest.Reply(404, clienttest.Failure(7003, "Could not route")), client.ErrCouldNotRoute, "Could not route (code 7003)"},
		"400":       {clienttest.Reply(400, clienttest.Failure(7001, "Required", "body", "alias")), client.ErrInvalid, "Required (code 7001, at alias)"},
		"1002":      {clienttest.Reply(400, clienttest.Failure(1002, "base_url must be https", "body", "base_url")), client.ErrInvalid, "(code 1002, at base_url)"},
		"redirect":  {clienttest.Reply(307, "", "Location: /elsewhere"), client.ErrUnexpectedResponse, "redirects"},
		"proxy 404": {clienttest.Reply(404, "<html></html>"), client.ErrUnexpectedResponse, "is the base URL right?"},
	} {
		for _, op := range objectOperations {
			t.Run(name+" "+op.request, func(t *testing.T) {
				server, c := clienttest.Start(t, test.answer)
				err := op.do(t.Context(), c, clienttest.Account, "demo", "id-1")
				clienttest.RequireError(t, err, test.kind, op.name+": HTTP ", test.says)
				server.RequireURIs(op.request)
			})
		}
	}
}

func TestObjectsInterrupted(t *testing.T) {
	for _, op := range objectOperations {
		t.Run(op.request, func(t *testing.T) {
			server, c := clienttest.Start(t)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			err := op.do(ctx, c, clienttest.Account, "demo", "id-1")
			clienttest.RequireKind(t, err, client.ErrUnavailable)
			clienttest.RequireInterrupted(t, err, context.Canceled)
			clienttest.RequireText(t, err.Error(), op.name+": not sent: ")
			server.RequireURIs()
		})
	}
}

// Of all lists one is tested page by page; they share the code.
func TestObjectPages(t *testing.T) {
	objects := func(from, to int) []clienttest.Fields {
		all := []clienttest.Fields{}
		for i := from; i <= to; i++ {
			all = append(all, clienttest.ProviderConfig(fmt.Sprintf("id-%03d", i), nil))
		}
		return all
	}
	page := func(from, to, total int) clienttest.Handler { return clienttest.Page(total, objects(from, to)...) }
	const none = -1
	for name, test := range map[string]struct {
		answers []clienttest.Handler
		want    int
	}{
		"none":                         {[]clienttest.Handler{page(1, 0, 0)}, 0},
		"none, without total":          {[]clienttest.Handler{page(1, 0, none)}, 0},
		"one":                          {[]clienttest.Handler{page(1, 1, 1)}, 1},
		"one, without total":           {[]clienttest.Handler{page(1, 1, none), page(1, 0, none)}, 1},
		"101":                          {[]clienttest.Handler{page(1, 100, 101), page(101, 101, 101)}, 101},
		"101, without total":           {[]clienttest.Handler{page(1, 100, none), page(101, 101, none), page(1, 0, none)}, 101},
		"small pages":                  {[]clienttest.Handler{page(1, 20, 50), page(21, 40, 50), page(41, 50, 50)}, 50},
		"small pages, without total":   {[]clienttest.Handler{page(1, 20, none), page(21, 30, none), page(1, 0, none)}, 30},
		"no pages":                     {[]clienttest.Handler{page(1, 150, none), page(1, 150, none)}, 150},
		"no pages, but a total":        {[]clienttest.Handler{page(1, 150, 150)}, 150},
		"a total that is too large":    {[]clienttest.Handler{page(1, 30, 1000), page(1, 0, 1000)}, 30},
		"one more meanwhile":           {[]clienttest.Handler{page(1, 100, 101), page(100, 101, 102)}, 101},
		"the same ones with any total": {[]clienttest.Handler{page(1, 100, 300), page(1, 100, 300)}, 100},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.answers...)
			got, err := clienttest.Collect(keys.List(t.Context(), c, clienttest.Account, "demo"))
			if err != nil || len(got) != test.want {
				t.Errorf("%d configs, want %d; %v", len(got), test.want, err)
			}
			for i, config := range got {
				if want := fmt.Sprintf("id-%03d", i+1); config.ID != want {
					t.Errorf("%s, want %s", config.ID, want)
				}
			}
			want := []string{}
			for i := range test.answers {
				want = append(want, fmt.Sprintf("GET %s?page=%d&per_page=100", clienttest.ConfigsPath, i+1))
			}
			server.RequireURIs(want...)
		})
	}
}

func TestObjectPagesStop(t *testing.T) {
	t.Run("when the caller does", func(t *testing.T) {
		server, c := clienttest.Start(t, clienttest.Page(9, clienttest.CustomProvider("a", nil), clienttest.CustomProvider("b", nil)))
		for _, err := range customproviders.List(t.Context(), c, clienttest.Account, customproviders.Filter{}) {
			clienttest.RequireNoError(t, err)
			break
		}
		server.RequireURIs("GET " + clienttest.CustomProvidersPath + clienttest.FirstPage)
	})
	t.Run("at an error", func(t *testing.T) {
		_, c := clienttest.Start(t, clienttest.Page(9, clienttest.SecretsStore("a", nil)), clienttest.Reply(403, clienttest.Failure(10000, "Authentication error")))
		got, err := clienttest.Collect(secretsstores.List(t.Context(), c, clienttest.Account))
		clienttest.RequireKind(t, err, client.ErrUnauthorized)
		if len(got) != 1 {
			t.Errorf("%v", got)
		}
	})
}

// An answer that is not the API's, or not of this object, is an error that says
// where.
func TestObjectsUnreadable(t *testing.T) {
	for _, op := range objectOperations {
		if op.once || strings.HasPrefix(op.request, "DELETE") {
			continue
		}
		for name, body := range map[string]string{
			"page": "<html></html>", "empty": "", "not success": `{"success":false,"errors":[{"message":"hm"}]}`,
			"no envelope": `[]`, "no result": `{"success":true,"result":null}`, "odd result": clienttest.Envelope("odd"),
		} {
			if changes := strings.HasPrefix(op.request, "P"); changes && name != "page" && name != "not success" {
				continue // reads afterwards; see there
			}
			t.Run(op.request+" "+name, func(t *testing.T) {
				server, c := clienttest.Start(t, clienttest.Reply(200, body))
				err := op.do(t.Context(), c, clienttest.Account, "demo", "id-1")
				clienttest.RequireError(t, err, client.ErrUnexpectedResponse, op.name+": HTTP 200 OK: ")
				server.RequireURIs(op.request)
			})
		}
	}
}

func TestObjectsWithBadFields(t *testing.T) {
	type decoding = func(ctx context.Context, c *client.Client) error
	configs := func(ctx context.Context, c *client.Client) error {
		return clienttest.ErrorOf(clienttest.Collect(keys.List(ctx, c, clienttest.Account, "demo")))
	}
	providers := func(ctx context.Context, c *client.Client) error {
		return clienttest.ErrorOf(customproviders.Get(ctx, c, clienttest.Account, "id-1"))
	}
	for says, test := range map[string]struct {
		body string
		do   decoding
	}{
		"provider config without an id":                            {clienttest.Envelope([]any{clienttest.ProviderConfig("", nil)}), configs},
		"default_config: 2 is not a boolean":                       {clienttest.Envelope([]any{clienttest.ProviderConfig("a", clienttest.Fields{"default_config": 2})}), configs},
		"rate_limit: 0.5 is not a whole number":                    {clienttest.Envelope([]any{clienttest.ProviderConfig("a", clienttest.Fields{"rate_limit": 0.5})}), configs},
		`modified_at: "now" is not a time in RFC 3339`:             {clienttest.Envelope([]any{clienttest.ProviderConfig("a", clienttest.Fields{"modified_at": "now"})}), configs},
		"alias is a number":                                        {clienttest.Envelope([]any{clienttest.ProviderConfig("a", clienttest.Fields{"alias": 1})}), configs},
		"does not describe a provider config":                      {clienttest.Envelope([]any{1}), configs},
		"custom provider without an id":                            {clienttest.Envelope(clienttest.CustomProvider("", nil)), providers},
		"created_at: 1000000000000000.5 is not a time of this era": {clienttest.Envelope(clienttest.CustomProvider("a", clienttest.Fields{"created_at": 1e15 + 0.5})), providers},
		"modified_at: true is not a time":                          {clienttest.Envelope(clienttest.CustomProvider("a", clienttest.Fields{"modified_at": true})), providers},
		"name is an array":                                         {clienttest.Envelope(clienttest.CustomProvider("a", clienttest.Fields{"name": []any{}})), providers},
		"Secrets Store without an id": {clienttest.Envelope([]any{clienttest.SecretsStore("", nil)}), func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(clienttest.Collect(secretsstores.List(ctx, c, clienttest.Account)))
		}},
		"balance: a long string is not a number": {clienttest.Envelope(clienttest.Fields{"balance": strings.Repeat("9", 99)}), func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(billing.GetCreditBalance(ctx, c, clienttest.Account))
		}},
	} {
		t.Run(says, func(t *testing.T) {
			_, c := clienttest.Start(t, clienttest.Reply(200, test.body))
			err := test.do(t.Context(), c)
			clienttest.RequireError(t, err, client.ErrUnexpectedResponse, says)
		})
	}
}

// The SDK's own idea of the answer must not get in the way.
func TestObjectsOfOddTypes(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Page(1, clienttest.ProviderConfig("a", clienttest.Fields{"default_config": "true", "rate_limit": 5.0, "new": []any{1}, "modified_at": nil})))
	got, err := clienttest.Collect(keys.List(t.Context(), c, clienttest.Account, "demo"))
	clienttest.RequireNoError(t, err)
	want := []*keys.Config{{
		ID: "a", GatewayID: "demo", ProviderSlug: "openai", Alias: "default", Default: clienttest.Ptr(true),
		SecretID: "s-1", SecretPreview: "****cdef", RateLimit: clienttest.Ptr[int64](5), RateLimitPeriod: clienttest.Ptr[int64](60),
	}}
	clienttest.RequireEqual(t, want, got)
}

// deletions are done, whatever the answer says of what was deleted, and where
// nothing was there.
func TestObjectDeletions(t *testing.T) {
	for _, op := range objectOperations {
		if !strings.HasPrefix(op.request, "DELETE") {
			continue
		}
		for name, test := range map[string]struct {
			answer clienttest.Handler
			kind   error
		}{
			"200": {clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{})), nil}, "empty": {clienttest.Reply(200, ""), nil}, "204": {clienttest.Reply(204, ""), nil},
			"null": {clienttest.Reply(200, `{"success":true,"result":null}`), nil}, "404 7002": {clienttest.NotFound, nil},
			"404 1004": {clienttest.Reply(404, clienttest.Failure(1004, "Custom Provider not found")), nil},
			"page":     {clienttest.Reply(200, "<html>"), client.ErrUnexpectedResponse},
			"404 page": {clienttest.Reply(404, "<html>"), client.ErrUnexpectedResponse},
			"not so":   {clienttest.Reply(200, `{"success":false}`), client.ErrUnexpectedResponse},
			"403":      {clienttest.Reply(403, clienttest.Failure(10000, "no")), client.ErrUnauthorized},
		} {
			t.Run(op.name+" "+name, func(t *testing.T) {
				server, c := clienttest.Start(t, test.answer)
				err := op.do(t.Context(), c, clienttest.Account, "demo", "id-1")
				if test.kind == nil && err != nil {
					t.Error(err)
				} else if test.kind != nil {
					clienttest.RequireKind(t, err, test.kind)
				}
				server.RequireURIs(op.request)
			})
		}
	}
}
