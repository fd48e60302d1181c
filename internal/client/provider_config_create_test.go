package client_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

const postConfig = "POST " + configsPath

func newConfig(change ...func(*keys.Input)) keys.Input {
	n := keys.Input{Alias: "default", ProviderSlug: "openai", SecretID: "s-1", Default: true}
	for _, f := range change {
		f(&n)
	}
	return n
}

func createConfig(ctx context.Context, c *client.Client) (*keys.Config, error) {
	return keys.Create(ctx, c, account, "demo", newConfig())
}

func TestCreateProviderConfigBodies(t *testing.T) {
	for want, change := range map[string]func(*keys.Input){
		`{"alias":"default","default_config":true,"provider_slug":"openai","secret_id":"s-1"}`: func(*keys.Input) {},
		`{"alias":"b","default_config":false,"provider_slug":"anthropic","secret":"key"}`: func(n *keys.Input) {
			*n = keys.Input{Alias: "b", ProviderSlug: "anthropic", Secret: "key"}
		},
		`{"alias":"default","default_config":true,"provider_slug":"openai","rate_limit":0,"rate_limit_period":30,"secret_id":"s-1"}`: func(n *keys.Input) {
			n.RateLimit, n.RateLimitPeriod = ptr[int64](0), ptr[int64](30)
		},
	} {
		server := serve(t, reply(200, envelope(config("id-1", nil))))
		c, _ := newClient(t, server.URL)
		if _, err := keys.Create(t.Context(), c, account, "demo", newConfig(change)); err != nil {
			t.Error(err)
		}
		if got := server.seen()[0].Body; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

var pending = map[string]answer{
	"was not found":       reply(400, failure(7001, "Secret was not found")),
	"by name":             reply(400, failure(7001, "demo_openai_default was not found", "body", "secret_id")),
	"not found":           reply(400, failure(7001, "Secret not found in store")),
	"pending":             reply(400, failure(7001, "The secret is still PENDING")),
	"without code":        reply(400, `{"success":false,"errors":[{"message":"secret was not found"}],"result":{}}`),
	"one of several":      reply(400, `{"success":false,"errors":[{"code":7001,"message":"hm"},{"code":7001,"message":"secret was not found"}]}`),
	"in other statuses":   reply(422, failure(7007, "secret was not found")),
	"after a rate limit ": reply(400, failure(7001, "secret was not found")),
}

func TestCreateProviderConfigWaitsForTheSecret(t *testing.T) {
	for name, notYet := range pending {
		for how, n := range map[string]keys.Input{
			"its id": newConfig(), "the key": newConfig(func(n *keys.Input) { n.SecretID, n.Secret = "", "key-1" }),
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, append(repeat(4, notYet), reply(200, envelope(config("id-1", nil))))...)
				c, waits := newClient(t, server.URL)
				got, err := keys.Create(t.Context(), c, account, "demo", n)
				if err != nil || got.ID != "id-1" {
					t.Errorf("%+v, %v", got, err)
				}
				server.requireURIs(slices.Repeat([]string{postConfig}, 5)...)
				want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second}
				if asked := waits.all(); !slices.Equal(asked, want) {
					t.Errorf("paused %v", asked)
				}
				for _, seen := range server.seen() {
					if seen.Body != server.seen()[0].Body {
						t.Errorf("another body: %s", seen.Body)
					}
				}
			})
		}
	}
}

