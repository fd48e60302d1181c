package client_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// secrets are what must never be seen. The first two of a header are the
// value and what follows its scheme.
const (
	secretAPI        = "api-token-hush-1111"
	secretGateway    = "gateway-token-hush-2222"
	secretHeader     = "Bearer provider-key-hush-3333"
	secretCredential = "provider-key-hush-3333"
	secretLong       = "long-header-hush-4444-44444444444444444444"
)

func secretive(cfg *client.Config) {
	cfg.APIToken, cfg.GatewayToken = secretAPI, secretGateway
	cfg.Secrets = []string{secretHeader, secretLong, "on", ""}
}

// leaks are the secrets within a text.
func leaks(text string) []string {
	var found []string
	for _, secret := range []string{secretAPI, secretGateway, secretCredential, "hush", `u0068`} {
		if strings.Contains(text, secret) {
			found = append(found, secret)
		}
	}
	return found
}

// logged is what do logs, at the finest level, as text and as entries.
func logged(t *testing.T, do func(ctx context.Context)) (string, []map[string]any) {
	t.Helper()
	var output bytes.Buffer
	do(tflogtest.RootLogger(t.Context(), &output))
	text := output.String()
	entries, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil {
		t.Fatal(err)
	}
	return text, entries
}

func TestLogsALinePerAttempt(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			server := serve(t, reply(429, "", "CF-Ray: 8f00-FRA"), success(op.name))
			c, _ := newClient(t, server.URL)
			_, entries := logged(t, func(ctx context.Context) {
				if err := op.do(ctx, c); err != nil {
					t.Error(err)
				}
			})
			if len(entries) != 3 {
				t.Fatalf("%d entries: %v", len(entries), entries)
			}
			_, path, _ := strings.Cut(op.request, " ")
			path, _, _ = strings.Cut(gatewaysPath+path, "?")
			for i, want := range []fields{
				{"@message": "request answered", "status": 429.0, "attempt": 1.0, "method": op.method, "path": path, "cf_ray": "8f00-FRA"},
				{"@message": "request will be repeated", "attempt": 1.0},
				{"@message": "request answered", "status": 200.0, "attempt": 2.0, "method": op.method, "path": path},
			} {
				want["@level"], want["@module"], want["operation"] = "debug", "provider.http", op.name
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
	server := serve(t, cut)
	c, _ := newClient(t, server.URL, retries(0))
	_, entries := logged(t, func(ctx context.Context) {
		if _, err := gateways.Get(ctx, c, account, "demo"); err == nil {
			t.Error("there is no error")
		}
	})
	if len(entries) != 1 || entries[0]["@message"] != "request got no response" || entries[0]["@level"] != "debug" ||
		entries[0]["error"] != "EOF" || entries[0]["method"] != "GET" {
		t.Errorf("%v", entries)
	}
}

func TestNothingSentIsNotLogged(t *testing.T) {
	c, _ := newClient(t, "http://api.invalid")
	text, _ := logged(t, func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		for _, op := range operations {
			if err := op.do(ctx, c); err == nil {
				t.Errorf("%s: there is no error", op.name)
			}
		}
	})
	if text != "" {
		t.Error(text)
	}
}

// echoing are answers that repeat the secrets wherever an answer can hold text.
func echoing() map[string]answer {
	all := secretAPI + " " + secretGateway + " " + secretHeader + " " + secretCredential
	answers := map[string]answer{
		"cut": cut,
		"item": reply(400, encoded(fields{"success": false, "errors": []any{fields{
			"code": 7001, "message": "bad token " + all, "path": []any{"body", all, all},
		}}}), "CF-Ray: "+secretAPI, "X-Echo: "+all),
		"text":       reply(400, encoded(fields{"success": false, "errors": []any{all}})),
		"200":        reply(200, encoded(fields{"success": false, "errors": []any{fields{"message": all}}})),
		"5xx":        reply(503, failure(7011, all)),
		"page":       reply(404, "<html>"+all+"</html>"),
		"redirect":   reply(302, "", "Location: https://evil.example/?"+secretAPI),
		"ray of 200": reply(200, "{}", "CF-Ray: "+secretGateway),
		"not HTTP": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = conn.Write([]byte(all + "\r\n\r\n"))
			_ = conn.Close()
		},
	}
	for _, field := range []string{"cache_ttl", "authentication", "created_at", "id"} {
		for _, secret := range []string{secretAPI, secretGateway, secretCredential} {
			value := any(secret)
			if field == "id" {
				value = fields{secret: secret}
			}
			answers[field+" "+secret] = reply(200, envelope(object("demo", fields{field: value})))
		}
	}
	// As long as Cloudflare's tokens are, and written otherwise than it was sent.
	answers["cut to length"] = reply(200, envelope(object("demo", fields{"cache_ttl": secretLong})))
	answers["escaped"] = reply(200, strings.ReplaceAll(envelope(object("demo", fields{"cache_ttl": secretAPI})), "hush", `\u0068ush`))
	answers["message of an object"] = reply(400, strings.ReplaceAll(encoded(fields{"success": false, "errors": []any{
		fields{"message": fields{"en": secretAPI}, "path": []any{"body", fields{"a": secretAPI}}},
	}}), "hush", `\u0068ush`))
	answers["name of a field"] = reply(200, envelope(fields{"id": "demo", "cache_ttl": "x", secretAPI: 1}))
	return answers
}

