package keys_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

const postConfig = "POST " + clienttest.ConfigsPath

func createConfig(ctx context.Context, c *client.Client) (*keys.Config, error) {
	return keys.Create(ctx, c, clienttest.Account, "demo", input())
}

func TestCreateProviderConfigBodies(t *testing.T) {
	for want, change := range map[string]func(*keys.Input){
		`{"alias":"default","default_config":true,"provider_slug":"openai","secret_id":"s-1"}`: func(*keys.Input) {},
		`{"alias":"b","default_config":false,"provider_slug":"anthropic","secret":"key"}`: func(n *keys.Input) {
			*n = keys.Input{Alias: "b", ProviderSlug: "anthropic", Secret: "key"}
		},
		`{"alias":"default","default_config":true,"provider_slug":"openai","rate_limit":0,"rate_limit_period":30,"secret_id":"s-1"}`: func(n *keys.Input) {
			n.RateLimit, n.RateLimitPeriod = clienttest.Ptr[int64](0), clienttest.Ptr[int64](30)
		},
	} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(configObject("id-1", clienttest.Fields{"alias": input(change).Alias, "provider_slug": input(change).ProviderSlug}))))
		clienttest.RequireNoError(t, clienttest.ErrorOf(keys.Create(t.Context(), c, clienttest.Account, "demo", input(change))))
		if got := server.Seen()[0].Body; got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

var pending = map[string]clienttest.Handler{
	"was not found":       clienttest.Reply(400, clienttest.Failure(7001, "Secret was not found")),
	"by name":             clienttest.Reply(400, clienttest.Failure(7001, "demo_openai_default was not found", "body", "secret_id")),
	"not found":           clienttest.Reply(400, clienttest.Failure(7001, "Secret not found in store")),
	"pending":             clienttest.Reply(400, clienttest.Failure(7001, "The secret is still PENDING")),
	"without code":        clienttest.Reply(400, `{"success":false,"errors":[{"message":"secret was not found"}],"result":{}}`),
	"one of several":      clienttest.Reply(400, `{"success":false,"errors":[{"code":7001,"message":"hm"},{"code":7001,"message":"secret was not found"}]}`),
	"in other statuses":   clienttest.Reply(422, clienttest.Failure(7007, "secret was not found")),
	"after a rate limit ": clienttest.Reply(400, clienttest.Failure(7001, "secret was not found")),
}

func TestCreateProviderConfigWaitsForTheSecret(t *testing.T) {
	for name, notYet := range pending {
		for how, n := range map[string]keys.Input{
			"its id": input(), "the key": input(func(n *keys.Input) { n.SecretID, n.Secret = "", "key-1" }),
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				server, c := clienttest.Start(t, append(clienttest.Repeat(4, notYet), clienttest.Reply(200, clienttest.Envelope(configObject("id-1", nil))))...)
				got, err := keys.Create(t.Context(), c, clienttest.Account, "demo", n)
				if err != nil || got.ID != "id-1" {
					t.Errorf("%+v, %v", got, err)
				}
				server.RequireRequests(slices.Repeat([]string{postConfig}, 5)...)
				want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second}
				server.RequireWaitsOf(want...)
				for _, seen := range server.Seen() {
					if seen.Body != server.Seen()[0].Body {
						t.Errorf("another body: %s", seen.Body)
					}
				}
			})
		}
	}
}