func TestCreateProviderConfigGivesUpOnTheSecret(t *testing.T) {
	notYet := reply(400, failure(7001, "Secret was not found"))
	server := serve(t, repeat(14, notYet)...)
	c, waits := newClient(t, server.URL)
	_, err := createConfig(t.Context(), c)
	requireKind(t, err, client.ErrInvalid)
	want := "create provider config: HTTP 400 Bad Request: Secret was not found (code 7001); the secret did not appear within 57s; " +
		"it must be in the gateway's Secrets Store, have the scope ai_gateway and be called demo_openai_default (after 14 attempts)"
	if err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
	var sum time.Duration
	for _, pause := range waits.all() {
		sum += pause
	}
	if sum != 57*time.Second || server.count("POST") != 14 {
		t.Errorf("%d requests, %s", server.count("POST"), sum)
	}
	t.Run("of a key", func(t *testing.T) {
		server := serve(t, repeat(14, notYet)...)
		c, _ := newClient(t, server.URL)
		_, err := keys.Create(t.Context(), c, account, "demo", newConfig(func(n *keys.Input) { n.Secret, n.SecretID = "key-1", "" }))
		requireText(t, err.Error(), "(code 7001); the secret did not appear within 57s (after 14 attempts)")
	})
	t.Run("without retries", func(t *testing.T) {
		server := serve(t, notYet)
		c, waits := newClient(t, server.URL, retries(0))
		_, err := createConfig(t.Context(), c)
		requireKind(t, err, client.ErrInvalid)
		requireText(t, err.Error(), "(code 7001); it must be in the gateway's Secrets Store")
		if asked := waits.all(); len(asked) != 0 {
			t.Errorf("paused %v", asked)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		server := serve(t, notYet)
		ctx, cancel := context.WithCancel(t.Context())
		c, _ := newClient(t, server.URL, func(cfg *client.Config) {
			cfg.Wait = func(ctx context.Context, _ time.Duration) error {
				cancel()
				return ctx.Err()
			}
		})
		_, err := createConfig(ctx, c)
		requireKind(t, err, client.ErrInvalid)
		requireInterrupted(t, err, context.Canceled)
		requireText(t, err.Error(), "Secret was not found")
		server.requireURIs(postConfig)
	})
}

// What no secret's delay can be is answered at once.
func TestCreateProviderConfigRefused(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		kind   error
	}{
		"already exists":   {reply(400, failure(7001, "Provider config already exists")), client.ErrAlreadyExists},
		"of odd names":     {reply(400, failure(7001, "secret pending was not found ALREADY EXISTS")), client.ErrAlreadyExists},
		"conflict":         {reply(409, failure(7006, "Conflict")), client.ErrAlreadyExists},
		"bad field":        {reply(400, failure(7001, "Required", "body", "secret")), client.ErrInvalid},
		"no gateway":       {notFound, client.ErrNotFound},
		"no such path":     {reply(404, failure(7003, "Could not route; the secret was not found")), client.ErrCouldNotRoute},
		"not allowed":      {reply(403, failure(10000, "secret was not found")), client.ErrUnauthorized},
		"gateway, in 404s": {reply(404, failure(7002, "Gateway was not found")), client.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answer)
			c, waits := newClient(t, server.URL)
			_, err := createConfig(t.Context(), c)
			requireKind(t, err, test.kind)
			server.requireURIs(postConfig)
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

// A secret that is left over is in the way of a key, and no provider config.
func TestCreateProviderConfigSecretInTheWay(t *testing.T) {
	const note = "if no provider config has this provider and alias, a secret called demo_openai_default is left over in the gateway's Secrets Store: " +
		"delete it there, or use it by its id"
	key := newConfig(func(n *keys.Input) { n.SecretID, n.Secret = "", "key-1" })
	for name, test := range map[string]struct {
		message string
		config  keys.Input
		noted   bool
	}{
		"said in words":                    {"A secret named 'demo_openai_default' already exists", key, true},
		"said by the Secrets Store's code": {"secret_name_already_exists", key, true},
		"of the config":                    {"Provider config already exists", key, false},
		"of a secret by its id":            {"A config for the secret already exists", newConfig(), false},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, reply(400, failure(7001, test.message)))
			c, _ := newClient(t, server.URL)
			_, err := keys.Create(t.Context(), c, account, "demo", test.config)
			requireKind(t, err, client.ErrAlreadyExists)
			if strings.Contains(err.Error(), note) != test.noted {
				t.Error(err)
			}
			server.requireURIs(postConfig)
		})
	}
}

// made is a list with a config made so long ago by the server's clock.
func made(age time.Duration, change fields) answer {
	c := config("id-1", fields{"modified_at": ago(age)})
	maps.Copy(c, change)
	return dated(pageOf(2, config("id-2", fields{"alias": "other", "modified_at": ago(0)}), c))
}

func TestCreateProviderConfigRecovers(t *testing.T) {
	for name, answered := range lostObject() {
		t.Run(name, func(t *testing.T) {
			server := serve(t, answered, made(time.Second, nil))
			c, waits := newClient(t, server.URL)
			got, err := createConfig(t.Context(), c)
			if err != nil || got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			server.requireURIs(postConfig, listConfigs)
			if asked := waits.all(); len(asked) != 0 {
				t.Errorf("paused %v", asked)
			}
		})
	}
	for name, looks := range map[string][]answer{
		"listed later":           {dated(pageOf(0)), dated(pageOf(0)), made(0, nil)},
		"of another list before": {made(time.Hour, fields{"id": "old"}), made(0, nil)},
		"both listed": {dated(pageOf(2, config("old", fields{"modified_at": ago(time.Hour)}),
			config("id-1", fields{"modified_at": ago(0)})))},
		"after a failure": {reply(503, ""), made(0, nil)},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, append([]answer{cut}, looks...)...)
			c, waits := newClient(t, server.URL)
			got, err := createConfig(t.Context(), c)
			if err != nil || got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			if asked := waits.all(); len(asked) != len(looks)-1 {
				t.Errorf("paused %v", asked)
			}
		})
	}
}

