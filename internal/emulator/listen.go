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

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// shutdownGrace is how long Close waits for responses that are being sent.
const shutdownGrace = 5 * time.Second

// Running is an emulator that listens on an address.
type Running struct {
	// URL is its address, for example http://127.0.0.1:8787, without a trailing
	// slash.
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
// 127.0.0.1, not all interfaces: an emulator is not meant for a network. It fails
// with the errors of [New] and of listening.
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
	if r.local {
		server.page.Open()
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

// reachable returns the address at which a client on this machine reaches a
// listener, also if it listens on all interfaces.
func reachable(addr *net.TCPAddr) string {
	if addr.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(addr.Port))
	}
	return addr.String()
}

// ControlPlaneURL returns the base URL of the control plane, what
// https://api.cloudflare.com/client/v4 is for the service.
func (r *Running) ControlPlaneURL() string { return r.URL + wire.ControlPrefix }

// DataPlaneURL returns the base URL of the data plane, what
// https://gateway.ai.cloudflare.com/v1 is for the service.
func (r *Running) DataPlaneURL() string { return r.URL + wire.DataPrefix }

// Local reports whether only this machine can reach the emulator.
func (r *Running) Local() bool { return r.local }

// Wait waits until the emulator has stopped. It returns the reason, or nil if the
// emulator was told to stop.
func (r *Running) Wait() error {
	<-r.served
	return r.serveErr
}

// Shutdown stops the emulator: it accepts no more requests, and those that are running may
// go on until ctx ends. Then their connections are cut. It fails with the errors of
// [Running.Close].
func (r *Running) Shutdown(ctx context.Context) error {
	var err error
	if r.http.Shutdown(ctx) != nil {
		err = r.http.Close()
	}
	return errors.Join(err, r.Close())
}

// Close stops the emulator. Models and faults that wait end at once; responses and
// OpenTelemetry spans that are being sent get a few seconds. Close may be called more
// than once.
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
