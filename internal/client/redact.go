package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

const (
	// ShortestSecret is the length from which the value of a header is a secret.
	// Shorter values, such as "true", are plain words, and hiding them would
	// make every text unreadable.
	ShortestSecret = 8
	// shortestCredential is the length from which a credential is hidden, which
	// is never a plain word.
	shortestCredential = 4

	redacted = "(sensitive)"
)

type secretsKey struct{}

// WithSecrets returns a context whose requests hide further secrets, besides their
// own: those that the service is known to hold, and might repeat in any response.
func WithSecrets(ctx context.Context, secrets ...string) context.Context {
	if len(secrets) == 0 {
		return ctx
	}
	return context.WithValue(ctx, secretsKey{}, slices.Concat(secretsIn(ctx), secrets))
}

func secretsIn(ctx context.Context) []string {
	secrets, _ := ctx.Value(secretsKey{}).([]string)
	return secrets
}

// Redact returns text of the server without the secrets of the client and of
// the request, also where they are escaped or encoded (see [encodedForms]). It
// does not find a secret that the server splits over several texts, or changes:
// a server that wants to tell a secret can.
func (r *Response) Redact(text string) string {
	if r.redact == nil {
		return text
	}
	return r.redact(text)
}

// printable returns text of the server as an error may quote it.
func (r *Response) printable(text string, limit int) string { return Printable(r.Redact(text), limit) }

// printableError returns err without secrets and without what a terminal would
// obey, which an error may quote from what the server sent.
func (r *Response) printableError(err error) error {
	if text := r.printable(err.Error(), maxText); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// redactor returns a function that replaces secrets in a text for people. The
// secrets come first, in any spelling: a form of a part of one would break the
// whole one up.
func (c *Client) redactor(further []string) func(string) string {
	return func(text string) string {
		secrets := c.hidden(further)
		for _, secret := range secrets {
			text = replaceEscaped(text, secret)
		}
		for _, form := range formsOf(secrets) {
			text = strings.ReplaceAll(text, form, redacted)
		}
		return text
	}
}

// masks returns what to mask in logs: the client's secrets and further ones, in all
// forms.
func (c *Client) masks(further []string) []string {
	if len(further) == 0 {
		return c.forms
	}
	secrets := c.hidden(further)
	return longestFirst(append(formsOf(secrets), secrets...))
}

// hidden returns the client's secrets and further ones, the longest first.
func (c *Client) hidden(further []string) []string {
	if len(further) == 0 {
		return c.secrets
	}
	secrets := append(secretsOf(Config{Secrets: further}), c.secrets...)
	for _, secret := range further {
		if len(secret) >= shortestCredential {
			secrets = append(secrets, secret)
		}
	}
	return longestFirst(secrets)
}

// secretsOf returns the strings to hide: the tokens, the further secrets, and
// what follows a scheme in those, as in "Bearer …". The longest comes first, so
// that no part of one is left over.
func secretsOf(cfg Config) []string {
	secrets := []string{cfg.APIToken, cfg.GatewayToken}
	for _, secret := range cfg.Secrets {
		_, credential, _ := strings.Cut(secret, " ")
		for _, s := range []string{secret, strings.TrimSpace(credential)} {
			if len(s) >= ShortestSecret {
				secrets = append(secrets, s)
			}
		}
	}
	return longestFirst(slices.DeleteFunc(secrets, func(s string) bool { return s == "" }))
}

// formsOf returns the encoded forms of secrets, the longest first.
func formsOf(secrets []string) []string {
	var forms []string
	for _, secret := range secrets {
		forms = append(forms, encodedForms(secret)...)
	}
	return longestFirst(forms)
}

// Quoted returns what a text looks like within quotation marks: Go's, and
// JSON's with and without escaped HTML.
func Quoted(text string) []string {
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
