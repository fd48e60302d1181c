package client_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

// secretKey is a provider's key, with all that is written otherwise in JSON.
const secretKey = "sk-\"key-hush-9999-<&>-ä\\"

var listConfigs = "GET " + configsPath + firstPage

// goldenConfigs are those of provider_config_live.json.
func goldenConfigs() []*keys.Config {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return []*keys.Config{{
		ID: "01987654-3210-7abc-8def-0123456789ab", GatewayID: "my-gateway", ProviderSlug: "openai", Alias: "default",
		Default: ptr(true), SecretID: "0123456789abcdef0123456789abcdef", SecretPreview: "****cdef",
		RateLimitPeriod: ptr[int64](60), ModifiedAt: at,
	}, {
		ID: "01987654-3210-7abc-8def-0123456789ac", GatewayID: "my-gateway", ProviderSlug: "openai", Alias: "staging",
		Default: ptr(false), SecretID: "0123456789abcdef0123456789abcde0", SecretPreview: "****1234",
		RateLimit: ptr[int64](10), RateLimitPeriod: ptr[int64](30), ModifiedAt: at,
	}}
}

func TestGoldenProviderConfigs(t *testing.T) {
	listed, created := reply(200, golden(t, "provider_config_live.json")), reply(200, golden(t, "provider_config_create.json"))
	server := serve(t, listed, listed, listed, created, created)
	c, _ := newClient(t, server.URL)
	all, err := drain(keys.List(t.Context(), c, account, "my-gateway"))
	if diff := cmp.Diff(goldenConfigs(), all); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for i, read := range []func() (*keys.Config, error){
		func() (*keys.Config, error) {
			return keys.Find(t.Context(), c, account, "my-gateway", goldenConfigs()[1].ID)
		},
		func() (*keys.Config, error) {
			return keys.FindByAlias(t.Context(), c, account, "my-gateway", "openai", "staging")
		},
		func() (*keys.Config, error) {
			return keys.Create(t.Context(), c, account, "my-gateway", newConfig())
		},
		func() (*keys.Config, error) {
			return keys.Rotate(t.Context(), c, account, "my-gateway", goldenConfigs()[0].ID, secretKey)
		},
	} {
		want := goldenConfigs()[1]
		if i >= 2 {
			want = goldenConfigs()[0]
		}
		got, err := read()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%d: %v (-want +got):\n%s", i, err, diff)
		}
	}
}

// A config that is not listed is looked for again, once.
func TestFindProviderConfigTwice(t *testing.T) {
	other, wanted := config("id-2", fields{"alias": "other"}), config("id-1", nil)
	for name, test := range map[string]struct {
		answers []answer
		found   bool
	}{
		"at once":        {[]answer{pageOf(2, other, wanted)}, true},
		"on second look": {[]answer{pageOf(1, other), pageOf(2, other, wanted)}, true},
		"never":          {[]answer{pageOf(1, other), pageOf(1, other)}, false},
		"none at all":    {[]answer{pageOf(0), pageOf(0)}, false},
	} {
		for how, find := range map[string]func(c *client.Client) (*keys.Config, error){
			"id": func(c *client.Client) (*keys.Config, error) {
				return keys.Find(t.Context(), c, account, "demo", "id-1")
			},
			"alias": func(c *client.Client) (*keys.Config, error) {
				return keys.FindByAlias(t.Context(), c, account, "demo", "openai", "default")
			},
		} {
			t.Run(name+" by "+how, func(t *testing.T) {
				server := serve(t, test.answers...)
				c, waits := newClient(t, server.URL)
				got, err := find(c)
				if test.found && (err != nil || got.ID != "id-1") {
					t.Errorf("%+v, %v", got, err)
				} else if !test.found {
					requireKind(t, err, client.ErrNotFound)
				}
				server.requireURIs(slices.Repeat([]string{listConfigs}, len(test.answers))...)
				if asked := waits.all(); len(asked) != len(test.answers)-1 {
					t.Errorf("paused %v", asked)
				}
			})
		}
	}
}

// An interrupt is not the same as not found, after which an object is forgotten.
func TestFindProviderConfigInterrupted(t *testing.T) {
	server := serve(t, pageOf(0))
	c, _ := newClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(context.Context, time.Duration) error { return context.Canceled }
	})
	_, err := keys.Find(t.Context(), c, account, "demo", "id-1")
	requireKind(t, err, client.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	server.requireURIs(listConfigs)
}

