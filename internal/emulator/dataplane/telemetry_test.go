package dataplane

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// recorder responds to every request and records the URLs.
type recorder struct {
	mu   sync.Mutex
	urls []string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.urls = append(r.urls, req.URL.String())
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("")), Request: req}, nil
}

// TestExportTargets shows that spans for other machines are never sent, not even to a
// dialer that would refuse.
func TestExportTargets(t *testing.T) {
	local := []string{"http://127.0.0.1:4318/v1/traces", "https://[::1]/", "http://LOCALHOST:1/"}
	seen := &recorder{}
	p := &Plane{exporter: newExporter()}
	p.exporter.client.Transport = seen
	var e event
	for _, target := range append([]string{
		"http://192.0.2.1/v1/traces", "http://collector.example:80/v1/traces", "http://127.0.0.1.example/",
		"ftp://127.0.0.1/", "http://0.0.0.0:1/", "127.0.0.1:4318", ":",
	}, local...) {
		e.req.config.OTel = append(e.req.config.OTel, map[string]any{"url": target})
	}
	p.export(e)
	p.FlushTelemetry()
	slices.Sort(local)
	slices.Sort(seen.urls)
	if !slices.Equal(seen.urls, local) {
		t.Errorf("sent to %q, want %q", seen.urls, local)
	}
}

// TestLoopbackOnly shows that the dialer refuses addresses of other machines.
func TestLoopbackOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "192.0.2.1:80": false, "0.0.0.0:80": false, "nonsense": false,
	} {
		if err := loopbackOnly("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v, want allowed = %v", address, err, want)
		}
	}
}
