package client_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"Grüße, 世界 😀 a\u00a0b":        "Grüße, 世界 😀 a\u00a0b",
		"\x1b[2K\rApply complete!":    `\u001b[2K\u000dApply complete!`,
		"a\nb\tc\x00":                 `a\nb\u0009c\u0000`,
		"\u009b31m\x7f":               `\u009b31m\u007f`,
		"\u202etxt.exe\u2066\u2069":   `\u202etxt.exe\u2066\u2069`,
		"pass\u200bword\ufeff\u2028":  `pass\u200bword\ufeff\u2028`,
		"\U000e0041":                  `\U000e0041`,
		"\xff\xfe":                    "\ufffd\ufffd",
		strings.Repeat("x", 30):       strings.Repeat("x", 30),
		strings.Repeat("x", 31):       strings.Repeat("x", 30) + "… (1 more bytes)",
		strings.Repeat("x", 29) + "世": strings.Repeat("x", 29) + "… (3 more bytes)",
		strings.Repeat("\a", 1000):    strings.Repeat(`\u0007`, 30) + "… (970 more bytes)",
	} {
		got := client.Printable(text, 30)
		if got != want || !utf8.ValidString(got) {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

// An error quotes little of what a server says, and nothing that a terminal obeys.
func TestErrorsQuoteLittle(t *testing.T) {
	items := make([]any, 100_001)
	for i := range items {
		items[i] = clienttest.Fields{"code": 7000 + i, "message": "no"}
	}
	hostile := "\x1b[2K\x1b[1A\u202eApply complete!\n"
	for name, test := range map[string]struct {
		response clienttest.Handler
		want     []string
	}{
		"many errors":         {clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": items})), []string{"no (code 7000); ", "no (code 7009); and 99991 more errors"}},
		"a long message":      {clienttest.Reply(400, clienttest.Failure(7001, strings.Repeat("x", 1<<20))), []string{"xxx… (1046528 more bytes) (code 7001)"}},
		"two long messages":   {clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{strings.Repeat("x", 1500), strings.Repeat("y", 1500)}})), []string{"xxx; yyy", "yyy… (952 more bytes)"}},
		"a long path":         {clienttest.Reply(400, clienttest.Failure(7001, "no", "body", strings.Repeat("p", 1000))), []string{"at ppp", "ppp… (800 more bytes))"}},
		"a long chain":        {clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{"message": strings.Repeat("x", 1500), "error_chain": []any{strings.Repeat("y", 1500)}}}})), []string{"xxx: yyy", "yyy… (952 more bytes)"}},
		"many in a chain":     {clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{"message": "no", "error_chain": items}}})), []string{"no: no (code 7000); ", "no (code 7009)"}},
		"a hostile chain":     {clienttest.Reply(400, clienttest.Encode(clienttest.Fields{"success": false, "errors": []any{clienttest.Fields{"message": "no", "error_chain": []any{hostile}}}})), []string{`no: \u001b[2K\u001b[1A\u202eApply complete!\n`}},
		"a hostile message":   {clienttest.Reply(400, clienttest.Failure(7001, hostile, "body", hostile)), []string{`\u001b[2K\u001b[1A\u202eApply complete!\n (code 7001, at \u001b[2K`}},
		"a hostile ray":       {clienttest.Reply(400, clienttest.Failure(7001, "no"), "CF-Ray: a\u202eb"+strings.Repeat("r", 1000)), []string{`[CF-Ray a\u202eb`, "rrr… ("}},
		"a hostile value":     {clienttest.GatewayReply("demo", clienttest.Fields{"cache_ttl": hostile}), []string{`cache_ttl: "\x1b[2K\x1b[1A\u202eApply complete!\n" is not a whole number`}},
		"a hostile field":     {clienttest.Reply(200, `{"success":true,"result":{"id":"demo","guardrails":{"prompt":{"\u001b[2K":[]}}}}`), []string{"guardrails.prompt"}},
		"a list for a string": {clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": []any{}})), []string{"id is an array"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.Start(t, test.response)
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			if err == nil {
				t.Fatal("no error")
			}
			text := err.Error()
			clienttest.RequireText(t, text, test.want...)
			if len(text) > 3000 || strings.ContainsFunc(text, unicode.IsControl) || strings.Contains(text, "\u202e") || strings.Contains(text, "json") {
				t.Errorf("%d bytes: %.5000q", len(text), text)
			}
		})
	}
}

// One wrong or huge number in a field that nobody reads does not hide the gateway.
func TestNumbersInUnknownFields(t *testing.T) {
	for _, number := range []string{"1e999", "-1e999", strings.Repeat("9", 400), "0.1e-999"} {
		body := `{"success":true,"result":{"id":"demo","unknown":` + number + `,"guardrails":{"prompt":{"S1":"FLAG"},"unknown":[` + number + `]},` +
			`"spend_limits":{"enabled":true,"rules":[{"id":"a","limit":1,"limitType":"cost","window":60,"unknown":{"n":` + number + `}}]},` +
			`"dlp":{"enabled":true,"policies":[{"id":"p","action":"FLAG","check":[],"enabled":true,"profiles":[],"unknown":` + number + `}]},` +
			`"otel":[{"url":"https://a.example","headers":{},"unknown":` + number + `}],"stripe":{"authorization":"k","usage_events":[{"payload":"","n":` + number + `}]}},` +
			`"unknown":` + number + `}`
		_, c := clienttest.Start(t, clienttest.Reply(200, body))
		gateway, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
		if err != nil || gateway.ID != "demo" || len(gateway.SpendLimits.Rules) != 1 {
			t.Errorf("%.20s: %v", number, err)
		}
		_, c = clienttest.Start(t, clienttest.Reply(200, strings.Replace(body, `"limit":1`, `"limit":`+number, 1)))
		if _, err = gateways.Get(t.Context(), c, clienttest.Account, "demo"); err != nil && strings.Contains(err.Error(), "json") {
			t.Error(err)
		}
	}
}

func TestListThatIsNone(t *testing.T) {
	for name, result := range map[string]string{"object": "{}", "string": `"x"`, "number": "7"} {
		_, c := clienttest.Start(t, clienttest.Reply(200, `{"success":true,"result":`+result+`}`))
		for _, err := range gateways.List(t.Context(), c, clienttest.Account, "") {
			clienttest.RequireError(t, err, client.ErrUnexpectedResponse, "list gateways: HTTP 200 OK: the result is not a list")
			if strings.Contains(err.Error(), "json") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
