package client_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func FuzzPrintable(f *testing.F) {
	for _, seed := range []string{"", "plain", "\x1b[2J\r\n", "\u202e\u2066", "\xff\xfe", strings.Repeat("世", 40)} {
		f.Add(seed, 20)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		shown := client.Printable(text, limit)
		if !utf8.ValidString(shown) || strings.ContainsAny(shown, "\x00\x1b\r\n\x7f\u009b\u202e\u2028") {
			t.Fatalf("%q is shown as %q", text, shown)
		}
		if again := client.Printable(shown, len(shown)); again != shown {
			t.Fatalf("%q is shown as %q, and that as %q", text, shown, again)
		}
	})
}

// What comes before and after a secret does not matter, nor the form that it has.
func FuzzRedaction(f *testing.F) {
	f.Add("Bearer ", ";", uint8(0))
	f.Add(`\\`, `\u0061`, uint8(2))
	f.Add("user:", "==", uint8(3))
	f.Fuzz(func(t *testing.T, before, after string, form uint8) {
		const secret = "Geheim/nis+0123456789"
		encode := []func(string) string{
			func(s string) string { return s }, url.QueryEscape, url.PathEscape, escapeAll,
			func(s string) string { return base64.StdEncoding.EncodeToString([]byte(before + s + after)) },
			func(s string) string { return base64.URLEncoding.EncodeToString([]byte(before + s + after)) },
		}[int(form)%6]
		encoded := encode(secret)
		_, c := clienttest.StartWith(t, func(cfg *client.Config) { cfg.Secrets = []string{secret} },
			clienttest.Reply(400, clienttest.Failure(7001, before+encoded+after)))
		_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
		if err == nil || len(before) < 1000 && strings.Contains(err.Error(), encoded) {
			t.Fatalf("%q is in %v", encoded, err)
		}
	})
}

// No header makes the client wait for long, or not at all after a failure.
func FuzzRateHeaders(f *testing.F) {
	for _, seed := range []string{"", "300", "-1", "1e99", "soon", "Mon, 03 Aug 2026 10:00:00 GMT", `"default";r=0;t=30`, `"a";r=-1;t=,"b";r=5`, `"default";q=1200;w=300`, ";;;=\"", "99999999999999999999"} {
		f.Add(seed, seed, uint8(0))
		f.Add(seed, `"default";r=0;t=30`, uint8(1))
	}
	f.Fuzz(func(t *testing.T, retryAfter, rate string, status uint8) {
		c, waits := clienttest.New(t, "http://api.invalid", clienttest.Retries(2), clienttest.Over(func(r *http.Request) (*http.Response, error) {
			resp := clienttest.HTTPResponse(r, []int{429, 503, 425, 408}[status%4], clienttest.Failure(971, "Please wait"))
			resp.Header.Set("Retry-After", retryAfter)
			resp.Header.Set("Ratelimit", rate)
			resp.Header.Set("X-Ratelimit-Remaining", rate)
			resp.Header.Set("X-Ratelimit-Reset", retryAfter)
			return resp, nil
		}))
		if _, err := gateways.Get(t.Context(), c, clienttest.Account, "demo"); err == nil {
			t.Fatal("no error")
		}
		var total time.Duration
		for _, wait := range waits.All() {
			if wait < 0 || wait > 7*time.Minute {
				t.Fatalf("waited %s", wait)
			}
			total += wait
		}
		if total > time.Hour {
			t.Fatalf("waited %s in all", total)
		}
	})
}

// An id that is accepted leads to nothing else than its object.
func FuzzIDs(f *testing.F) {
	for _, seed := range []string{"demo", "", ".", "..", "../x", "a/b", "a%2fb", "a?b", "a#b", "a b", "\x00", "ä", strings.Repeat("x", 200), "-", "a..b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if client.CheckID("gateway", id) == nil && (url.PathEscape(id) != id || path.Clean("/a/"+id) != "/a/"+id) {
			t.Fatalf("%q is accepted", id)
		}
	})
}
