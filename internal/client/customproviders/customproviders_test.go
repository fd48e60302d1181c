package customproviders_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
)

const (
	postProvider  = "POST " + clienttest.CustomProvidersPath
	listProviders = "GET " + clienttest.CustomProvidersPath + clienttest.FirstPage + "&search=mine"
	getProvider   = "GET " + clienttest.CustomProvidersPath + "/id-1"
	patchProvider = "PATCH " + clienttest.CustomProvidersPath + "/id-1"
)

// fullInput returns an input with all fields, and with secret headers.
func fullInput() customproviders.Input {
	return customproviders.Input{
		Name: "Mine", Slug: "mine", BaseURL: "https://api.mine.example",
		Description: clienttest.Ptr("a <b>"), Link: clienttest.Ptr("https://docs.example"), CurlExample: clienttest.Ptr("curl"), JSExample: clienttest.Ptr("fetch"),
		Enable: clienttest.Ptr(false), Beta: clienttest.Ptr(true), Position: clienttest.Ptr[int64](3),
		Headers: map[string]string{"X-Key": clienttest.SecretLater, "Authorization": clienttest.SecretValue, "A": "on"},
	}
}

func goldenProvider() *customproviders.Provider {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return &customproviders.Provider{
		ID: "01987654-3210-7abc-8def-0123456789ab", Name: "My Custom Provider", Slug: "some-provider", BaseURL: "https://api.myprovider.com",
		Description: clienttest.Ptr("Custom AI provider for internal models"), Enable: clienttest.Ptr(true), Beta: clienttest.Ptr(false),
		Headers: map[string]string{"X-Tenant": "blue"}, HeadersText: `{"X-Tenant":"blue"}`, HasHeaders: true,
		Logo: clienttest.Ptr("PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="), CreatedAt: at, ModifiedAt: at,
	}
}

func goldenDocumentedProvider() *customproviders.Provider {
	at := time.Unix(1700000000, 0).UTC()
	p := goldenProvider()
	p.ID, p.Logo, p.CreatedAt, p.ModifiedAt = "550e8400-e29b-41d4-a716-446655440000", clienttest.Ptr("Base64 encoded SVG logo"), at, at
	p.Headers, p.HeadersText, p.HasHeaders = nil, "", false
	return p
}

