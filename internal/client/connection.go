package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// A connection is what is known of the connection of one request.
type connection struct {
	// asked is whether the transport tells of its connections at all.
	asked atomic.Bool
	// established is whether there was one, so that the request may have been sent.
	established atomic.Bool
}

// watchConnection returns a context for one request, and what will be known of its
// connection.
func watchConnection(ctx context.Context) (context.Context, *connection) {
	c := &connection{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { c.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.established.Store(true) },
	}), c
}

// mayHaveSent reports whether a request that failed with err may have arrived. Only
// a connection that was never established rules that out.
func (c *connection) mayHaveSent(err error) bool {
	if c.asked.Load() {
		return c.established.Load()
	}
	// Proxies have an operation of their own, "proxyconnect".
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return false
	}
	var dns *net.DNSError
	return !errors.As(err, &dns)
}

type proxyFunc func(*http.Request) (*url.URL, error)

// explainProxy names the proxy of a request that got no connection.
func (r *Response) explainProxy(req *http.Request, proxy proxyFunc) {
	const variables = "the environment variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
	switch address, err := proxy(req); {
	case err != nil: // It may quote the password of the proxy.
		r.Err, r.Sent, r.permanent = errors.New("the address of the proxy is invalid; check "+variables), false, true
	case address != nil:
		r.Err = fmt.Errorf("no connection through the proxy %s, which %s choose: %w", address.Host, variables, withoutURL(r.Err))
	}
}
