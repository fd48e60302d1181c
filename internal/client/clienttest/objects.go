package clienttest

import (
	"iter"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

const (
	AccountPath         = "/client/v4/accounts/" + Account
	ConfigsPath         = "/ai-gateway/gateways/demo/provider_configs"
	CustomProvidersPath = "/ai-gateway/custom-providers"
	FirstPage           = "?page=1&per_page=100"
)

// RequireURIs is [Server.RequireSeen] with paths relative to the account, such as
// "GET /ai-gateway/custom-providers".
func (s *Server) RequireURIs(want ...string) {
	s.t.Helper()
	got := []string{}
	for _, r := range s.Seen() {
		got = append(got, r.Method+" "+strings.TrimPrefix(r.URI, AccountPath))
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		s.t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// Changed returns o with some fields changed or added, without those that are
// [Absent].
func Changed(o, change Fields) Fields {
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == Absent })
	return o
}

// ProviderConfig returns a provider config as the API describes it.
func ProviderConfig(id string, change Fields) Fields {
	return Changed(Fields{
		"id": id, "gateway_id": "demo", "provider_slug": "openai", "alias": "default", "default_config": 1,
		"secret_id": "s-1", "secret_preview": "****cdef", "rate_limit": nil, "rate_limit_period": 60,
		"modified_at": "2026-08-03T10:00:00.000Z",
	}, change)
}

// CustomProvider returns a custom provider as the API describes it.
func CustomProvider(id string, change Fields) Fields {
	return Changed(Fields{
		"id": id, "name": "Mine", "slug": "mine", "base_url": "https://api.mine.example", "description": nil,
		"enable": true, "beta": false, "headers": nil, "logo": "PHN2Zz4=", "link": nil, "curl_example": nil,
		"js_example": nil, "position": nil, "created_at": "2026-08-03T10:00:00.000Z", "modified_at": 1785751200,
	}, change)
}

// SecretsStore returns a Secrets Store as the API describes it.
func SecretsStore(id string, change Fields) Fields {
	return Changed(Fields{
		"id": id, "name": "default", "created": "2026-08-03T10:00:00.000Z", "modified": "2026-08-03T10:00:00.000Z",
	}, change)
}

// Page returns a response with these objects. A total below 0 leaves result_info
// out.
func Page(total int, objects ...Fields) Handler {
	body := Fields{"success": true, "result": append([]Fields{}, objects...)}
	if total >= 0 {
		body["result_info"] = Fields{"count": len(objects), "page": 1, "per_page": 100, "total_count": total}
	}
	return Reply(200, Encode(body))
}

// Collect returns what an iterator yields, up to an error.
func Collect[T any](seq iter.Seq2[*T, error]) ([]*T, error) {
	var all []*T
	for object, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, object)
	}
	return all, nil
}

// ServerTime is the time by the server's clock, which need not be right.
var ServerTime = time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)

// Ago returns a time before [ServerTime].
func Ago(age time.Duration) string { return ServerTime.Add(-age).Format(time.RFC3339Nano) }

// Dated returns a response that tells the server's time.
func Dated(a Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", ServerTime.Format(http.TimeFormat))
		a(w, r)
	}
}

// LostObject is [Lost] for provider configs and custom providers.
func LostObject() map[string]Handler {
	all := map[string]Handler{
		"200 bad field": Reply(200, Envelope(Fields{"id": "id-1", "modified_at": "now"})),
		"200 no id":     Reply(200, Envelope(Fields{"alias": "default"})),
	}
	for name, answer := range Lost {
		if name != "200 bad field" && name != "200 no id" {
			all[name] = answer
		}
	}
	return all
}

// Count returns how many requests had this method.
func (s *Server) Count(method string) int {
	n := 0
	for _, r := range s.Seen() {
		if r.Method == method {
			n++
		}
	}
	return n
}

// CustomProviderInput returns what would create [CustomProvider].
func CustomProviderInput(change ...func(*customproviders.Input)) customproviders.Input {
	i := customproviders.Input{Name: "Mine", Slug: "mine", BaseURL: "https://api.mine.example", Enable: Ptr(true)}
	for _, f := range change {
		f(&i)
	}
	return i
}

// NewProviderConfig returns what would create [ProviderConfig].
func NewProviderConfig(change ...func(*keys.Input)) keys.Input {
	n := keys.Input{Alias: "default", ProviderSlug: "openai", SecretID: "s-1", Default: true}
	for _, f := range change {
		f(&n)
	}
	return n
}

// SecretKey is a provider's key with characters that JSON escapes.
const SecretKey = "sk-\"key-hush-9999-<&>-ä\\"
