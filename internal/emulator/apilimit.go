package emulator

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

const (
	// apiWindow is the window of the limit of Cloudflare's API, and apiBlock how
	// long it then blocks (documented).
	apiWindow = 5 * time.Minute
	apiBlock  = 5 * time.Minute
	// codeBlocked is the code of a blocked request (reported by users).
	codeBlocked = 971
)

// An apiLimit is the limit of Cloudflare's API: so many requests of a user in five
// minutes, and then none for the next five minutes (documented). That a window begins
// with its first request, and the next one after a block, is inferred. The emulator has
// one user.
type apiLimit struct {
	quota int // 0 means no limit

	mu      sync.Mutex
	used    int
	end     time.Time // of the window
	blocked time.Time // until when
}

// admit counts a request and reports whether it may pass. It sets the headers that
// tell what is left.
func (l *apiLimit) admit(w http.ResponseWriter, now time.Time) bool {
	if l.quota <= 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case now.Before(l.blocked):
	case !now.Before(l.end):
		l.used, l.end = 1, now.Add(apiWindow)
	case l.used == l.quota:
		l.blocked = now.Add(apiBlock)
		l.end = l.blocked
	default:
		l.used++
	}
	header := w.Header()
	header.Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=%d`, l.quota-l.used, int(l.end.Sub(now)/time.Second)))
	header.Set("Ratelimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, l.quota, int(apiWindow/time.Second)))
	if wait := l.blocked.Sub(now); wait > 0 {
		header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		return false
	}
	return true
}

func writeBlocked(w http.ResponseWriter) {
	wire.WriteEdgeError(w, http.StatusTooManyRequests,
		wire.Error{Code: codeBlocked, Message: "Please wait and consider throttling your request speed"})
}