func TestGoldenCustomProvider(t *testing.T) {
	for name, want := range map[string]*customproviders.Provider{
		"custom_provider.json": goldenProvider(), "custom_provider_doc.json": goldenDocumentedProvider(),
	} {
		_, c := clienttest.Start(t, clienttest.Repeat(3, clienttest.Reply(200, clienttest.Golden(t, name)))...)
		created, err := customproviders.Create(t.Context(), c, clienttest.Account, input(func(i *customproviders.Input) { i.Slug = "some-provider" }))
		if diff := cmp.Diff(want, created); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		read, err := customproviders.Get(t.Context(), c, clienttest.Account, want.ID)
		if diff := cmp.Diff(want, read); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		updated, err := customproviders.Update(t.Context(), c, clienttest.Account, want.ID, customproviders.Input{}, want.Input())
		if diff := cmp.Diff(want, updated); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestListCustomProvidersByFilter(t *testing.T) {
	for query, filter := range map[string]customproviders.Filter{
		"?page=1&per_page=100":                                 {},
		"?enable=true&page=1&per_page=100":                     {Enable: clienttest.Ptr(true)},
		"?beta=false&page=1&per_page=100":                      {Beta: clienttest.Ptr(false)},
		"?page=1&per_page=100&search=a%26b":                    {Search: "a&b"},
		"?beta=true&enable=false&page=1&per_page=100&search=x": {Search: "x", Enable: clienttest.Ptr(false), Beta: clienttest.Ptr(true)},
	} {
		server, c := clienttest.Start(t, clienttest.Page(2, providerObject("id-1", nil), providerObject("id-2", nil)))
		got, err := clienttest.Collect(customproviders.List(t.Context(), c, clienttest.Account, filter))
		if err != nil || len(got) != 2 {
			t.Errorf("%v, %v", got, err)
		}
		server.RequireRequests("GET " + clienttest.CustomProvidersPath + query)
	}
}

// The search matches parts of slug, id and name, and a server may ignore it.
func TestFindCustomProvider(t *testing.T) {
	others := []clienttest.Fields{providerObject("id-2", clienttest.Fields{"slug": "mine-2"}), providerObject("mine", clienttest.Fields{"slug": "x"}), providerObject("id-3", clienttest.Fields{"slug": "Mine"})}
	server, c := clienttest.Start(t, clienttest.Page(4, others...), clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": true, "result": []any{providerObject("id-1", nil)}, "result_info": clienttest.Fields{"total_count": 4}})))
	got, err := customproviders.Find(t.Context(), c, clienttest.Account, "mine")
	if err != nil || got.ID != "id-1" {
		t.Errorf("%+v, %v", got, err)
	}
	server.RequireRequests(listProviders, "GET "+clienttest.CustomProvidersPath+"?page=2&per_page=100&search=mine")

	server, c = clienttest.Start(t, clienttest.Page(3, others...))
	_, err = customproviders.Find(t.Context(), c, clienttest.Account, "mine")
	clienttest.RequireKind(t, err, client.ErrNotFound)
	server.RequireRequests(listProviders)
}

func TestGetCustomProviderNotThere(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(404, clienttest.Failure(1004, "Custom Provider not found")))
	_, err := customproviders.Get(t.Context(), c, clienttest.Account, "id-1")
	clienttest.RequireError(t, err, client.ErrNotFound, "read custom provider: HTTP 404 Not Found: Custom Provider not found (code 1004)")
}

func TestCreateCustomProviderBodies(t *testing.T) {
	for want, sent := range map[string]customproviders.Input{
		`{"base_url":"https://api.mine.example","enable":true,"name":"Mine","slug":"mine"}`: input(),
		`{"base_url":"b","name":"n","slug":"s"}`: {
			Name: "n", Slug: "s", BaseURL: "b", Description: clienttest.Ptr(""), Link: clienttest.Ptr(""), Headers: map[string]string{},
		},
		`{"base_url":"","beta":false,"enable":false,"name":"","position":0,"slug":""}`: {Enable: clienttest.Ptr(false), Beta: clienttest.Ptr(false), Position: clienttest.Ptr[int64](0)},
		`{"base_url":"https://api.mine.example","beta":true,"curl_example":"curl","description":"a \u003cb\u003e","enable":false,` +
			`"headers":` + clienttest.Encode(`{"A":"on","Authorization":"Bearer trace-token-hush-6666","X-Key":`+clienttest.QuotedPlainly(clienttest.SecretLater)+`}`) +
			`,"js_example":"fetch","link":"https://docs.example","name":"Mine","position":3,"slug":"mine"}`: fullInput(),
	} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", clienttest.Fields{"slug": sent.Slug}))))
		clienttest.RequireNoError(t, clienttest.ErrorOf(customproviders.Create(t.Context(), c, clienttest.Account, sent)))
		if got := server.Seen()[0].Body; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

// storedProvider returns a list with the provider of [input], of this age by the
// server's clock.
func storedProvider(age time.Duration, change clienttest.Fields) clienttest.Handler {
	p := providerObject("id-1", clienttest.Fields{"created_at": clienttest.ServerTime.Add(-age).Unix()})
	maps.Copy(p, change)
	return clienttest.Dated(clienttest.Page(2, providerObject("id-2", clienttest.Fields{"slug": "mine-2"}), p))
}

func TestCreateCustomProviderRecovery(t *testing.T) {
	with := func(change clienttest.Fields) clienttest.Fields {
		all := clienttest.Fields{"headers": `{"A":"b"}`}
		maps.Copy(all, change)
		return all
	}
	creation := clienttest.Creation{
		Name: "create custom provider", Request: postProvider, Noun: "custom provider", Lost: clienttest.LostObject(),
		Looks: client.ListLooks, Look: []string{listProviders}, LookName: "list custom providers", Lags: true, Stale: true,
		Created:    clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", with(nil)))),
		Taken:      clienttest.Reply(409, clienttest.Failure(1003, "slug taken")),
		NameFields: []string{"slug"},
		Found:      storedProvider(time.Second, with(clienttest.Fields{"logo": "x", "beta": true, "position": 7, "description": "of the service"})),
		Missing:    clienttest.Dated(clienttest.Page(1, providerObject("id-2", clienttest.Fields{"slug": "mine-2"}))),
		WasThere:   "a custom provider of this slug existed before this request",
		Others: map[string]clienttest.Handler{
			"old":            storedProvider(time.Hour, with(nil)),
			"no time":        storedProvider(0, with(clienttest.Fields{"created_at": nil})),
			"another name":   storedProvider(0, with(clienttest.Fields{"name": "x"})),
			"another URL":    storedProvider(0, with(clienttest.Fields{"base_url": "x"})),
			"disabled":       storedProvider(0, with(clienttest.Fields{"enable": false})),
			"no headers":     storedProvider(0, nil),
			"another header": storedProvider(0, with(clienttest.Fields{"headers": `{"A":"c"}`})),
			"more headers":   storedProvider(0, with(clienttest.Fields{"headers": `{"A":"b","B":"c"}`})),
			"no date":        clienttest.WithoutDate(storedProvider(0, with(nil))),
		},
		Create: creating(input(func(i *customproviders.Input) { i.Headers = map[string]string{"A": "b"} })),
	}
	creation.TestRecovery(t)
	creation.Found, creation.Missing, creation.Others, creation.Create = storedProvider(time.Second, nil), clienttest.Dated(clienttest.Page(0)), nil, creating(input())
	t.Run("without headers", creation.TestRecovery)
	t.Run("all that was sent", func(t *testing.T) {
		sent := fullInput()
		_, c := clienttest.Start(t, clienttest.Cut, storedProvider(0, clienttest.Fields{
			"description": *sent.Description, "link": *sent.Link, "curl_example": *sent.CurlExample, "js_example": *sent.JSExample,
			"enable": 0, "beta": 1, "position": 3, "created_at": clienttest.ServerTime.UnixMilli(),
			"headers": " " + clienttest.Encode(sent.Headers),
		}))
		if got, err := customproviders.Create(t.Context(), c, clienttest.Account, sent); err != nil || got.ID != "id-1" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// creating returns a function that creates a custom provider, for a Creation.
func creating(sent customproviders.Input) func(context.Context, *testing.T, *client.Client) error {
	return func(ctx context.Context, t *testing.T, c *client.Client) error {
		t.Helper()
		got, err := customproviders.Create(ctx, c, clienttest.Account, sent)
		if (got == nil) != (err != nil) || got != nil && got.ID != "id-1" {
			t.Errorf("%+v, %v", got, err)
		}
		return err
	}
}

func TestCustomProviderSlugTaken(t *testing.T) {
	for name, taken := range map[string]clienttest.Handler{
		"409":           clienttest.Reply(409, clienttest.Failure(1003, "A custom provider with this slug already exists", "body", "slug")),
		"400":           clienttest.Reply(400, clienttest.Failure(1003, "A custom provider with this slug already exists", "body", "slug")),
		"409, no codes": clienttest.Reply(409, `{"success":false,"errors":[{"message":"taken","path":["body","slug"]}]}`),
	} {
		for op, do := range map[string]func(c *client.Client) error{
			postProvider: func(c *client.Client) error {
				return clienttest.ErrorOf(customproviders.Create(t.Context(), c, clienttest.Account, input()))
			},
			patchProvider: func(c *client.Client) error {
				return clienttest.ErrorOf(customproviders.Update(t.Context(), c, clienttest.Account, "id-1", customproviders.Input{}, input()))
			},
		} {
			t.Run(name+" "+op, func(t *testing.T) {
				requests, responses := []string{op}, []clienttest.Handler{taken}
				if op == postProvider { // how old the other one is
					requests, responses = append(requests, listProviders), append(responses, clienttest.Forbidden)
				}
				server, c := clienttest.Start(t, responses...)
				err := do(c)
				clienttest.RequireKind(t, err, client.ErrAlreadyExists)
				var failed *client.Error
				if !errors.As(err, &failed) || failed.Items[0].Field != "slug" {
					t.Errorf("%v", err)
				}
				server.RequireRequests(requests...)
			})
		}
	}
}

func TestUpdateCustomProviderBodies(t *testing.T) {
	nothing := customproviders.Input{}
	for name, test := range map[string]struct {
		from, to customproviders.Input
		want     string
	}{
		"nothing":         {fullInput(), fullInput(), ""},
		"nothing managed": {fullInput(), input(func(i *customproviders.Input) { i.Enable = nil }), ""},
		"unset is empty":  {nothing, customproviders.Input{Description: clienttest.Ptr(""), Link: clienttest.Ptr(""), Headers: map[string]string{}}, ""},
		"one":             {input(), input(func(i *customproviders.Input) { i.Name = "Ours" }), `{"name":"Ours"}`},
		"all required": {input(), customproviders.Input{Name: "a", Slug: "b", BaseURL: "c"},
			`{"base_url":"c","name":"a","slug":"b"}`},
		"cleared": {fullInput(), customproviders.Input{
			Description: clienttest.Ptr(""), Link: clienttest.Ptr(""), CurlExample: clienttest.Ptr(""), JSExample: clienttest.Ptr(""), Headers: map[string]string{},
		}, `{"curl_example":"","description":"","headers":"{}","js_example":"","link":""}`},
		"set":          {nothing, customproviders.Input{Enable: clienttest.Ptr(false), Beta: clienttest.Ptr(true), Position: clienttest.Ptr[int64](0)}, `{"beta":true,"enable":false,"position":0}`},
		"switched":     {fullInput(), customproviders.Input{Enable: clienttest.Ptr(true), Beta: clienttest.Ptr(true), Position: clienttest.Ptr[int64](4)}, `{"enable":true,"position":4}`},
		"header alone": {fullInput(), customproviders.Input{Headers: map[string]string{"A": "<off>"}}, `{"headers":"{\"A\":\"\u003coff\u003e\"}"}`},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", nil))))
			got, err := customproviders.Update(t.Context(), c, clienttest.Account, "id-1", test.from, test.to)
			if err != nil || got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			want := patchProvider
			if test.want == "" {
				want = getProvider // nothing to change
			}
			server.RequireRequests(want)
			if body := server.Seen()[0].Body; body != test.want {
				t.Errorf("\n got %s\nwant %s", body, test.want)
			}
		})
	}
}

// The response to a change is not documented.
func TestUpdateCustomProviderResponses(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		reads    bool
	}{
		"whole":     {clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", nil))), false},
		"no result": {clienttest.Reply(200, `{"success":true}`), true},
		"empty":     {clienttest.Reply(204, ""), true},
		"a part":    {clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "id-1", "slug": "mine"})), true},
		"a text":    {clienttest.Reply(200, clienttest.Envelope("updated")), true},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.response, clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", nil))))
			got, err := customproviders.Update(t.Context(), c, clienttest.Account, "id-1", customproviders.Input{}, input())
			if err != nil || got.BaseURL != "https://api.mine.example" {
				t.Errorf("%+v, %v", got, err)
			}
			if want := []string{patchProvider, getProvider}; test.reads {
				server.RequireRequests(want...)
			} else {
				server.RequireRequests(want[:1]...)
			}
		})
	}
}

