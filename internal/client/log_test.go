package client_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func TestLogsOneLinePerAttempt(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		t.Run(op.Name, func(t *testing.T) {
			_, c := clienttest.Start(t, clienttest.Reply(429, "", "CF-Ray: 8f00-FRA"), op.Success)
			_, entries := clienttest.Logged(t, func(ctx context.Context) {
				clienttest.RequireNoError(t, op.Call(ctx, c))
			})
			if len(entries) != 3 {
				t.Fatalf("%d entries: %v", len(entries), entries)
			}
			_, path, _ := strings.Cut(op.Request, " ")
			path, _, _ = strings.Cut(clienttest.GatewaysPath+path, "?")
			for i, want := range []clienttest.Fields{
				{"@message": "request answered", "status": 429.0, "attempt": 1.0, "method": op.Method(), "path": path, "cf_ray": "8f00-FRA"},
				{"@message": "request will be repeated", "attempt": 1.0},
				{"@message": "request answered", "status": 200.0, "attempt": 2.0, "method": op.Method(), "path": path},
			} {
				want["@level"], want["@module"], want["operation"] = "debug", "provider.http", op.Name
				for field, value := range want {
					if entries[i][field] != value {
						t.Errorf("entry %d: %s is %v, want %v", i, field, entries[i][field], value)
					}
				}
			}
			if pause, ok := entries[1]["pause_ms"].(float64); !ok || pause < 250 || pause > 500 {
				t.Errorf("pause_ms is %v", entries[1]["pause_ms"])
			}
		})
	}
}

func TestLogsABrokenConnection(t *testing.T) {
	_, c := clienttest.StartWith(t, clienttest.Retries(0), clienttest.Cut)
	_, entries := clienttest.Logged(t, func(ctx context.Context) {
		if _, err := gateways.Get(ctx, c, clienttest.Account, "demo"); err == nil {
			t.Error("the error is nil")
		}
	})
	if len(entries) != 1 || entries[0]["@message"] != "request got no response" || entries[0]["@level"] != "debug" ||
		entries[0]["error"] != "EOF" || entries[0]["method"] != "GET" {
		t.Errorf("%v", entries)
	}
}

func TestNothingSentIsNotLogged(t *testing.T) {
	c, _ := clienttest.New(t, "http://api.invalid")
	text, _ := clienttest.Logged(t, func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		for _, op := range clienttest.GatewayOperations {
			if err := op.Call(ctx, c); err == nil {
				t.Errorf("%s: the error is nil", op.Name)
			}
		}
	})
	if text != "" {
		t.Error(text)
	}
}

// A server or proxy that repeats a request must not get its secrets into the log or
// onto the screen.
func TestSecretsAreNotRepeated(t *testing.T) {
	for name, echo := range clienttest.Echoes() {
		for _, op := range clienttest.GatewayOperations {
			t.Run(op.Name+" "+name, func(t *testing.T) {
				responses := []clienttest.Handler{echo}
				if op.IsPOST() || op.Look != "" {
					responses = clienttest.Repeat(2, echo) // the second is for the look
				}
				_, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.MaxRetries = 0; clienttest.WithSecrets(cfg) }, responses...)
				// A list or a deletion that does not use the field has no error.
				_ = clienttest.RequireNoLeaks(t, func(ctx context.Context) error { return op.Call(ctx, c) })
			})
		}
	}
}

// The text around a secret stays, and short values of headers hide nothing.
func TestRedactionLeavesTheRest(t *testing.T) {
	_, c := clienttest.StartWith(t, clienttest.WithSecrets, clienttest.Reply(400, clienttest.Failure(7001, "token "+clienttest.SecretAPI+" is of no use on "+clienttest.SecretCredential+", nor "+clienttest.SecretHeader)))
	_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
	want := "read gateway: HTTP 400 Bad Request: token (sensitive) is of no use on (sensitive), nor (sensitive) (code 7001)"
	if err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}

// One secret may contain another.
func TestRedactionOfNestedSecrets(t *testing.T) {
	_, c := clienttest.StartWith(t, func(cfg *client.Config) {
		cfg.APIToken, cfg.GatewayToken = "abcdefgh", "abcdefgh-hush"
	}, clienttest.Reply(400, clienttest.Failure(7001, "abcdefgh-hush abcdefgh")))
	_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
	clienttest.RequireText(t, err.Error(), ": (sensitive) (sensitive) (code 7001)")
}

// All operations on a gateway, with bodies and headers that contain the service's
// secrets, log none of them.
func TestBodiesAndHeadersAreNotLogged(t *testing.T) {
	held := clienttest.Gateway("demo", clienttest.Fields{"otel": []any{clienttest.Fields{"authorization": "hush"}}, "stripe": clienttest.Fields{"authorization": "hush"}, "store_id": "hush"})
	there := clienttest.Reply(200, clienttest.Envelope(held), "Set-Cookie: hush", "X-Secret: hush")
	list := clienttest.Reply(200, clienttest.Envelope([]any{held}), "Set-Cookie: hush")
	server, c := clienttest.StartWith(t, clienttest.WithSecrets, there, there, list, there, there, there)
	text, entries := clienttest.Logged(t, func(ctx context.Context) {
		gateway, err := gateways.Create(ctx, c, clienttest.Account, "demo", clienttest.GatewaySettings())
		clienttest.RequireNoError(t, err)
		for _, err := range []error{
			clienttest.GatewayOperations[0].Call(ctx, c), clienttest.GatewayOperations[1].Call(ctx, c),
			func() error {
				_, err := gateways.Update(ctx, c, clienttest.Account, "demo", "demo", gateway.Settings, gateway.Settings)
				return err
			}(),
			gateways.Delete(ctx, c, clienttest.Account, "demo"),
		} {
			clienttest.RequireNoError(t, err)
		}
	})
	if found := clienttest.Leaks(text); found != nil {
		t.Errorf("the log contains %q:\n%s", found, text)
	}
	if len(entries) != 6 {
		t.Errorf("%d entries", len(entries))
	}
	if sent := server.Seen()[4].Body; !strings.Contains(sent, "hush") {
		t.Errorf("the update lost a setting, so the test shows nothing: %s", sent)
	}
}
