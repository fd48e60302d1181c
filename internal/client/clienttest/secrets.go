package clienttest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// These secrets must never be seen. SecretCredential is what follows the scheme in
// SecretHeader.
const (
	SecretAPI        = "api-token-hush-1111"
	SecretGateway    = "gateway-token-hush-2222"
	SecretHeader     = "Bearer provider-key-hush-3333"
	SecretCredential = "provider-key-hush-3333"
	SecretLong       = "long-header-hush-4444-44444444444444444444"
)

// WithSecrets configures the client with the secrets above.
func WithSecrets(cfg *client.Config) {
	cfg.APIToken, cfg.GatewayToken = SecretAPI, SecretGateway
	cfg.Secrets = []string{SecretHeader, SecretLong, "on", ""}
}

// Leaks returns the secrets within a text.
func Leaks(text string) []string {
	var found []string
	for _, secret := range []string{SecretAPI, SecretGateway, SecretCredential, "hush", `u0068`, "%68", "LWh1c2gt", "1odXNoL", "taHVzaC"} {
		if strings.Contains(text, secret) {
			found = append(found, secret)
		}
	}
	return found
}

// Logged returns what do logs at the finest level, as text and as entries.
func Logged(t *testing.T, do func(ctx context.Context)) (string, []map[string]any) {
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

// RequireNoLeaks fails the test if a secret is in the log of do, or in its error, and
// if do logs nothing. It returns the error.
func RequireNoLeaks(t *testing.T, do func(ctx context.Context) error) error {
	t.Helper()
	var err error
	text, entries := Logged(t, func(ctx context.Context) { err = do(ctx) })
	if found := Leaks(text); found != nil {
		t.Errorf("the log contains %q:\n%s", found, text)
	}
	if len(entries) == 0 {
		t.Error("nothing was logged")
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if found := Leaks(e.Error()); found != nil {
			t.Errorf("the error contains %q: %v", found, e)
		}
	}
	var failed *client.Error
	if errors.As(err, &failed) {
		for _, item := range failed.Items {
			if found := Leaks(item.Message + item.Field + item.Path + failed.RayID); found != nil {
				t.Errorf("an item contains %q: %+v", found, item)
			}
		}
	}
	return err
}

// Echoes returns responses that repeat the secrets wherever a response can hold text.
func Echoes() map[string]Handler {
	all := SecretAPI + " " + SecretGateway + " " + SecretHeader + " " + SecretCredential
	responses := map[string]Handler{
		"cut": Cut,
		"item": Reply(400, Encode(Fields{"success": false, "errors": []any{Fields{
			"code": 7001, "message": "bad token " + all, "path": []any{"body", all, all},
		}}}), "CF-Ray: "+SecretAPI, "X-Echo: "+all),
		"text":       Reply(400, Encode(Fields{"success": false, "errors": []any{all}})),
		"200":        Reply(200, Encode(Fields{"success": false, "errors": []any{Fields{"message": all}}})),
		"5xx":        Reply(503, Failure(7011, all)),
		"page":       Reply(404, "<html>"+all+"</html>"),
		"redirect":   Reply(302, "", "Location: https://evil.example/?"+SecretAPI),
		"ray of 200": Reply(200, "{}", "CF-Ray: "+SecretGateway),
		"not HTTP":   NotHTTP(all),
	}
	for _, field := range []string{"cache_ttl", "authentication", "created_at", "id"} {
		for _, secret := range []string{SecretAPI, SecretGateway, SecretCredential} {
			value := any(secret)
			if field == "id" {
				value = Fields{secret: secret}
			}
			responses[field+" "+secret] = Reply(200, Envelope(Gateway("demo", Fields{field: value})))
		}
	}
	// As long as Cloudflare's tokens are, and written otherwise than it was sent.
	responses["cut to length"] = Reply(200, Envelope(Gateway("demo", Fields{"cache_ttl": SecretLong})))
	responses["escaped"] = Reply(200, strings.ReplaceAll(Envelope(Gateway("demo", Fields{"cache_ttl": SecretAPI})), "hush", `\u0068ush`))
	responses["message of an object"] = Reply(400, strings.ReplaceAll(Encode(Fields{"success": false, "errors": []any{
		Fields{"message": Fields{"en": SecretAPI}, "path": []any{"body", Fields{"a": SecretAPI}}},
	}}), "hush", `\u0068ush`))
	encoded := base64.StdEncoding.EncodeToString([]byte("Basic user:" + SecretAPI + ";" + SecretHeader))
	for name, form := range map[string]string{
		"base64": encoded, "URL": url.QueryEscape(SecretHeader) + strings.ReplaceAll(SecretAPI, "hush", "%68ush"),
		"unicode": strings.ReplaceAll(all, "hush", `\u0068ush`),
	} {
		responses[name] = Reply(400, Failure(7001, form, "body", form), "CF-Ray: "+strings.ReplaceAll(SecretAPI, "h", "%68"))
	}
	responses["name of a field"] = Reply(200, Envelope(Fields{"id": "demo", "cache_ttl": "x", SecretAPI: 1}))
	return responses
}

// NotHTTP responds with a text that is not HTTP.
func NotHTTP(text string) Handler {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack() //nolint:forcetypeassert // A server of HTTP/1 has it.
		if err != nil {
			panic(err)
		}
		_, _ = conn.Write([]byte(text + "\r\n\r\n"))
		_ = conn.Close()
	}
}

// QuotedPlainly returns text within a JSON string that does not escape HTML.
func QuotedPlainly(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
