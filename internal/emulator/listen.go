package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// shutdownGrace is how long Close waits for answers under way.
const shutdownGrace = 5 * time.Second

// Running is an emulator that listens.
type Running struct {
	// URL is where it listens, for example http://127.0.0.1:8787, without a
	// slash at the end.
	URL string
	// Server is the emulator itself.
	Server *Server

	local     bool
	http      *http.Server
	cancel    context.CancelFunc
	closeOnce sync.Once
	closeErr  error
	served    chan struct{} // closed when serving has ended
	serveErr  error         // read only after served is closed
}

// Start listens on the TCP address listen and serves until ctx ends or
// [Running.Close] is called. Port 0 takes a free port. An empty host means
// 127.0.0.1, not all interfaces: an emulator is nothing to offer to a network.
// Errors are those of [New] and of listening.
func Start(ctx context.Context, listen string, opts Options) (*Running, error) {
	server, err := New(opts)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("listen address %q: %w", listen, err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}

	addr, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return nil, errors.Join(fmt.Errorf("listen address %q is not a TCP address", listen), listener.Close())
	}
	base, cancel := context.WithCancel(ctx)
	r := &Running{
		URL:    "http://" + reachable(addr),
		Server: server,
		local:  addr.IP.IsLoopback(),
		cancel: cancel,
		served: make(chan struct{}),
		http: &http.Server{
			Handler:           server,
			BaseContext:       func(net.Listener) context.Context { return base },
			ReadHeaderTimeout: 10 * time.Second,
		},
	}
	go func() {
		defer close(r.served)
		if err := r.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			r.serveErr = err
		}
	}()
	context.AfterFunc(base, func() { _ = r.Close() })
	return r, nil
}

// reachable returns the address under which a client on this machine reaches
// a listener, also when that listens on all interfaces.
func reachable(addr *net.TCPAddr) string {
	if addr.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(addr.Port))
	}
	return addr.String()
}

// ControlPlaneURL is the base URL of the control plane, what
// https://api.cloudflare.com/client/v4 is for the service.
func (r *Running) ControlPlaneURL() string { return r.URL + controlPrefix }

// DataPlaneURL is the base URL of the data plane, what
// https://gateway.ai.cloudflare.com/v1 is for the service.
func (r *Running) DataPlaneURL() string { return r.URL + dataPrefix }

// Local reports whether only this machine can reach the emulator.
func (r *Running) Local() bool { return r.local }

// Wait waits until the emulator has stopped and returns why, or nil when it
// was asked to.
func (r *Running) Wait() error {
	<-r.served
	return r.serveErr
}

// Close stops the emulator: waiting models and delays end at once, answers
// under way get a few seconds, and so do OpenTelemetry spans. It may be called more than once.
func (r *Running) Close() error {
	r.closeOnce.Do(func() {
		r.cancel()
		ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		if err := r.http.Shutdown(ctx); err != nil {
			r.closeErr = errors.Join(err, r.http.Close())
		}
		<-r.served
		r.Server.FlushTelemetry()
	})
	return r.closeErr
}
