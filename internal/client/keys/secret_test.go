package keys_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

// The client asks until the secret can be used, for a minute at most.
func TestAwaitSecret(t *testing.T) {
	status := func(status any) clienttest.Handler {
		return clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": true, "result": clienttest.Changed(clienttest.Fields{"id": "s"}, clienttest.Fields{"status": status})}))
	}
	pending, active := status("pending"), status("active")
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		retries   int
		want      error
		looks     int
		waited    time.Duration
	}{
		"active":              {[]clienttest.Handler{active}, 3, nil, 1, 0},
		"no status":           {[]clienttest.Handler{status(clienttest.Absent)}, 3, nil, 1, 0},
		"pending, then ready": {[]clienttest.Handler{pending, pending, active}, 3, nil, 3, 3 * time.Second},
		"no retries":          {[]clienttest.Handler{pending}, 0, keys.ErrSecretPending, 1, 0},
		"pending for ever":    {slices.Repeat([]clienttest.Handler{pending}, 14), 3, keys.ErrSecretPending, 14, 57 * time.Second},
		"missing":             {[]clienttest.Handler{clienttest.NotFound}, 3, client.ErrNotFound, 1, 0},
		"forbidden":           {[]clienttest.Handler{clienttest.Forbidden}, 3, client.ErrUnauthorized, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.Retries(test.retries), test.responses...)
			if err := keys.AwaitSecret(t.Context(), c, clienttest.Account, "st", "s"); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			server.RequireRequests(slices.Repeat([]string{"GET /secrets_store/stores/st/secrets/s"}, test.looks)...)
			var waited time.Duration
			for _, pause := range server.Waits() {
				waited += pause
			}
			if waited != test.waited {
				t.Errorf("waited %s, want %s", waited, test.waited)
			}
		})
	}
}

// Nothing is sent for ids that lead elsewhere, nor after the context has ended.
func TestAwaitSecretRefuses(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.NotFound)
	for _, ids := range [][2]string{{"", "s"}, {"st", "../s"}, {"a/b", "s"}} {
		if err := keys.AwaitSecret(t.Context(), c, clienttest.Account, ids[0], ids[1]); err == nil {
			t.Errorf("%q was accepted", ids)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := keys.AwaitSecret(ctx, c, clienttest.Account, "st", "s"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
	server.RequireRequests()
}

// The state of another secret says nothing.
func TestAwaitAnotherSecret(t *testing.T) {
	for _, change := range []clienttest.Fields{{"id": "s-9"}, {"id": "../s"}, {"account_id": "ffffffffffffffffffffffffffffffff"}} {
		secret := clienttest.Changed(clienttest.Fields{"id": "s-1", "status": "active"}, change)
		_, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(secret)))
		clienttest.RequireError(t, keys.AwaitSecret(t.Context(), c, clienttest.Account, "store-1", "s-1"), client.ErrUnexpectedResponse, "the response describes ")
	}
}

// TestFindSecret reads once, whatever the status is.
func TestFindSecret(t *testing.T) {
	for status, kind := range map[string]error{"active": nil, "pending": nil, "": nil, "deleted": client.ErrNotFound} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "secret-1", "status": status})))
		err := keys.FindSecret(t.Context(), c, clienttest.Account, "store-1", "secret-1")
		if kind == nil {
			clienttest.RequireNoError(t, err)
		} else {
			clienttest.RequireKind(t, err, kind)
		}
		server.RequireRequests("GET /secrets_store/stores/store-1/secrets/secret-1")
	}
}

// TestRotateLost: the words of the service mean that the secret is gone.
func TestRotateLost(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(400, clienttest.Failure(7001, "The secret 'secret-1' was not found")), clienttest.Reply(400, clienttest.Failure(7001, "Too long")))
	_, err := keys.Rotate(t.Context(), c, clienttest.Account, "demo", "id-1", "sk")
	clienttest.RequireKind(t, err, keys.ErrNoSecret)
	_, err = keys.Rotate(t.Context(), c, clienttest.Account, "demo", "id-1", "sk")
	clienttest.RequireKind(t, err, client.ErrInvalid)
}
