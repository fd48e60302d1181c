package client_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

func TestGoldenSecretsStores(t *testing.T) {
	server := serve(t, reply(200, golden(t, "secrets_stores.json")))
	c, _ := newClient(t, server.URL)
	got, err := drain(secretsstores.List(t.Context(), c, account))
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	want := []*secretsstores.Store{{ID: "0123456789abcdef0123456789abcdef", Name: "default_secrets_store", CreatedAt: at, ModifiedAt: at}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	server.requireURIs("GET /secrets_store/stores" + firstPage)
}

func TestSecretsStoresOfOddTypes(t *testing.T) {
	server := serve(t, pageOf(2, store("a", fields{"created": nil, "modified": absent, "name": nil}), store("b", fields{"created": 1785751200})))
	c, _ := newClient(t, server.URL)
	got, err := drain(secretsstores.List(t.Context(), c, account))
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	want := []*secretsstores.Store{{ID: "a"}, {ID: "b", Name: "default", CreatedAt: at, ModifiedAt: at}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestAwaitSecret asks until the secret can be used, for a minute at most.
func TestAwaitSecret(t *testing.T) {
	status := func(status any) answer {
		return reply(200, encoded(fields{"success": true, "result": changed(fields{"id": "s"}, fields{"status": status})}))
	}
	pending, active := status("pending"), status("active")
	for name, test := range map[string]struct {
		answers []answer
		retries int
		want    error
		looks   int
		waited  time.Duration
	}{
		"active":              {[]answer{active}, 3, nil, 1, 0},
		"no status":           {[]answer{status(absent)}, 3, nil, 1, 0},
		"pending, then ready": {[]answer{pending, pending, active}, 3, nil, 3, 3 * time.Second},
		"no retries":          {[]answer{pending}, 0, keys.ErrSecretPending, 1, 0},
		"pending for ever":    {slices.Repeat([]answer{pending}, 14), 3, keys.ErrSecretPending, 14, 57 * time.Second},
		"missing":             {[]answer{notFound}, 3, client.ErrNotFound, 1, 0},
		"forbidden":           {[]answer{reply(403, failure(10000, "Authentication error"))}, 3, client.ErrUnauthorized, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answers...)
			c, waits := newClient(t, server.URL, retries(test.retries))
			if err := keys.AwaitSecret(t.Context(), c, account, "st", "s"); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			server.requireURIs(slices.Repeat([]string{"GET /secrets_store/stores/st/secrets/s"}, test.looks)...)
			var waited time.Duration
			for _, pause := range waits.all() {
				waited += pause
			}
			if waited != test.waited {
				t.Errorf("waited %s, want %s", waited, test.waited)
			}
		})
	}
}

// TestAwaitSecretRefuses: nothing is sent for ids that lead elsewhere, nor when
// the context has ended.
func TestAwaitSecretRefuses(t *testing.T) {
	server := serve(t, notFound)
	c, _ := newClient(t, server.URL)
	for _, ids := range [][2]string{{"", "s"}, {"st", "../s"}, {"a/b", "s"}} {
		if err := keys.AwaitSecret(t.Context(), c, account, ids[0], ids[1]); err == nil {
			t.Errorf("%q was accepted", ids)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := keys.AwaitSecret(ctx, c, account, "st", "s"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
	server.requireURIs()
}
