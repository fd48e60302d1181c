package wire

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// CutConnection ends the connection without a response, or in the middle of one.
func CutConnection() { panic(http.ErrAbortHandler) }

// Sleep waits for d of real time. It reports false if ctx ends first.
func Sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// OnLoopback reports whether a URL leads to this machine.
func OnLoopback(target *url.URL) bool {
	if target.Scheme != "http" && target.Scheme != "https" {
		return false
	}
	if strings.EqualFold(target.Hostname(), "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(target.Hostname())
	return err == nil && addr.IsLoopback()
}
