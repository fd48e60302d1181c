package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
)

const (
	// HeaderPrefix is how AI Gateway's own headers begin, in lower case.
	HeaderPrefix = "cf-aig-"
	// HeaderMetadata carries a request's metadata.
	HeaderMetadata = "cf-aig-metadata"

	// HeaderGateway names the gateway on Cloudflare's REST API.
	HeaderGateway = "cf-aig-gateway-id"

	headerToken = "cf-aig-authorization"

	// shortestSecret is the length in characters from which on a header's value
	// is redacted in answers: "true" and the like are no secrets, and would
	// take words out of the model's text.
	shortestSecret = 8
)

// ownHeaders are those that decide to whom, as what and as whom a request goes
// out. They are the client's alone.
var ownHeaders = []string{
	headerToken, HeaderGateway, "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
	"keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
}

// CheckChatHeader tells why a header cannot be added to a chat request, as the
// end of a sentence that begins with the header's name. It never quotes the
// value.
func CheckChatHeader(name, value string) error {
	switch {
	case !isHeaderName(name):
		return errors.New("has a name that cannot be sent: it must consist of letters, digits, hyphens and underscores")
	case slices.Contains(ownHeaders, strings.ToLower(name)):
		return errors.New("is the provider's own to set")
	case strings.ContainsFunc(value, isControl):
		return errors.New("has a value that cannot be sent: it must be one line without control characters")
	}
	return nil
}

func isHeaderName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// chatHeader puts the request's headers together, the later ones winning:
// metadata and options of AI Gateway, further headers, the client's own.
func (c *Client) chatHeader(req ChatRequest, form chatForm) (http.Header, error) {
	header := http.Header{}
	if len(req.Metadata) > 0 {
		metadata, err := json.Marshal(req.Metadata)
		if err != nil {
			return nil, fmt.Errorf("the metadata cannot be sent: %w", err)
		}
		header.Set(HeaderMetadata, escapeNonASCII(string(metadata)))
	}
	if err := addHeaders(header, req.Headers, false); err != nil {
		return nil, err
	}
	for name := range req.Headers {
		if !strings.HasPrefix(strings.ToLower(name), HeaderPrefix) {
			return nil, fmt.Errorf("the header %q is none of AI Gateway's (%s…), so no request was sent", name, HeaderPrefix)
		}
	}
	if err := addHeaders(header, req.ExtraHeaders, true); err != nil {
		return nil, err
	}
	header.Set("Accept", "application/json")
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", c.userAgent)
	token := headerToken
	if form.rest {
		// The further headers may hold a provider's key under this name, for
		// requests to a gateway's own endpoint. Here it would be the token.
		token = "Authorization"
		header.Del(token)
		if req.GatewayID != "" {
			header.Set(HeaderGateway, req.GatewayID)
		}
	}
	if c.gatewayToken != "" {
		header.Set(token, "Bearer "+c.gatewayToken)
	}
	return header, nil
}

// addHeaders refuses what [CheckChatHeader] refuses and names that differ in
// case alone, since which of them won would be left to chance.
func addHeaders(header http.Header, add map[string]string, override bool) error {
	added := map[string]bool{}
	for name, value := range add {
		if err := CheckChatHeader(name, value); err != nil {
			header := "a header"
			if isHeaderName(name) {
				header = fmt.Sprintf("the header %q", name)
			} // else it may be a whole header in the wrong place, with its secret
			return fmt.Errorf("%s %w, so no request was sent", header, err)
		}
		key := http.CanonicalHeaderKey(name)
		if added[key] || !override && header.Get(key) != "" {
			return fmt.Errorf("the header %q is set twice, so no request was sent", strings.ToLower(name))
		}
		added[key] = true
		header.Set(name, value)
	}
	return nil
}

// escapeNonASCII writes JSON in ASCII. Header values have no agreed encoding
// beyond it.
func escapeNonASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// chatRedactor replaces the secrets that went with a request: the client's,
// the values of the further headers, and what follows a scheme in them, as in
// "Bearer …".
func (c *Client) chatRedactor(req ChatRequest) func(string) string {
	secrets := slices.Clone(c.secrets)
	for _, value := range req.ExtraHeaders {
		secrets = append(secrets, value)
	}
	for _, secret := range secrets {
		if _, credential, ok := strings.Cut(secret, " "); ok {
			secrets = append(secrets, strings.TrimSpace(credential))
		}
	}
	secrets = slices.DeleteFunc(secrets, func(secret string) bool {
		return secret == "" || len(secret) < shortestSecret && secret != c.gatewayToken
	})
	// The longest first, so that no part of one is left over.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(secrets))
	for _, secret := range secrets {
		pairs = append(pairs, secret, "(sensitive)")
	}
	return strings.NewReplacer(pairs...).Replace
}
