package client_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// Secrets of a gateway's features, which only the request knows.
const (
	secretRef    = "store-ref-hush-5555"
	secretValue  = "Bearer trace-token-hush-6666"
	secretLater  = "\"header-hush-7777-<&>-ä\\\""
	secretStripe = "sk_live_hush_8888"
)

// featureSecrets are as an error may repeat them: with the scheme in front or
// without.
var featureSecrets = []string{secretRef, secretValue, "trace-token-hush-6666", secretLater, secretStripe}

// telling are settings that hold them.
func telling() gateways.Settings {
	return settings(func(s *gateways.Settings) {
		s.OTel = []gateways.OTel{
			{URL: "https://a.example", Authorization: secretRef, Headers: map[string]string{"authorization": secretValue, "short": "on"}},
			{URL: "https://b.example", Headers: map[string]string{"x-key": secretLater}},
		}
		s.Stripe = &gateways.Stripe{Authorization: secretStripe, UsageEvents: []string{"{}"}}
	})
}

// repeating are answers that tell the secrets of the request to whoever reads
// the error.
func repeating() map[string]answer {
	all := strings.Join(featureSecrets, " ")
	answers := map[string]answer{
		"item": reply(400, encoded(fields{"success": false, "errors": []any{fields{
			"code": 7001, "message": "bad " + all, "path": []any{"body", "otel", all},
		}}}), "CF-Ray: "+secretStripe),
		"text":     reply(422, encoded(fields{"success": false, "errors": []any{all}})),
		"200":      reply(200, encoded(fields{"success": false, "errors": []any{fields{"message": all}}})),
		"5xx":      reply(503, failure(7011, all)),
		"redirect": reply(302, "", "Location: https://evil.example/?"+secretRef),
		// The body that was refused, as a text within the error.
		"the body": reply(400, failure(7001, "cannot take "+encoded(telling().OTel)+" nor "+quotedPlainly(secretLater))),
		"page":     reply(404, "<html>"+all+"</html>"),
		"not HTTP": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = conn.Write([]byte(secretStripe + " " + secretRef + "\r\n\r\n"))
			_ = conn.Close()
		},
	}
	for _, secret := range featureSecrets {
		answers["number "+secret] = reply(200, envelope(object("demo", fields{"cache_ttl": secret})))
		answers["feature "+secret] = reply(200, envelope(object("demo", fields{"spend_limits": fields{"enabled": secret}})))
		answers["field "+secret] = reply(200, envelope(fields{"id": "demo", "zdr": "x", secret: 1}))
		answers["type "+secret] = reply(200, envelope(object("demo", fields{"otel": []any{fields{"authorization": []any{secret}}}})))
	}
	return answers
}

// quotedPlainly is JSON that takes no care for HTML.
func quotedPlainly(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

func TestSecretsOfFeaturesAreNotRepeated(t *testing.T) {
	posted := reply(200, envelope(object("demo", nil)))
	type call = func(ctx context.Context, c *client.Client) error
	for name, test := range map[string]struct {
		before, after []answer
		do            call
	}{
		"update": {nil, nil, func(ctx context.Context, c *client.Client) error {
			return second(gateways.Update(ctx, c, account, "demo", "demo", telling(), gateways.Settings{}))
		}},
		// What a service still holds, it may repeat as well.
		"removal": {nil, nil, func(ctx context.Context, c *client.Client) error {
			return second(gateways.Update(ctx, c, account, "demo", "demo", settings(), telling()))
		}},
		"POST": {nil, []answer{notFound, notFound, notFound}, func(ctx context.Context, c *client.Client) error {
			return second(gateways.Create(ctx, c, account, "demo", telling()))
		}},
		"PUT of a create": {[]answer{posted}, []answer{posted}, func(ctx context.Context, c *client.Client) error {
			return second(gateways.Create(ctx, c, account, "demo", telling()))
		}},
		"DELETE of a create": {[]answer{posted, reply(400, "")}, nil, func(ctx context.Context, c *client.Client) error {
			return second(gateways.Create(ctx, c, account, "demo", telling()))
		}},
	} {
		for how, echo := range repeating() {
			t.Run(name+" "+how, func(t *testing.T) {
				server := serve(t, slices.Concat(test.before, []answer{echo}, test.after)...)
				c, _ := newClient(t, server.URL, retries(0))
				text, entries := logged(t, func(ctx context.Context) {
					err := test.do(ctx, c)
					if err == nil {
						t.Fatal("there is no error")
					}
					for e := err; e != nil; e = errors.Unwrap(e) {
						if found := leaks(e.Error()); found != nil {
							t.Errorf("the error holds %q: %v", found, e)
						}
					}
					var failed *client.Error
					if !errors.As(err, &failed) {
						t.Fatal(err)
					}
					for _, item := range failed.Items {
						if found := leaks(item.Message + item.Field + item.Path + failed.RayID); found != nil {
							t.Errorf("an item holds %q: %+v", found, item)
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

// A life with features that a service tells verbatim leaves no secret in the
// log, and no part of the bodies.
func TestSecretsOfFeaturesAreNotLogged(t *testing.T) {
	m := &memory{}
	text, entries := logged(t, func(ctx context.Context) {
		c := m.client(t)
		gateway, err := gateways.Create(ctx, c, account, "demo", telling())
		if err != nil {
			t.Fatal(err)
		}
		if gateway.Stripe.Authorization != secretStripe || gateway.OTel[1].Headers["x-key"] != secretLater {
			t.Errorf("the service does not tell them, so this shows nothing: %+v", gateway.Settings)
		}
		if _, err := gateways.Update(ctx, c, account, "demo", "demo", settings(), gateway.Settings); err != nil {
			t.Error(err)
		}
	})
	if found := leaks(text); found != nil || strings.Contains(text, "otel") || strings.Contains(text, "example") {
		t.Errorf("the log holds %q:\n%s", found, text)
	}
	if len(entries) != 3 {
		t.Errorf("%d entries", len(entries))
	}
}

// Another operation's secrets are not looked for, and short values hide
// nothing.
func TestRedactionOfFeaturesLeavesTheRest(t *testing.T) {
	server := serve(t, reply(400, failure(7001, "on "+secretStripe+" at https://a.example, "+secretValue, "body", "otel", 0, "headers", "short")))
	c, _ := newClient(t, server.URL)
	_, err := gateways.Update(t.Context(), c, account, "demo", "demo", telling(), gateways.Settings{})
	want := "update gateway: HTTP 400 Bad Request: on (sensitive) at https://a.example, (sensitive) (code 7001, at otel.0.headers.short)"
	if err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}
