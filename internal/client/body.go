package client

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// DefaultMaxBody is the most that is read of any response, in bytes. The bodies
	// of logged requests may be as long.
	DefaultMaxBody = 32 << 20
	// maxObjectBody bounds a response about one object.
	maxObjectBody = 4 << 20
	// MaxListBody bounds one page of a list, which may hold a hundred objects.
	MaxListBody = 16 << 20
	// stallTimeout is how long a body may make no progress.
	stallTimeout = 20 * time.Second
)

var errStalled = &timeoutError{fmt.Sprintf("the response broke off: no byte of its body arrived for %s", stallTimeout)}

// bodyLimit returns how much is read of the response to a request.
func (c *Client) bodyLimit(r Request) int64 {
	limit := r.MaxBody
	if limit == 0 {
		limit = maxObjectBody
	}
	return min(limit, c.maxBody)
}

// readBody reads the body of a response up to limit bytes, counted after
// decompression. It returns as unusable why the body cannot be used although the
// response arrived. It calls stalled if the body makes no progress.
func readBody(resp *http.Response, limit int64, cut bool, clock Clock, stalled func()) (body []byte, unusable, err error) {
	watched := &watchedReader{Reader: resp.Body, clock: clock, stalled: stalled}
	watched.stop = clock.AfterFunc(stallTimeout, stalled)
	body, err = io.ReadAll(io.LimitReader(watched, limit+1))
	watched.stop()
	_ = resp.Body.Close() // an error of it loses nothing
	if err != nil {
		return nil, nil, err
	}
	if cut {
		return body[:min(int64(len(body)), limit)], nil, nil
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("the response body is larger than %s, which no response of the API is; is the base URL right?", size(limit)), nil
	}
	// The transport removes the header when it decompresses what it asked for.
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" && len(body) > 0 {
		return nil, errors.New("the response body has a content encoding that was not asked for; is there a proxy in between?"), nil
	}
	return body, nil, nil
}

func size(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// A watchedReader calls stalled when no byte arrives for a while.
type watchedReader struct {
	io.Reader
	clock   Clock
	stalled func()
	stop    func() bool
}

func (r *watchedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.stop()
		r.stop = r.clock.AfterFunc(stallTimeout, r.stalled)
	}
	return n, err
}
