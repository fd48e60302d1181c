package live

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	const account = "0123456789abcdef0123456789abcdef"
	r := newRedactor(account, "the-token-of-the-run")
	r.add("not-a-key-1")
	for name, test := range map[string]struct{ text, want string }{
		"token":            {"Bearer the-token-of-the-run!", "Bearer <secret>!"},
		"secret":           {`{"x-key":"not-a-key-1"}`, `{"x-key":"<secret>"}`},
		"account":          {"/accounts/" + account + "/ai-gateway", "/accounts/<account>/ai-gateway"},
		"other ID":         {"store 89abcdef0123456789abcdef01234567.", "store <id>."},
		"UUID":             {"id 018f3c2a-1111-7abc-8def-0123456789ab", "id <uuid>"},
		"e-mail":           {"token of jane.doe+x@corp.example.org", "token of <e-mail>"},
		"IPv4":             {"from location: 203.0.113.7", "from location: <IP address>"},
		"IPv6":             {"from 2001:db8:85a3::8a2e:370:7334.", "from <IP address>."},
		"hostname":         {"zone shop.acme-corp.com is", "zone <hostname> is"},
		"URL":              {"https://gw.internal-host/v1/x", "https://<hostname>/v1/x"},
		"public hostname":  {"https://otel.example.com/v1 and gateway.ai.cloudflare.com", "https://otel.example.com/v1 and gateway.ai.cloudflare.com"},
		"looks like one":   {"UNIQUE constraint failed: routes.name, version.data", "UNIQUE constraint failed: routes.name, version.data"},
		"time":             {"2026-11-28T18:13:47.943Z", "2026-11-28T18:13:47.943Z"},
		"name of a run":    {"tf-acc-live-0b906a3d-1", "tf-acc-live-0b906a3d-1"},
		"model":            {"gpt-4.1-mini of @cf/meta/llama-3.3", "gpt-4.1-mini of @cf/meta/llama-3.3"},
		"suffix of public": {"https://evilexample.com/", "https://<hostname>/"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := r.text(test.text); got != test.want {
				t.Errorf("%q became %q, want %q", test.text, got, test.want)
			}
		})
	}
	value := r.value(map[string]any{"not-a-key-1": []any{account, 1.0, nil, true}})
	if got := compact(value); got != `{"<secret>":["<account>",1,null,true]}` {
		t.Errorf("value: %s", got)
	}
}

// A report that would have a secret is refused: this is the last guard.
func TestVerify(t *testing.T) {
	r := newRedactor("0123456789abcdef0123456789abcdef", "the-token-of-the-run")
	r.add("not-a-key-1")
	if err := r.verify("nothing"); err != nil {
		t.Error(err)
	}
	for _, leak := range []string{"x the-token-of-the-run", "not-a-key-1", "0123456789ABCDEF0123456789ABCDEF"} {
		if err := r.verify(leak); err == nil || strings.Contains(err.Error(), leak) {
			t.Errorf("%q: %v", leak, err)
		}
	}
	report := &Report{redact: r, Results: []Result{{Question: Question{Name: "x", Question: "THE-TOKEN-OF-THE-RUN"}, Verdict: AsEmulator}}}
	if text, err := report.Markdown(); err == nil || text != "" {
		t.Errorf("a report with the token is written: %v", err)
	}
	report.Results[0].Question.Name = "the-token-of-the-run"
	if text, err := report.JSON(); err == nil || text != "" {
		t.Errorf("a file with the token is written: %v", err)
	}
}
