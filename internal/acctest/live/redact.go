package live

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A redactor removes from text what must not be in a report: exact secrets, the account's
// ID, and whatever looks like an ID of the account's other objects, an e-mail address, an IP
// address or a hostname.
type redactor struct {
	account string
	secrets []string
}

func newRedactor(account string, secrets ...string) *redactor {
	r := &redactor{account: account}
	for _, secret := range secrets {
		r.add(secret)
	}
	return r
}

func (r *redactor) add(secret string) {
	if secret != "" {
		r.secrets = append(r.secrets, secret)
	}
}

// Placeholders have a form that readers and tests recognize.
const (
	hiddenSecret  = "<secret>"
	hiddenAccount = "<account>"
	hiddenID      = "<id>"
	hiddenUUID    = "<uuid>"
	hiddenEmail   = "<e-mail>"
	hiddenAddress = "<IP address>"
	hiddenHost    = "<hostname>"
)

var (
	emailPattern = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	uuidPattern  = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	hexPattern   = regexp.MustCompile(`(?i)\b[0-9a-f]{32,}\b`)
	ipv4Pattern  = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
	// ipv6Pattern needs two groups of digits and a third colon at least, so that times are
	// not addresses.
	ipv6Pattern = regexp.MustCompile(`(?i)\b[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f]{0,4}\b`)
	urlPattern  = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)([^/\s"'<>?#]+)`)
	// hostPattern knows the endings that hostnames of accounts are likely to have. Names
	// such as version.data are no hostnames.
	hostPattern = regexp.MustCompile(`(?i)\b([a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+` +
		`(com|net|org|io|dev|app|ai|co|cloud|tech|xyz|info|biz|me|de|uk|us|eu|fr|nl|ch|at|be|es|it|pl|se|no|dk|fi|cz|jp|cn|in|au|ca|br|ru|internal|local|lan)\b`)
)

// publicHosts are in every report: Cloudflare's own, and those that questions send.
var publicHosts = []string{
	"example.com", "api.cloudflare.com", "gateway.ai.cloudflare.com", "developers.cloudflare.com", "api.openai.com", "github.com",
}

// public reports whether a hostname is in every report.
func public(host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(publicHosts, func(known string) bool { return host == known || strings.HasSuffix(host, "."+known) })
}

// text returns text without what must not be in a report.
func (r *redactor) text(text string) string {
	text = r.exact(text)
	text = emailPattern.ReplaceAllString(text, hiddenEmail)
	text = uuidPattern.ReplaceAllString(text, hiddenUUID)
	text = hexPattern.ReplaceAllString(text, hiddenID)
	text = urlPattern.ReplaceAllStringFunc(text, func(match string) string {
		scheme, host, _ := strings.Cut(match, "://")
		if public(host) {
			return match
		}
		return scheme + "://" + hiddenHost
	})
	text = ipv4Pattern.ReplaceAllString(text, hiddenAddress)
	text = ipv6Pattern.ReplaceAllString(text, hiddenAddress)
	return hostPattern.ReplaceAllStringFunc(text, func(host string) string {
		if public(host) {
			return host
		}
		return hiddenHost
	})
}

// exact removes the secrets and the account's ID.
func (r *redactor) exact(text string) string {
	for _, secret := range r.secrets {
		text = strings.ReplaceAll(text, secret, hiddenSecret)
	}
	if r.account != "" {
		text = strings.ReplaceAll(text, r.account, hiddenAccount)
	}
	return text
}

// value is text for a decoded JSON value, keys included.
func (r *redactor) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.text(v)
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = r.value(inner)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			out[r.text(name)] = r.value(inner)
		}
		return out
	default:
		return v
	}
}

// verify returns an error if a finished report contains a secret or the account's ID.
func (r *redactor) verify(report string) error {
	lower := strings.ToLower(report)
	for i, secret := range append(slices.Clone(r.secrets), r.account) {
		if secret != "" && strings.Contains(lower, strings.ToLower(secret)) {
			return fmt.Errorf("the report contains secret %d of those that were sent, so it is not written; this is a bug", i)
		}
	}
	return nil
}