func TestCreateProviderConfigGivesUpOnTheSecret(t *testing.T) {
	notYet := clienttest.Reply(400, clienttest.Failure(7001, "Secret was not found"))
	// A secret that exists is not waited for as long as one that is being created.
	server, c := clienttest.Start(t, clienttest.Repeat(5, notYet)...)
	_, err := createConfig(t.Context(), c)
	clienttest.RequireKind(t, err, client.ErrInvalid)
	want := "create provider config: HTTP 400 Bad Request: Secret was not found (code 7001) (after 5 attempts); the secret did not appear within 12s; " +
		"it must be in the gateway's Secrets Store, have the scope ai_gateway and be called demo_openai_default"
	if err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
	var sum time.Duration
	for _, pause := range server.Waits() {
		sum += pause
	}
	if sum != 12*time.Second || server.Count("POST") != 5 {
		t.Errorf("%d requests, %s", server.Count("POST"), sum)
	}
	t.Run("of a key", func(t *testing.T) {
		_, c := clienttest.Start(t, clienttest.Repeat(14, notYet)...)
		_, err := keys.Create(t.Context(), c, clienttest.Account, "demo", input(func(n *keys.Input) { n.Secret, n.SecretID = "key-1", "" }))
		clienttest.RequireText(t, err.Error(), "(code 7001) (after 14 attempts); the secret did not appear within 57s")
	})
	t.Run("without retries", func(t *testing.T) {
		server, c := clienttest.StartWith(t, clienttest.Retries(0), notYet)
		clienttest.RequireError(t, clienttest.ErrorOf(createConfig(t.Context(), c)), client.ErrInvalid, "(code 7001); it must be in the gateway's Secrets Store")
		server.RequireWaits(0)
	})
	t.Run("interrupted", func(t *testing.T) {
		server := clienttest.Serve(t, notYet)
		ctx, cancel := context.WithCancel(t.Context())
		c, _ := clienttest.New(t, server.URL, clienttest.Waiting(func(ctx context.Context, _ time.Duration) error {
			cancel()
			return ctx.Err()
		}))
		_, err := createConfig(ctx, c)
		clienttest.RequireKind(t, err, client.ErrInvalid)
		clienttest.RequireInterrupted(t, err, context.Canceled)
		clienttest.RequireText(t, err.Error(), "Secret was not found")
		server.RequireRequests(postConfig)
	})
}

// An error that a late secret cannot explain is returned at once.
func TestCreateProviderConfigRefused(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
	}{
		"already exists":   {clienttest.Reply(400, clienttest.Failure(7001, "Provider config already exists")), client.ErrAlreadyExists},
		"of odd names":     {clienttest.Reply(400, clienttest.Failure(7001, "secret pending was not found ALREADY EXISTS")), client.ErrAlreadyExists},
		"conflict":         {clienttest.Reply(409, clienttest.Failure(7006, "Conflict")), client.ErrAlreadyExists},
		"bad field":        {clienttest.Reply(400, clienttest.Failure(7001, "Required", "body", "secret")), client.ErrInvalid},
		"no gateway":       {clienttest.NotFound, client.ErrNotFound},
		"no such path":     {clienttest.Reply(404, clienttest.Failure(7003, "Could not route; the secret was not found")), client.ErrCouldNotRoute},
		"not allowed":      {clienttest.Reply(403, clienttest.Failure(10000, "secret was not found")), client.ErrUnauthorized},
		"gateway, in 404s": {clienttest.Reply(404, clienttest.Failure(7002, "Gateway was not found")), client.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			// How old the other one is.
			server, c := clienttest.Start(t, test.response, clienttest.Forbidden)
			clienttest.RequireKind(t, clienttest.ErrorOf(createConfig(t.Context(), c)), test.kind)
			if test.kind == client.ErrAlreadyExists {
				server.RequireRequests(postConfig, listConfigs)
			} else {
				server.RequireRequests(postConfig)
			}
			server.RequireWaits(0)
		})
	}
}

// A secret that is left over blocks a key, and not a provider config.
func TestCreateProviderConfigSecretInTheWay(t *testing.T) {
	const note = "if no provider config has this provider and alias, a secret called demo_openai_default is left over in the gateway's Secrets Store: " +
		"delete it there, or use it by its ID"
	key := input(func(n *keys.Input) { n.SecretID, n.Secret = "", "key-1" })
	for name, test := range map[string]struct {
		message string
		config  keys.Input
		noted   bool
	}{
		"said in words":                    {"A secret named 'demo_openai_default' already exists", key, true},
		"said by the Secrets Store's code": {"secret_name_already_exists", key, true},
		"of the config":                    {"Provider config already exists", key, false},
		"of a secret by its id":            {"A config for the secret already exists", input(), false},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Reply(400, clienttest.Failure(7001, test.message)), clienttest.Forbidden)
			_, err := keys.Create(t.Context(), c, clienttest.Account, "demo", test.config)
			clienttest.RequireKind(t, err, client.ErrAlreadyExists)
			if strings.Contains(err.Error(), note) != test.noted {
				t.Error(err)
			}
			server.RequireRequests(postConfig, listConfigs)
		})
	}
}

