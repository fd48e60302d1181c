package client_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// escapeAll writes every character as JSON may.
func escapeAll(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString(`\u` + strconv.FormatInt(0x10000+int64(text[i]), 16)[1:])
	}
	return b.String()
}

// A server repeats a secret in many forms. None of them reaches an error.
func TestRedactsEveryForm(t *testing.T) {
	const secret = "sk/Käy+9\"x =?&%z\\q<7>"
	quoted := func(text string) string {
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded[1 : len(encoded)-1])
	}
	for name, form := range map[string]string{
		"plain":               secret,
		"Go":                  strconv.Quote(secret),
		"Go, ASCII":           strconv.QuoteToASCII(secret),
		"JSON":                quoted(secret),
		"JSON within JSON":    quoted(quoted(secret)),
		"query":               url.QueryEscape(secret),
		"query, lower case":   strings.ToLower(url.QueryEscape("SK/")) + url.QueryEscape(secret[3:]),
		"path":                url.PathEscape(secret),
		"some escaped":        strings.ReplaceAll(secret, "=", "%3D"),
		"base64":              base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 for URLs":     base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"base64 of a header":  base64.StdEncoding.EncodeToString([]byte("Bearer " + secret)),
		"base64 of user:key":  base64.StdEncoding.EncodeToString([]byte("user:" + secret + "\n")),
		"base64, third place": base64.URLEncoding.EncodeToString([]byte("12345678" + secret + "9")),
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.Secrets = []string{secret} },
				clienttest.Reply(400, clienttest.Failure(7001, "refused: "+form+" of you")))
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			server.RequireRequests("GET /demo")
			if err == nil {
				t.Fatal("no error")
			}
			if text := err.Error(); !strings.Contains(text, "(sensitive)") || strings.Contains(text, form) || strings.Contains(text, "9") {
				t.Errorf("%s is shown as %s", form, text)
			}
		})
	}
}

func TestRedactsUnicodeEscapes(t *testing.T) {
	const secret = "ordinary-secret-word"
	for name, form := range map[string]string{
		"all":        escapeAll(secret),
		"upper case": `\u006F` + secret[1:],
		"twice":      strings.ReplaceAll(escapeAll(secret), `\`, `\\`),
		"mixed":      `o%72d\u0069nary-secret-word`,
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.Secrets = []string{secret} },
				clienttest.Reply(400, clienttest.Failure(7001, "["+form+"]")))
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			clienttest.RequireError(t, err, client.ErrInvalid, "[(sensitive)]")
		})
	}
}

// A hostile message of backslashes is read in one pass: every position looks at a
// bounded part of the rest.
func TestRedactsManyBackslashes(t *testing.T) {
	message := strings.Repeat(`\`, 1<<20)
	_, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.Secrets = []string{"ordinary-secret-word"} },
		clienttest.Reply(400, clienttest.Failure(7001, message)))
	_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo") // took minutes
	clienttest.RequireError(t, err, client.ErrInvalid, `\\\\`, "more bytes)")
}
