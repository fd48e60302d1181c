package client

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// subsystem is the name under which requests are logged, at debug. Neither
// headers nor bodies are: both may carry secrets and prompts.
const subsystem = "http"

// shortestCredential is the length from which a credential is hidden. It is less
// than for values of headers, which may be plain words.
const shortestCredential = 4

// logContext prepares ctx for the log lines of one operation, in which the
// client's secrets are masked wherever they stand.
func (c *Client) logContext(ctx context.Context, extra ...string) context.Context {
	ctx = tflog.NewSubsystem(ctx, subsystem)
	secrets := c.hidden(extra)
	if len(secrets) == 0 {
		return ctx
	}
	ctx = tflog.SubsystemMaskMessageStrings(ctx, subsystem, secrets...)
	return tflog.SubsystemMaskAllFieldValuesStrings(ctx, subsystem, secrets...)
}

// hidden are the client's secrets and further ones, the longest first.
func (c *Client) hidden(extra []string) []string {
	if len(extra) == 0 {
		return c.secrets
	}
	secrets := append(secretsOf(Config{Secrets: extra}), c.secrets...)
	for _, secret := range extra {
		if len(secret) >= shortestCredential {
			secrets = append(append(secrets, secret), quoted(secret)...)
		}
	}
	return longestFirst(secrets)
}

// redactor replaces secrets in a text that is meant for people.
func (c *Client) redactor(extra ...string) func(string) string {
	secrets := c.hidden(extra)
	return func(text string) string {
		for _, secret := range secrets {
			text = strings.ReplaceAll(text, secret, "(sensitive)")
		}
		return text
	}
}

func logAttempt(ctx context.Context, op operation, ex *exchange, took time.Duration) {
	fields := map[string]any{
		"operation":   op.name,
		"method":      ex.method,
		"path":        ex.path,
		"attempt":     ex.attempts,
		"duration_ms": took.Milliseconds(),
	}
	if ex.err != nil {
		fields["error"] = withoutURL(ex.err).Error()
		tflog.SubsystemDebug(ctx, subsystem, "request got no answer", fields)
		return
	}
	fields["status"] = ex.status
	fields["response_bytes"] = len(ex.body)
	if ray := ex.header.Get("CF-Ray"); ray != "" {
		fields["cf_ray"] = ray
	}
	tflog.SubsystemDebug(ctx, subsystem, "request answered", fields)
}

func logRetry(ctx context.Context, op operation, attempt int, pause time.Duration) {
	tflog.SubsystemDebug(ctx, subsystem, "request will be repeated", map[string]any{
		"operation": op.name,
		"attempt":   attempt + 1,
		"pause_ms":  pause.Milliseconds(),
	})
}

// secretsOf are the texts to hide: the tokens, the further secrets, and what
// follows a scheme in those, as in "Bearer …". The longest comes first, so that
// no part of one is left over. Short values of headers, such as "true", are no
// secrets, and hiding them would make every text unreadable.
func secretsOf(cfg Config) []string {
	secrets := []string{cfg.APIToken, cfg.GatewayToken}
	for _, secret := range cfg.Secrets {
		_, credential, _ := strings.Cut(secret, " ")
		for _, s := range []string{secret, strings.TrimSpace(credential)} {
			if len(s) >= shortestSecret {
				secrets = append(secrets, s)
			}
		}
	}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	for _, secret := range slices.Clone(secrets) {
		secrets = append(secrets, quoted(secret)...)
	}
	return longestFirst(secrets)
}

// quoted are the forms of a text within quotation marks: Go's, and JSON's with
// and without care for HTML.
func quoted(text string) []string {
	forms := []string{strconv.Quote(text)}
	for _, html := range []bool{true, false} {
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(html)
		if encoder.Encode(text) == nil {
			forms = append(forms, strings.TrimSuffix(b.String(), "\n"))
		}
	}
	for i, form := range forms {
		forms[i] = form[1 : len(form)-1]
	}
	return forms
}

func longestFirst(secrets []string) []string {
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(secrets)
}
