package gateways_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// featureSecrets are the secrets of features as an error may repeat them: with or
// without the scheme.
var featureSecrets = []string{clienttest.SecretRef, clienttest.SecretValue, "trace-token-hush-6666", clienttest.SecretLater, clienttest.SecretStripe}

// telling returns settings that contain them.
func telling() gateways.Settings {
	return clienttest.GatewaySettings(func(s *gateways.Settings) {
		s.OTel = []gateways.OTel{
			{URL: "https://a.example", Authorization: clienttest.SecretRef, Headers: map[string]string{"authorization": clienttest.SecretValue, "short": "on"}},
			{URL: "https://b.example", Headers: map[string]string{"x-key": clienttest.SecretLater}},
		}
		s.Stripe = &gateways.Stripe{Authorization: clienttest.SecretStripe, UsageEvents: []string{"{}"}}
	})
}

// repeating returns responses that repeat the secrets of the request.
func repeating() map[string]clienttest.Handler {
	all := strings.Join(featureSecrets, " ")
	responses := map[string]clienttest.Handler{
		"item": clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{
			"code": 7001, "message": "bad " + all, "path": []any{"body", "otel", all},
		}}}), "CF-Ray: "+clienttest.SecretStripe),
		"text":     clienttest.Reply(422, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{all}})),
		"200":      clienttest.Reply(200, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{"message": all}}})),
		"5xx":      clienttest.Reply(503, clienttest.Failure(7011, all)),
		"redirect": clienttest.Reply(302, "", "Location: https://evil.example/?"+clienttest.SecretRef),
		// The refused body, as a string within the error.
		"the body": clienttest.Reply(400, clienttest.Failure(7001, "cannot take "+clienttest.Encode(telling().OTel)+" nor "+clienttest.QuotedPlainly(clienttest.SecretLater))),
		"page":     clienttest.Reply(404, "<html>"+all+"</html>"),
		"not HTTP": clienttest.NotHTTP(clienttest.SecretStripe + " " + clienttest.SecretRef),
	}
	for _, secret := range featureSecrets {
		responses["number "+secret] = clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"cache_ttl": secret})))
		responses["feature "+secret] = clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"spend_limits": clienttest.Fields{"enabled": secret}})))
		responses["field "+secret] = clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "demo", "zdr": "x", secret: 1}))
		responses["type "+secret] = clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", clienttest.Fields{"otel": []any{clienttest.Fields{"authorization": []any{secret}}}})))
	}
	return responses
}

func TestSecretsOfFeaturesAreNotRepeated(t *testing.T) {
	posted := clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("demo", nil)))
	type call = func(ctx context.Context, c *client.Client) error
	for name, test := range map[string]struct {
		before, after []clienttest.Handler
		do            call
	}{
		"read of an update": {nil, nil, func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(gateways.Update(ctx, c, clienttest.Account, "demo", "demo", telling(), gateways.Settings{}))
		}},
		"update": {[]clienttest.Handler{bare}, []clienttest.Handler{bare}, func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(gateways.Update(ctx, c, clienttest.Account, "demo", "demo", telling(), gateways.Settings{}))
		}},
		// A service may also repeat what it still stores.
		"removal": {[]clienttest.Handler{bare}, []clienttest.Handler{bare}, func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(gateways.Update(ctx, c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), telling()))
		}},
		"POST": {nil, []clienttest.Handler{clienttest.NotFound, clienttest.NotFound, clienttest.NotFound}, func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(gateways.Create(ctx, c, clienttest.Account, "demo", telling()))
		}},
		"PUT of a create": {[]clienttest.Handler{posted}, []clienttest.Handler{posted}, func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(gateways.Create(ctx, c, clienttest.Account, "demo", telling()))
		}},
		"DELETE of a create": {[]clienttest.Handler{posted, clienttest.Reply(400, "")}, []clienttest.Handler{posted}, func(ctx context.Context, c *client.Client) error {
			return clienttest.ErrorOf(gateways.Create(ctx, c, clienttest.Account, "demo", telling()))
		}},
	} {
		for how, echo := range repeating() {
			t.Run(name+" "+how, func(t *testing.T) {
				_, c := clienttest.StartWith(t, clienttest.Retries(0), slices.Concat(test.before, []clienttest.Handler{echo}, test.after)...)
				err := clienttest.RequireNoLeaks(t, func(ctx context.Context) error { return test.do(ctx, c) })
				var failed *client.Error
				if !errors.As(err, &failed) {
					t.Error(err)
				}
			})
		}
	}
}

// All operations with features that a service returns verbatim leave no secret in the
// log, and no part of the bodies.
func TestSecretsOfFeaturesAreNotLogged(t *testing.T) {
	m := &memory{}
	text, entries := clienttest.Logged(t, func(ctx context.Context) {
		c := m.client(t)
		gateway, err := gateways.Create(ctx, c, clienttest.Account, "demo", telling())
		clienttest.RequireNoError(t, err)
		if gateway.Stripe.Authorization != clienttest.SecretStripe || gateway.OTel[1].Headers["x-key"] != clienttest.SecretLater {
			t.Errorf("the service does not tell them, so this shows nothing: %+v", gateway.Settings)
		}
		clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Update(ctx, c, clienttest.Account, "demo", "demo", clienttest.GatewaySettings(), gateway.Settings)))
	})
	if found := clienttest.Leaks(text); found != nil || strings.Contains(text, "otel") || strings.Contains(text, "example") {
		t.Errorf("the log contains %q:\n%s", found, text)
	}
	if len(entries) != 4 {
		t.Errorf("%d entries", len(entries))
	}
}

// Secrets of other operations are not redacted, and short values hide nothing.
func TestRedactionOfFeaturesLeavesTheRest(t *testing.T) {
	_, c := clienttest.Start(t, bare, clienttest.Reply(400, clienttest.Failure(7001, "on "+clienttest.SecretStripe+" at https://a.example, "+clienttest.SecretValue, "body", "otel", 0, "headers", "short")))
	_, err := gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", telling(), gateways.Settings{})
	want := "update gateway: HTTP 400 Bad Request: on (sensitive) at https://a.example, (sensitive) (code 7001, at otel.0.headers.short)"
	if err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}
