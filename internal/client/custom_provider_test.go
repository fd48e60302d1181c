package client_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
)

const (
	postProvider  = "POST " + customPath
	listProviders = "GET " + customPath + firstPage + "&search=mine"
	getProvider   = "GET " + customPath + "/id-1"
	patchProvider = "PATCH " + customPath + "/id-1"
)

func input(change ...func(*customproviders.Input)) customproviders.Input {
	i := customproviders.Input{Name: "Mine", Slug: "mine", BaseURL: "https://api.mine.example", Enable: ptr(true)}
	for _, f := range change {
		f(&i)
	}
	return i
}

// fullInput has everything, with headers that are secret.
func fullInput() customproviders.Input {
	return customproviders.Input{
		Name: "Mine", Slug: "mine", BaseURL: "https://api.mine.example",
		Description: ptr("a <b>"), Link: ptr("https://docs.example"), CurlExample: ptr("curl"), JSExample: ptr("fetch"),
		Enable: ptr(false), Beta: ptr(true), Position: ptr[int64](3),
		Headers: map[string]string{"X-Key": secretLater, "Authorization": secretValue, "A": "on"},
	}
}

func goldenProvider() *customproviders.Provider {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return &customproviders.Provider{
		ID: "01987654-3210-7abc-8def-0123456789ab", Name: "My Custom Provider", Slug: "some-provider", BaseURL: "https://api.myprovider.com",
		Description: ptr("Custom AI provider for internal models"), Enable: ptr(true), Beta: ptr(false),
		Headers: map[string]string{"X-Tenant": "blue"}, HeadersText: `{"X-Tenant":"blue"}`, HasHeaders: true,
		Logo: ptr("PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="), CreatedAt: at, ModifiedAt: at,
	}
}

func goldenDocumentedProvider() *customproviders.Provider {
	at := time.Unix(1700000000, 0).UTC()
	p := goldenProvider()
	p.ID, p.Logo, p.CreatedAt, p.ModifiedAt = "550e8400-e29b-41d4-a716-446655440000", ptr("Base64 encoded SVG logo"), at, at
	p.Headers, p.HeadersText, p.HasHeaders = nil, "", false
	return p
}

