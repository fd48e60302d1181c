package client

import (
	"cmp"
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

// Redact returns text of the server without the secrets of the client and of
// the request.
func (r *Response) Redact(text string) string {
	if r.redact == nil {
		return text
	}
	return r.redact(text)
}

// redactError returns err without secrets, which an error may quote from what
// the server sent.
func (r *Response) redactError(err error) error {
	if text := r.Redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// redactor returns a function that replaces secrets in a text for people.
func (c *Client) redactor(further []string) func(string) string {
	return func(text string) string {
		for _, secret := range c.hidden(further) {
			text = strings.ReplaceAll(text, secret, redacted)
		}
		return text
	}
}

// hidden returns the client's secrets and further ones, the longest first.
func (c *Client) hidden(further []string) []string {
	if len(further) == 0 {
		return c.secrets
	}
	secrets := append(secretsOf(Config{Secrets: further}), c.secrets...)
	for _, secret := range further {
		if len(secret) >= shortestCredential {
			secrets = append(append(secrets, secret), Quoted(secret)...)
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
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	for _, secret := range slices.Clone(secrets) {
		secrets = append(secrets, Quoted(secret)...)
	}
	return longestFirst(secrets)
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
