package keys_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

var listConfigs = "GET " + clienttest.ConfigsPath + clienttest.FirstPage

// goldenConfigs returns the configs of provider_config_live.json.
func goldenConfigs() []*keys.Config {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return []*keys.Config{{
		ID: "01987654-3210-7abc-8def-0123456789ab", GatewayID: "my-gateway", ProviderSlug: "openai", Alias: "default",
		Default: clienttest.Ptr(true), SecretID: "0123456789abcdef0123456789abcdef", SecretPreview: "****cdef",
		RateLimitPeriod: clienttest.Ptr[int64](60), ModifiedAt: at,
	}, {
		ID: "01987654-3210-7abc-8def-0123456789ac", GatewayID: "my-gateway", ProviderSlug: "openai", Alias: "staging",
		Default: clienttest.Ptr(false), SecretID: "0123456789abcdef0123456789abcde0", SecretPreview: "****1234",
		RateLimit: clienttest.Ptr[int64](10), RateLimitPeriod: clienttest.Ptr[int64](30), ModifiedAt: at,
	}}
}

func TestGoldenProviderConfigs(t *testing.T) {
	listed, created := clienttest.Reply(200, clienttest.Golden(t, "provider_config_live.json")), clienttest.Reply(200, clienttest.Golden(t, "provider_config_create.json"))
	_, c := clienttest.Start(t, listed, listed, listed, created, created)
	all, err := clienttest.Collect(keys.List(t.Context(), c, clienttest.Account, "my-gateway"))
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, goldenConfigs(), all)
	for i, read := range []func() (*keys.Config, error){
		func() (*keys.Config, error) {
			return keys.Find(t.Context(), c, clienttest.Account, "my-gateway", goldenConfigs()[1].ID)
		},
		func() (*keys.Config, error) {
			return keys.FindByAlias(t.Context(), c, clienttest.Account, "my-gateway", "openai", "staging")
		},
		func() (*keys.Config, error) {
			return keys.Create(t.Context(), c, clienttest.Account, "my-gateway", input())
		},
		func() (*keys.Config, error) {
			return keys.Rotate(t.Context(), c, clienttest.Account, "my-gateway", goldenConfigs()[0].ID, clienttest.SecretKey)
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

// A config that is not listed is looked for once more.
func TestFindProviderConfigTwice(t *testing.T) {
	other, wanted := configObject("id-2", clienttest.Fields{"alias": "other"}), configObject("id-1", nil)
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		found     bool
	}{
		"at once":        {[]clienttest.Handler{clienttest.Page(2, other, wanted)}, true},
		"on second look": {[]clienttest.Handler{clienttest.Page(1, other), clienttest.Page(2, other, wanted)}, true},
		"never":          {[]clienttest.Handler{clienttest.Page(1, other), clienttest.Page(1, other)}, false},
		"none at all":    {[]clienttest.Handler{clienttest.Page(0), clienttest.Page(0)}, false},
	} {
		for how, find := range map[string]func(c *client.Client) (*keys.Config, error){
			"id": func(c *client.Client) (*keys.Config, error) {
				return keys.Find(t.Context(), c, clienttest.Account, "demo", "id-1")
			},
			"alias": func(c *client.Client) (*keys.Config, error) {
				return keys.FindByAlias(t.Context(), c, clienttest.Account, "demo", "openai", "default")
			},
		} {
			t.Run(name+" by "+how, func(t *testing.T) {
				server, c := clienttest.Start(t, test.responses...)
				got, err := find(c)
				if test.found && (err != nil || got.ID != "id-1") {
					t.Errorf("%+v, %v", got, err)
				} else if !test.found {
					clienttest.RequireKind(t, err, client.ErrNotFound)
				}
				server.RequireRequests(slices.Repeat([]string{listConfigs}, len(test.responses))...)
				server.RequireWaits(len(test.responses) - 1)
			})
		}
	}
}

// An interrupt must not look like not found, after which state forgets the object.
func TestFindProviderConfigInterrupted(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.Waiting(func(context.Context, time.Duration) error { return context.Canceled }), clienttest.Page(0))
	_, err := keys.Find(t.Context(), c, clienttest.Account, "demo", "id-1")
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	server.RequireRequests(listConfigs)
}

// A config that was deleted and created again may be listed twice for a while.
func TestFindProviderConfigByAliasTakesTheLast(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Page(3,
		configObject("old", clienttest.Fields{"modified_at": "2026-01-01T00:00:00Z"}),
		configObject("new", clienttest.Fields{"modified_at": "2026-01-02T00:00:00Z"}),
		configObject("unknown", clienttest.Fields{"modified_at": nil})))
	got, err := keys.FindByAlias(t.Context(), c, clienttest.Account, "demo", "openai", "default")
	if err != nil || got.ID != "new" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A key cannot be read back, so a response that confirms no rotation is an error.