// made returns a list with the config of [input], of this age by the server's clock.
func made(age time.Duration, change clienttest.Fields) clienttest.Handler {
	c := configObject("id-1", clienttest.Fields{"modified_at": clienttest.Ago(age)})
	maps.Copy(c, change)
	return clienttest.Dated(clienttest.Page(2, configObject("id-2", clienttest.Fields{"alias": "other", "modified_at": clienttest.Ago(0)}), c))
}

func TestCreateProviderConfigRecovery(t *testing.T) {
	same := clienttest.Fields{"rate_limit": 5}
	clienttest.Creation{
		Name: "create provider config", Request: postConfig, Noun: "provider config", Lost: clienttest.LostObject(),
		Looks: client.ListLooks, Look: []string{listConfigs}, LookName: "list provider configs", Lags: true, Stale: true,
		Created: clienttest.Reply(200, clienttest.Envelope(configObject("id-1", clienttest.Fields{"rate_limit": 5}))),
		Taken:   clienttest.Reply(400, clienttest.Failure(7001, "provider config already exists")), NameFields: []string{"alias", "provider_slug", "gateway_id"},
		Found: made(time.Second, same), Missing: clienttest.Dated(clienttest.Page(0)),
		WasThere: "a provider config of this provider and alias existed before this request",
		Others: map[string]clienttest.Handler{
			"old":                  made(time.Hour, same),
			"some seconds old":     made(10*time.Second, same),
			"no time":              made(0, clienttest.Fields{"rate_limit": 5, "modified_at": nil}),
			"another secret":       made(0, clienttest.Fields{"rate_limit": 5, "secret_id": "s-2"}),
			"not the default":      made(0, clienttest.Fields{"rate_limit": 5, "default_config": 0}),
			"unknown whether":      made(0, clienttest.Fields{"rate_limit": 5, "default_config": nil}),
			"no limit":             made(0, nil),
			"another limit":        made(0, clienttest.Fields{"rate_limit": 6}),
			"another period":       made(0, clienttest.Fields{"rate_limit": 5, "rate_limit_period": 61}),
			"no date":              clienttest.WithoutDate(made(0, same)),
			"another's limit, old": made(time.Hour, nil),
		},
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			got, err := keys.Create(ctx, c, clienttest.Account, "demo", input(func(n *keys.Input) {
				n.RateLimit, n.RateLimitPeriod = clienttest.Ptr[int64](5), clienttest.Ptr[int64](60)
			}))
			if (got == nil) != (err != nil) || got != nil && got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			return err
		},
	}.TestRecovery(t)
	for name, looks := range map[string][]clienttest.Handler{
		"listed later":           {clienttest.Dated(clienttest.Page(0)), clienttest.Dated(clienttest.Page(0)), made(0, nil)},
		"of another list before": {made(time.Hour, clienttest.Fields{"id": "old"}), made(0, nil)},
		"both listed": {clienttest.Dated(clienttest.Page(2, configObject("old", clienttest.Fields{"modified_at": clienttest.Ago(time.Hour)}),
			configObject("id-1", clienttest.Fields{"modified_at": clienttest.Ago(0)})))},
		"after a failure": {clienttest.Reply(503, ""), made(0, nil)},
	} {
		t.Run(name, func(t *testing.T) {
			retries := client.DefaultMaxRetries
			if name == "listed later" {
				retries = 0 // the POST would be sent again after the first look
			}
			server, c := clienttest.StartWith(t, clienttest.Retries(retries), append([]clienttest.Handler{clienttest.Cut}, looks...)...)
			got, err := createConfig(t.Context(), c)
			if err != nil || got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			server.RequireWaits(len(looks) - 1)
		})
	}
}

// Only the last of several requests is lost, and the age of the object counts from it.
func TestCreateProviderConfigRecoversAfterWaiting(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(400, clienttest.Failure(7001, "secret was not found")), clienttest.Cut, made(time.Second, nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(createConfig(t.Context(), c)))
	server.RequireRequests(postConfig, postConfig, listConfigs)
	server.RequireWaits(1)
}

// A request that cannot have arrived is not looked for.
func TestCreateProviderConfigNotConnected(t *testing.T) {
	server := clienttest.Serve(t)
	server.Close()
	c, _ := clienttest.New(t, server.URL, clienttest.Retries(1))
	_, err := createConfig(t.Context(), c)
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	if strings.Contains(err.Error(), "looked") {
		t.Error(err)
	}
}