// Where one was deleted and made again, both may be listed for a while.
func TestFindProviderConfigByAliasTakesTheLast(t *testing.T) {
	server := serve(t, pageOf(3,
		config("old", fields{"modified_at": "2026-01-01T00:00:00Z"}),
		config("new", fields{"modified_at": "2026-01-02T00:00:00Z"}),
		config("unknown", fields{"modified_at": nil})))
	c, _ := newClient(t, server.URL)
	got, err := keys.FindByAlias(t.Context(), c, account, "demo", "openai", "default")
	if err != nil || got.ID != "new" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRotateProviderConfig(t *testing.T) {
	put := "PUT " + configsPath + "/id-1"
	for name, test := range map[string]struct {
		answer   answer
		requests []string
	}{
		"told":       {reply(200, envelope(config("id-1", fields{"secret_preview": "****new"}))), []string{put}},
		"no result":  {reply(200, `{"success":true}`), []string{put, listConfigs}},
		"null":       {reply(200, `{"success":true,"result":null}`), []string{put, listConfigs}},
		"empty":      {reply(200, ""), []string{put, listConfigs}},
		"the id":     {reply(200, envelope(fields{"id": "id-1"})), []string{put, listConfigs}},
		"other form": {reply(200, envelope("rotated")), []string{put, listConfigs}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answer, pageOf(1, config("id-1", fields{"secret_preview": "****new"})))
			c, _ := newClient(t, server.URL)
			got, err := keys.Rotate(t.Context(), c, account, "demo", "id-1", "new-key")
			if err != nil || got.SecretPreview != "****new" {
				t.Errorf("%+v, %v", got, err)
			}
			server.requireURIs(test.requests...)
			if body := server.seen()[0].Body; body != `{"secret":"new-key"}` {
				t.Error(body)
			}
		})
	}
	t.Run("not there", func(t *testing.T) {
		server := serve(t, notFound)
		c, _ := newClient(t, server.URL)
		_, err := keys.Rotate(t.Context(), c, account, "demo", "id-1", "new-key")
		requireKind(t, err, client.ErrNotFound)
		server.requireURIs(put)
	})
}

// keyEchoes are answers that tell the key of the request to whoever reads the
// error.
func keyEchoes() map[string]answer {
	return map[string]answer{
		"item":     reply(400, failure(7001, "bad "+secretKey, "body", secretKey), "CF-Ray: hush"),
		"the body": reply(400, failure(7001, "cannot take "+encoded(fields{"secret": secretKey}))),
		"plainly":  reply(422, failure(7001, "cannot take "+quotedPlainly(secretKey))),
		"text":     reply(400, encoded(fields{"success": false, "errors": []any{secretKey}})),
		"200":      reply(200, encoded(fields{"success": false, "errors": []any{fields{"message": secretKey}}})),
		"503":      reply(503, failure(7011, secretKey)),
		"field":    reply(200, envelope(config("id-1", fields{"default_config": secretKey}))),
		"time":     reply(200, envelope(config("id-1", fields{"modified_at": secretKey}))),
		"pending":  reply(400, failure(7001, "secret "+secretKey+" was not found")),
		"taken":    reply(400, failure(7001, secretKey+" already exists")),
	}
}

func TestProviderKeysAreNotRepeated(t *testing.T) {
	// What a list tells may hold it as well.
	echoing := pageOf(1, config("id-1", fields{"default_config": secretKey}))
	padded := newConfig(func(n *keys.Input) { n.Secret, n.SecretID = secretKey+"\n", "" })
	for name, do := range map[string]func(ctx context.Context, c *client.Client) error{
		"create": func(ctx context.Context, c *client.Client) error {
			return second(keys.Create(ctx, c, account, "demo", padded))
		},
		"rotate": func(ctx context.Context, c *client.Client) error {
			return second(keys.Rotate(ctx, c, account, "demo", "id-1", secretKey))
		},
	} {
		for how, echo := range keyEchoes() {
			t.Run(name+" "+how, func(t *testing.T) {
				server := serve(t, append([]answer{echo}, repeat(20, echoing)...)...)
				c, _ := newClient(t, server.URL, retries(0))
				text, entries := logged(t, func(ctx context.Context) {
					err := do(ctx, c)
					if err == nil {
						t.Fatal("there is no error")
					}
					for e := err; e != nil; e = errors.Unwrap(e) {
						if text := strings.ReplaceAll(e.Error(), "[CF-Ray hush]", ""); leaks(text) != nil {
							t.Errorf("the error tells it: %v", e)
						}
					}
					var failed *client.Error
					if errors.As(err, &failed) {
						for _, item := range failed.Items {
							if leaks(item.Message+item.Field+item.Path) != nil {
								t.Errorf("an item tells it: %+v", item)
							}
						}
					}
				})
				if text = strings.ReplaceAll(text, `"cf_ray":"hush"`, ""); leaks(text) != nil || len(entries) == 0 {
					t.Errorf("the log tells it, or nothing:\n%s", text)
				}
			})
		}
	}
}