func TestRotateProviderConfigUnconfirmed(t *testing.T) {
	for name, body := range map[string]string{
		"null":         "null",
		"another's id": clienttest.Envelope(clienttest.Fields{"id": "id-2"}),
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Reply(200, body), clienttest.Page(1, configObject("id-1", clienttest.Fields{})))
			if got, err := keys.Rotate(t.Context(), c, clienttest.Account, "demo", "id-1", "sk-2"); err == nil {
				t.Errorf("%+v", got)
			}
			server.RequireRequests("PUT " + clienttest.ConfigsPath + "/id-1")
		})
	}
}

func TestRotateProviderConfig(t *testing.T) {
	put := "PUT " + clienttest.ConfigsPath + "/id-1"
	for name, test := range map[string]struct {
		response clienttest.Handler
		requests []string
	}{
		"told":       {clienttest.Reply(200, clienttest.Envelope(configObject("id-1", clienttest.Fields{"secret_preview": "****new"}))), []string{put}},
		"no result":  {clienttest.Reply(200, `{"success":true}`), []string{put, listConfigs}},
		"null":       {clienttest.Reply(200, `{"success":true,"result":null}`), []string{put, listConfigs}},
		"empty":      {clienttest.Reply(200, ""), []string{put, listConfigs}},
		"the id":     {clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "id-1"})), []string{put, listConfigs}},
		"other form": {clienttest.Reply(200, clienttest.Envelope("rotated")), []string{put, listConfigs}},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.response, clienttest.Page(1, configObject("id-1", clienttest.Fields{"secret_preview": "****new"})))
			got, err := keys.Rotate(t.Context(), c, clienttest.Account, "demo", "id-1", "new-key")
			if err != nil || got.SecretPreview != "****new" {
				t.Errorf("%+v, %v", got, err)
			}
			server.RequireRequests(test.requests...)
			if body := server.Seen()[0].Body; body != `{"secret":"new-key"}` {
				t.Error(body)
			}
		})
	}
	t.Run("not there", func(t *testing.T) {
		server, c := clienttest.Start(t, clienttest.NotFound)
		clienttest.RequireKind(t, clienttest.ErrorOf(keys.Rotate(t.Context(), c, clienttest.Account, "demo", "id-1", "new-key")), client.ErrNotFound)
		server.RequireRequests(put)
	})
}

// keyEchoes returns responses that repeat the key of the request.
func keyEchoes() map[string]clienttest.Handler {
	return map[string]clienttest.Handler{
		"item":     clienttest.Reply(400, clienttest.Failure(7001, "bad "+clienttest.SecretKey, "body", clienttest.SecretKey), "CF-Ray: 8f00-FRA"),
		"the body": clienttest.Reply(400, clienttest.Failure(7001, "cannot take "+clienttest.Encode(clienttest.Fields{"secret": clienttest.SecretKey}))),
		"plainly":  clienttest.Reply(422, clienttest.Failure(7001, "cannot take "+clienttest.QuotedPlainly(clienttest.SecretKey))),
		"text":     clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.SecretKey}})),
		"200":      clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{"message": clienttest.SecretKey}}})),
		"503":      clienttest.Reply(503, clienttest.Failure(7011, clienttest.SecretKey)),
		"field":    clienttest.Reply(200, clienttest.Envelope(configObject("id-1", clienttest.Fields{"default_config": clienttest.SecretKey}))),
		"time":     clienttest.Reply(200, clienttest.Envelope(configObject("id-1", clienttest.Fields{"modified_at": clienttest.SecretKey}))),
		"pending":  clienttest.Reply(400, clienttest.Failure(7001, "secret "+clienttest.SecretKey+" was not found")),
		"taken":    clienttest.Reply(400, clienttest.Failure(7001, clienttest.SecretKey+" already exists")),
	}
}

func TestProviderKeysAreNotRepeated(t *testing.T) {
	// A list may contain it as well.
	echoing := clienttest.Page(1, configObject("id-1", clienttest.Fields{"default_config": clienttest.SecretKey}))
	padded := input(func(n *keys.Input) { n.Secret, n.SecretID = clienttest.SecretKey+"\n", "" })
	for name, do := range map[string]func(ctx context.Context, c *client.Client) error{
		"create": func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(keys.Create(ctx, c, clienttest.Account, "demo", padded))
		},
		"rotate": func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(keys.Rotate(ctx, c, clienttest.Account, "demo", "id-1", clienttest.SecretKey))
		},
	} {
		for how, echo := range keyEchoes() {
			t.Run(name+" "+how, func(t *testing.T) {
				_, c := clienttest.StartWith(t, clienttest.Retries(0), append([]clienttest.Handler{echo}, clienttest.Repeat(20, echoing)...)...)
				if clienttest.RequireNoLeaks(t, func(ctx context.Context) error { return do(ctx, c) }) == nil {
					t.Error("the error is nil")
				}
			})
		}
	}
}