// The request that was lost is the last of several; the clock starts with it.
func TestCreateProviderConfigRecoversAfterWaiting(t *testing.T) {
	server := serve(t, reply(400, failure(7001, "secret was not found")), cut, made(time.Second, nil))
	c, waits := newClient(t, server.URL)
	if _, err := createConfig(t.Context(), c); err != nil {
		t.Error(err)
	}
	server.requireURIs(postConfig, postConfig, listConfigs)
	if asked := waits.all(); len(asked) != 1 {
		t.Errorf("paused %v", asked)
	}
}

// A config that is there, but not demonstrably by this request, is not ours.
func TestCreateProviderConfigLostAndAnotherIsThere(t *testing.T) {
	limited := newConfig(func(n *keys.Input) { n.RateLimit, n.RateLimitPeriod = ptr[int64](5), ptr[int64](60) })
	same := fields{"rate_limit": 5}
	for name, there := range map[string]answer{
		"old":                  made(time.Hour, same),
		"some seconds old":     made(10*time.Second, same),
		"no time":              made(0, fields{"rate_limit": 5, "modified_at": nil}),
		"another secret":       made(0, fields{"rate_limit": 5, "secret_id": "s-2"}),
		"not the default":      made(0, fields{"rate_limit": 5, "default_config": 0}),
		"unknown whether":      made(0, fields{"rate_limit": 5, "default_config": nil}),
		"no limit":             made(0, nil),
		"another limit":        made(0, fields{"rate_limit": 6}),
		"another period":       made(0, fields{"rate_limit": 5, "rate_limit_period": 61}),
		"no date":              withoutDate(made(0, same)),
		"another's limit, old": made(time.Hour, nil),
	} {
		for _, how := range []string{"cut", "504", "200 not JSON"} {
			t.Run(name+", "+how, func(t *testing.T) {
				server := serve(t, append([]answer{lost[how]}, repeat(5, there)...)...)
				c, waits := newClient(t, server.URL)
				got, err := keys.Create(t.Context(), c, account, "demo", limited)
				if got != nil {
					t.Errorf("taken over: %+v", got)
				}
				requireKind(t, err, client.ErrAlreadyExists)
				requireText(t, err.Error(), "create provider config: ", "a provider config of this provider and alias was there before")
				server.requireURIs(append([]string{postConfig}, slices.Repeat([]string{listConfigs}, 5)...)...)
				if asked := waits.all(); !slices.Equal(asked, slices.Repeat([]time.Duration{time.Second}, 4)) {
					t.Errorf("paused %v", asked)
				}
			})
		}
	}
}

func TestCreateProviderConfigLostAndNotListed(t *testing.T) {
	for name, answered := range lostObject() {
		t.Run(name, func(t *testing.T) {
			server := serve(t, append([]answer{answered}, repeat(5, dated(pageOf(0)))...)...)
			c, _ := newClient(t, server.URL)
			_, err := createConfig(t.Context(), c)
			kind := client.ErrOutcomeUnknown // since lists lag behind
			if isUnreadable(name) {
				kind = client.ErrUnexpectedResponse
			}
			requireKind(t, err, kind)
			requireText(t, err.Error(), "create provider config: ", "the provider config was looked for afterwards and is not there")
			if n := server.count("GET"); n != 5 {
				t.Errorf("%d looks", n)
			}
		})
	}
}

func TestCreateProviderConfigLostAndLookFails(t *testing.T) {
	server := serve(t, cut, reply(403, failure(10000, "Authentication error")))
	c, _ := newClient(t, server.URL)
	_, err := createConfig(t.Context(), c)
	requireKind(t, err, client.ErrOutcomeUnknown)
	requireText(t, err.Error(), "no response", "looking for the provider config afterwards failed as well: list provider configs: HTTP 403")

	page := reply(200, "<html>guest network</html>")
	server = serve(t, page, page)
	c, _ = newClient(t, server.URL)
	_, err = createConfig(t.Context(), c)
	requireKind(t, err, client.ErrUnexpectedResponse)
	requireText(t, err.Error(), "is the base URL right?")
}

func TestCreateProviderConfigInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}, made(0, nil))
	c, _ := newClient(t, server.URL)
	got, err := createConfig(ctx, c)
	if err != nil || got.ID != "id-1" {
		t.Errorf("%+v, %v", got, err)
	}
	server.requireURIs(postConfig, listConfigs)
}

// A request that cannot have arrived is not looked for.
func TestCreateProviderConfigNotConnected(t *testing.T) {
	server := serve(t)
	server.Close()
	c, _ := newClient(t, server.URL, retries(1))
	_, err := createConfig(t.Context(), c)
	requireKind(t, err, client.ErrUnavailable)
	if strings.Contains(err.Error(), "looked") {
		t.Error(err)
	}
}