func TestHeadersOfProvidersAreNotRepeated(t *testing.T) {
	sent := fullInput()
	text := clienttest.Encode(sent.Headers)
	echoes := map[string]clienttest.Handler{
		"value":    clienttest.Reply(400, clienttest.Failure(1002, "bad "+clienttest.SecretLater+" "+clienttest.SecretValue, "body", "headers", clienttest.SecretLater)),
		"headers":  clienttest.Reply(400, clienttest.Failure(1002, "bad "+text)),
		"the body": clienttest.Reply(400, clienttest.Failure(1002, "bad "+clienttest.Encode(clienttest.Fields{"headers": text}))),
		"plainly":  clienttest.Reply(400, clienttest.Failure(1002, "bad "+clienttest.QuotedPlainly(`{"X-Key":`+clienttest.QuotedPlainly(clienttest.SecretLater)+`}`))),
		"503":      clienttest.Reply(503, clienttest.Failure(7011, text)),
		"200":      clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{"message": text}}})),
		"field":    clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", clienttest.Fields{"position": clienttest.SecretLater}))),
	}
	for name, do := range map[string]func(ctx context.Context, c *client.Client) error{
		"create": func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(customproviders.Create(ctx, c, clienttest.Account, sent))
		},
		"update": func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(customproviders.Update(ctx, c, clienttest.Account, "id-1", customproviders.Input{}, sent))
		},
		"removal": func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(customproviders.Update(ctx, c, clienttest.Account, "id-1", sent, customproviders.Input{Headers: map[string]string{}}))
		},
	} {
		for how, echo := range echoes {
			t.Run(name+" "+how, func(t *testing.T) {
				later := clienttest.Reply(400, clienttest.Failure(1002, text))
				_, c := clienttest.StartWith(t, clienttest.Retries(0), append([]clienttest.Handler{echo}, clienttest.Repeat(5, later)...)...)
				if clienttest.RequireNoLeaks(t, func(ctx context.Context) error { return do(ctx, c) }) == nil {
					t.Error("the error is nil")
				}
			})
		}
	}
}
