package clienttest

import (
	"iter"
	"maps"
	"net/http"
	"time"
)

// Paths, relative as for [Server.RequireRequests].
const (
	ConfigsPath         = "/demo/provider_configs"
	CustomProvidersPath = "/ai-gateway/custom-providers"
	FirstPage           = "?page=1&per_page=100"
)

// Changed returns o with some fields changed or added, without those that are
// [Absent].
func Changed(o, change Fields) Fields {
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == Absent })
	return o
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
	for name, response := range Lost {
		if name != "200 bad field" && name != "200 no id" {
			all[name] = response
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

// SecretKey is a provider's key with characters that JSON escapes.
const SecretKey = "sk-\"key-hush-9999-<&>-ä\\"