// A server that repeats what it was sent, or a proxy that does, must not get
// it into the log or on the screen.
func TestSecretsAreNotRepeated(t *testing.T) {
	for name, echo := range echoing() {
		for _, op := range operations {
			t.Run(op.name+" "+name, func(t *testing.T) {
				answers := []answer{echo}
				if op.method == "POST" {
					answers = repeat(2, echo) // the second answers the look
				}
				server := serve(t, answers...)
				c, _ := newClient(t, server.URL, retries(0), secretive)
				text, entries := logged(t, func(ctx context.Context) {
					err := op.do(ctx, c)
					if err == nil {
						return // a list or a delete that has no use for the field
					}
					for e := err; e != nil; e = errors.Unwrap(e) {
						if found := leaks(e.Error()); found != nil {
							t.Errorf("the error holds %q: %v", found, e)
						}
					}
					var failed *client.Error
					if errors.As(err, &failed) {
						for _, item := range failed.Items {
							if found := leaks(item.Message + item.Field + item.Path + failed.RayID); found != nil {
								t.Errorf("an item holds %q: %+v", found, item)
							}
						}
					}
				})
				if found := leaks(text); found != nil {
					t.Errorf("the log holds %q:\n%s", found, text)
				}
				if len(entries) == 0 {
					t.Error("nothing was logged")
				}
			})
		}
	}
}

// The texts around a secret stay, and short values of headers hide nothing.
func TestRedactionLeavesTheRest(t *testing.T) {
	server := serve(t, reply(400, failure(7001, "token "+secretAPI+" is of no use on "+secretCredential+", nor "+secretHeader)))
	c, _ := newClient(t, server.URL, secretive)
	_, err := gateways.Get(t.Context(), c, account, "demo")
	want := "read gateway: HTTP 400 Bad Request: token (sensitive) is of no use on (sensitive), nor (sensitive) (code 7001)"
	if err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}

// One secret may be a part of another.
func TestRedactionOfNestedSecrets(t *testing.T) {
	server := serve(t, reply(400, failure(7001, "abcdefgh-hush abcdefgh")))
	c, _ := newClient(t, server.URL, func(cfg *client.Config) {
		cfg.APIToken, cfg.GatewayToken = "abcdefgh", "abcdefgh-hush"
	})
	_, err := gateways.Get(t.Context(), c, account, "demo")
	requireText(t, err.Error(), ": (sensitive) (sensitive) (code 7001)")
}

// A whole life of a gateway, with bodies and headers that hold secrets of the
// service's own, leaves nothing of them in the log.
func TestBodiesAndHeadersAreNotLogged(t *testing.T) {
	held := object("demo", fields{"otel": []any{fields{"authorization": "hush"}}, "stripe": fields{"authorization": "hush"}, "store_id": "hush"})
	there := reply(200, envelope(held), "Set-Cookie: hush", "X-Secret: hush")
	list := reply(200, envelope([]any{held}), "Set-Cookie: hush")
	server := serve(t, there, there, list, there, there)
	c, _ := newClient(t, server.URL, secretive)
	text, entries := logged(t, func(ctx context.Context) {
		gateway, err := gateways.Create(ctx, c, account, "demo", settings())
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{
			operations[0].do(ctx, c), operations[1].do(ctx, c),
			func() error {
				_, err := gateways.Update(ctx, c, account, "demo", "demo", gateway.Settings, gateway.Settings)
				return err
			}(),
			gateways.Delete(ctx, c, account, "demo"),
		} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	if found := leaks(text); found != nil {
		t.Errorf("the log holds %q:\n%s", found, text)
	}
	if len(entries) != 5 {
		t.Errorf("%d entries", len(entries))
	}
	if sent := server.seen()[3].Body; !strings.Contains(sent, "hush") {
		t.Errorf("the update lost a setting, so the test shows nothing: %s", sent)
	}
}