func TestGoldenCustomProvider(t *testing.T) {
	for name, want := range map[string]*customproviders.Provider{
		"custom_provider.json": goldenProvider(), "custom_provider_doc.json": goldenDocumentedProvider(),
	} {
		server := serve(t, repeat(3, reply(200, golden(t, name)))...)
		c, _ := newClient(t, server.URL)
		created, err := customproviders.Create(t.Context(), c, account, input())
		if diff := cmp.Diff(want, created); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		read, err := customproviders.Get(t.Context(), c, account, want.ID)
		if diff := cmp.Diff(want, read); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		updated, err := customproviders.Update(t.Context(), c, account, want.ID, customproviders.Input{}, want.Input())
		if diff := cmp.Diff(want, updated); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestListCustomProvidersByFilter(t *testing.T) {
	for query, filter := range map[string]customproviders.Filter{
		"?page=1&per_page=100":                                 {},
		"?enable=true&page=1&per_page=100":                     {Enable: ptr(true)},
		"?beta=false&page=1&per_page=100":                      {Beta: ptr(false)},
		"?page=1&per_page=100&search=a%26b":                    {Search: "a&b"},
		"?beta=true&enable=false&page=1&per_page=100&search=x": {Search: "x", Enable: ptr(false), Beta: ptr(true)},
	} {
		server := serve(t, pageOf(2, provider("id-1", nil), provider("id-2", nil)))
		c, _ := newClient(t, server.URL)
		got, err := drain(customproviders.List(t.Context(), c, account, filter))
		if err != nil || len(got) != 2 {
			t.Errorf("%v, %v", got, err)
		}
		server.requireURIs("GET " + customPath + query)
	}
}

// The search is for a part of slug, id or name, and a server may ignore it.
func TestFindCustomProvider(t *testing.T) {
	others := []fields{provider("id-2", fields{"slug": "mine-2"}), provider("mine", fields{"slug": "x"}), provider("id-3", fields{"slug": "Mine"})}
	server := serve(t, pageOf(4, others...), reply(200, encoded(fields{"success": true, "result": []any{provider("id-1", nil)}, "result_info": fields{"total_count": 4}})))
	c, _ := newClient(t, server.URL)
	got, err := customproviders.Find(t.Context(), c, account, "mine")
	if err != nil || got.ID != "id-1" {
		t.Errorf("%+v, %v", got, err)
	}
	server.requireURIs(listProviders, "GET "+customPath+"?page=2&per_page=100&search=mine")

	server = serve(t, pageOf(3, others...))
	c, _ = newClient(t, server.URL)
	_, err = customproviders.Find(t.Context(), c, account, "mine")
	requireKind(t, err, client.ErrNotFound)
	server.requireURIs(listProviders)
}

func TestGetCustomProviderNotThere(t *testing.T) {
	server := serve(t, reply(404, failure(1004, "Custom Provider not found")))
	c, _ := newClient(t, server.URL)
	_, err := customproviders.Get(t.Context(), c, account, "id-1")
	requireKind(t, err, client.ErrNotFound)
	requireText(t, err.Error(), "read custom provider: HTTP 404 Not Found: Custom Provider not found (code 1004)")
}

func TestCreateCustomProviderBodies(t *testing.T) {
	for want, sent := range map[string]customproviders.Input{
		`{"base_url":"https://api.mine.example","enable":true,"name":"Mine","slug":"mine"}`: input(),
		`{"base_url":"b","name":"n","slug":"s"}`: {
			Name: "n", Slug: "s", BaseURL: "b", Description: ptr(""), Link: ptr(""), Headers: map[string]string{},
		},
		`{"base_url":"","beta":false,"enable":false,"name":"","position":0,"slug":""}`: {Enable: ptr(false), Beta: ptr(false), Position: ptr[int64](0)},
		`{"base_url":"https://api.mine.example","beta":true,"curl_example":"curl","description":"a \u003cb\u003e","enable":false,` +
			`"headers":` + encoded(`{"A":"on","Authorization":"Bearer trace-token-hush-6666","X-Key":`+quotedPlainly(secretLater)+`}`) +
			`,"js_example":"fetch","link":"https://docs.example","name":"Mine","position":3,"slug":"mine"}`: fullInput(),
	} {
		server := serve(t, reply(200, envelope(provider("id-1", nil))))
		c, _ := newClient(t, server.URL)
		if _, err := customproviders.Create(t.Context(), c, account, sent); err != nil {
			t.Error(err)
		}
		if got := server.seen()[0].Body; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

// storedProvider is a list with what input makes, made so long ago by the
// server's clock.
func storedProvider(age time.Duration, change fields) answer {
	p := provider("id-1", fields{"created_at": serverTime.Add(-age).Unix()})
	maps.Copy(p, change)
	return dated(pageOf(2, provider("id-2", fields{"slug": "mine-2"}), p))
}

func TestCreateCustomProviderRecovers(t *testing.T) {
	for name, answered := range lostObject() {
		t.Run(name, func(t *testing.T) {
			server := serve(t, answered, storedProvider(time.Second, fields{"logo": "x", "beta": true, "position": 7, "description": "of the service"}))
			c, waits := newClient(t, server.URL)
			got, err := customproviders.Create(t.Context(), c, account, input())
			if err != nil || got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			server.requireURIs(postProvider, listProviders)
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
	t.Run("all that was sent", func(t *testing.T) {
		sent := fullInput()
		server := serve(t, cut, storedProvider(0, fields{
			"description": *sent.Description, "link": *sent.Link, "curl_example": *sent.CurlExample, "js_example": *sent.JSExample,
			"enable": 0, "beta": 1, "position": 3, "created_at": serverTime.UnixMilli(),
			"headers": " " + encoded(sent.Headers),
		}))
		c, _ := newClient(t, server.URL)
		if got, err := customproviders.Create(t.Context(), c, account, sent); err != nil || got.ID != "id-1" {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		}, storedProvider(0, nil))
		c, _ := newClient(t, server.URL)
		if got, err := customproviders.Create(ctx, c, account, input()); err != nil || got.ID != "id-1" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestCreateCustomProviderLost(t *testing.T) {
	sent := input(func(i *customproviders.Input) { i.Headers = map[string]string{"A": "b"} })
	with := func(change fields) fields {
		all := fields{"headers": `{"A":"b"}`}
		maps.Copy(all, change)
		return all
	}
	const wasThere = "a custom provider of this slug was there before"
	for name, test := range map[string]struct {
		there answer
		kind  error
		says  string
	}{
		"old":             {storedProvider(time.Hour, with(nil)), client.ErrAlreadyExists, wasThere},
		"no time":         {storedProvider(0, with(fields{"created_at": nil})), client.ErrAlreadyExists, wasThere},
		"another name":    {storedProvider(0, with(fields{"name": "x"})), client.ErrAlreadyExists, wasThere},
		"another URL":     {storedProvider(0, with(fields{"base_url": "x"})), client.ErrAlreadyExists, wasThere},
		"disabled":        {storedProvider(0, with(fields{"enable": false})), client.ErrAlreadyExists, wasThere},
		"no headers":      {storedProvider(0, nil), client.ErrAlreadyExists, wasThere},
		"another header":  {storedProvider(0, with(fields{"headers": `{"A":"c"}`})), client.ErrAlreadyExists, wasThere},
		"more headers":    {storedProvider(0, with(fields{"headers": `{"A":"b","B":"c"}`})), client.ErrAlreadyExists, wasThere},
		"no date":         {withoutDate(storedProvider(0, with(nil))), client.ErrAlreadyExists, wasThere},
		"not there":       {dated(pageOf(0)), client.ErrOutcomeUnknown, "the custom provider was looked for afterwards and is not there, though it may appear yet"},
		"another's alone": {dated(pageOf(1, provider("id-2", fields{"slug": "mine-2"}))), client.ErrOutcomeUnknown, "is not there, though it may appear yet"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, append([]answer{cut}, repeat(5, test.there)...)...)
			c, _ := newClient(t, server.URL)
			got, err := customproviders.Create(t.Context(), c, account, sent)
			if got != nil {
				t.Errorf("taken over: %+v", got)
			}
			requireKind(t, err, test.kind)
			requireText(t, err.Error(), "create custom provider: no response", test.says)
			server.requireURIs(append([]string{postProvider}, slices.Repeat([]string{listProviders}, 5)...)...)
		})
	}
}

func TestCustomProviderSlugTaken(t *testing.T) {
	for name, taken := range map[string]answer{
		"409":           reply(409, failure(1003, "A custom provider with this slug already exists", "body", "slug")),
		"400":           reply(400, failure(1003, "A custom provider with this slug already exists", "body", "slug")),
		"409, no codes": reply(409, `{"success":false,"errors":[{"message":"taken","path":["body","slug"]}]}`),
	} {
		for op, do := range map[string]func(c *client.Client) error{
			postProvider: func(c *client.Client) error { return second(customproviders.Create(t.Context(), c, account, input())) },
			patchProvider: func(c *client.Client) error {
				return second(customproviders.Update(t.Context(), c, account, "id-1", customproviders.Input{}, input()))
			},
		} {
			t.Run(name+" "+op, func(t *testing.T) {
				server := serve(t, taken)
				c, _ := newClient(t, server.URL)
				err := do(c)
				requireKind(t, err, client.ErrAlreadyExists)
				var failed *client.Error
				if !errors.As(err, &failed) || failed.Items[0].Field != "slug" {
					t.Errorf("%v", err)
				}
				server.requireURIs(op)
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
		"unset is empty":  {nothing, customproviders.Input{Description: ptr(""), Link: ptr(""), Headers: map[string]string{}}, ""},
		"one":             {input(), input(func(i *customproviders.Input) { i.Name = "Ours" }), `{"name":"Ours"}`},
		"all required": {input(), customproviders.Input{Name: "a", Slug: "b", BaseURL: "c"},
			`{"base_url":"c","name":"a","slug":"b"}`},
		"cleared": {fullInput(), customproviders.Input{
			Description: ptr(""), Link: ptr(""), CurlExample: ptr(""), JSExample: ptr(""), Headers: map[string]string{},
		}, `{"curl_example":"","description":"","headers":"{}","js_example":"","link":""}`},
		"set":          {nothing, customproviders.Input{Enable: ptr(false), Beta: ptr(true), Position: ptr[int64](0)}, `{"beta":true,"enable":false,"position":0}`},
		"switched":     {fullInput(), customproviders.Input{Enable: ptr(true), Beta: ptr(true), Position: ptr[int64](4)}, `{"enable":true,"position":4}`},
		"header alone": {fullInput(), customproviders.Input{Headers: map[string]string{"A": "<off>"}}, `{"headers":"{\"A\":\"\u003coff\u003e\"}"}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, reply(200, envelope(provider("id-1", nil))))
			c, _ := newClient(t, server.URL)
			got, err := customproviders.Update(t.Context(), c, account, "id-1", test.from, test.to)
			if err != nil || got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			want := patchProvider
			if test.want == "" {
				want = getProvider // nothing to change
			}
			server.requireURIs(want)
			if body := server.seen()[0].Body; body != test.want {
				t.Errorf("\n got %s\nwant %s", body, test.want)
			}
		})
	}
}

// The form of the answer to a change is not documented.
func TestUpdateCustomProviderAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		reads  bool
	}{
		"whole":     {reply(200, envelope(provider("id-1", nil))), false},
		"no result": {reply(200, `{"success":true}`), true},
		"empty":     {reply(204, ""), true},
		"a part":    {reply(200, envelope(fields{"id": "id-1", "slug": "mine"})), true},
		"a text":    {reply(200, envelope("updated")), true},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answer, reply(200, envelope(provider("id-1", nil))))
			c, _ := newClient(t, server.URL)
			got, err := customproviders.Update(t.Context(), c, account, "id-1", customproviders.Input{}, input())
			if err != nil || got.BaseURL != "https://api.mine.example" {
				t.Errorf("%+v, %v", got, err)
			}
			if want := []string{patchProvider, getProvider}; test.reads {
				server.requireURIs(want...)
			} else {
				server.requireURIs(want[:1]...)
			}
		})
	}
}

func TestHeadersOfProvidersAreNotRepeated(t *testing.T) {
	sent := fullInput()
	text := encoded(sent.Headers)
	echoes := map[string]answer{
		"value":    reply(400, failure(1002, "bad "+secretLater+" "+secretValue, "body", "headers", secretLater)),
		"headers":  reply(400, failure(1002, "bad "+text)),
		"the body": reply(400, failure(1002, "bad "+encoded(fields{"headers": text}))),
		"plainly":  reply(400, failure(1002, "bad "+quotedPlainly(`{"X-Key":`+quotedPlainly(secretLater)+`}`))),
		"503":      reply(503, failure(7011, text)),
		"200":      reply(200, encoded(fields{"success": false, "errors": []any{fields{"message": text}}})),
		"field":    reply(200, envelope(provider("id-1", fields{"position": secretLater}))),
	}
	for name, do := range map[string]func(ctx context.Context, c *client.Client) error{
		"create": func(ctx context.Context, c *client.Client) error {
			return second(customproviders.Create(ctx, c, account, sent))
		},
		"update": func(ctx context.Context, c *client.Client) error {
			return second(customproviders.Update(ctx, c, account, "id-1", customproviders.Input{}, sent))
		},
		"removal": func(ctx context.Context, c *client.Client) error {
			return second(customproviders.Update(ctx, c, account, "id-1", sent, customproviders.Input{Headers: map[string]string{}}))
		},
	} {
		for how, echo := range echoes {
			t.Run(name+" "+how, func(t *testing.T) {
				later := reply(400, failure(1002, text))
				server := serve(t, append([]answer{echo}, repeat(5, later)...)...)
				c, _ := newClient(t, server.URL, retries(0))
				text, entries := logged(t, func(ctx context.Context) {
					err := do(ctx, c)
					if err == nil {
						t.Fatal("there is no error")
					}
					for e := err; e != nil; e = errors.Unwrap(e) {
						if leaks(e.Error()) != nil {
							t.Errorf("the error tells it: %v", e)
						}
					}
				})
				if leaks(text) != nil || len(entries) == 0 {
					t.Errorf("the log tells it, or nothing:\n%s", text)
				}
			})
		}
	}
}
