package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

const (
	// HeaderPrefix begins the names of AI Gateway's own headers, in lower case.
	HeaderPrefix = "cf-aig-"
	// HeaderMetadata carries a request's metadata.
	HeaderMetadata = "cf-aig-metadata"

	// HeaderGateway names the gateway on Cloudflare's REST API.
	HeaderGateway = "cf-aig-gateway-id"

	headerToken = "cf-aig-authorization"
)

// ownHeaders are set by the client only: they decide where a request goes, in
// which form and with which credentials.
var ownHeaders = []string{
	headerToken, HeaderGateway, "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
	"keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
}

// CheckHeader returns why a header cannot be added to a chat request, as the end of
// a sentence that begins with the name of the header. It never quotes the value.
func CheckHeader(name, value string) error {
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

// header returns the headers of the request. Later ones win: metadata and options
// of AI Gateway, then the extra headers, then the client's own.
func (req Request) header(c *client.Client, form form) (http.Header, error) {
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
	header.Set("User-Agent", c.UserAgent())
	token := headerToken
	if form.rest {
		// The extra headers may have a provider's key under this name, for requests
		// to a gateway's own endpoint. Here it would replace the token.
		token = "Authorization"
		header.Del(token)
		if req.GatewayID != "" {
			header.Set(HeaderGateway, req.GatewayID)
		}
	}
	if gatewayToken := c.GatewayToken(); gatewayToken != "" {
		header.Set(token, "Bearer "+gatewayToken)
	}
	return header, nil
}

// addHeaders refuses what [CheckHeader] refuses, and names that differ only in case,
// since the winner would be random.
func addHeaders(header http.Header, add map[string]string, override bool) error {
	added := map[string]bool{}
	for name, value := range add {
		if err := CheckHeader(name, value); err != nil {
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

// escapeNonASCII writes JSON in ASCII. Header values have no common encoding beyond
// it.
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

// secrets returns the values of the extra headers that are secrets.
func (req Request) secrets() []string {
	var secrets []string
	for _, value := range req.ExtraHeaders {
		if len(value) >= client.ShortestSecret {
			secrets = append(secrets, value)
		}
	}
	return secrets
}
