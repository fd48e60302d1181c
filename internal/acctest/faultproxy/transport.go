package faultproxy

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
)

// Transport returns a transport that sends requests to a handler in this
// process, as a connection would: bodies arrive while they are written, gzip is
// removed, and http.ErrAbortHandler breaks the connection.
func Transport(handler http.Handler) http.RoundTripper { return transport{handler} }

type transport struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	reader, writer := io.Pipe()
	w := &pipe{PipeWriter: writer, header: http.Header{}, started: make(chan struct{})}
	served := r.Clone(ctx)
	served.RequestURI = r.URL.RequestURI()
	if served.Body == nil {
		served.Body = http.NoBody
	}
	go func() {
		defer func() {
			err := io.EOF
			if cause := recover(); cause != nil {
				err = io.ErrUnexpectedEOF
				if aborted, ok := cause.(error); !ok || !errors.Is(aborted, http.ErrAbortHandler) {
					panic(cause)
				}
			} else {
				w.WriteHeader(http.StatusOK)
			}
			w.end(err)
		}()
		t.handler.ServeHTTP(w, served)
	}()
	select {
	case <-w.started:
	case <-ctx.Done():
		cancel()
		_ = reader.CloseWithError(ctx.Err())
		return nil, r.Context().Err()
	}
	if w.status == 0 {
		cancel()
		if w.refused {
			return nil, dialError()
		}
		return nil, io.EOF
	}
	context.AfterFunc(ctx, func() { _ = reader.CloseWithError(context.Canceled) })
	resp := &http.Response{
		StatusCode: w.status, Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, ContentLength: -1, Request: r, Body: &body{Reader: reader, close: func() { cancel(); _ = reader.Close() }},
	}
	if resp.Header.Get("Content-Encoding") == "gzip" && r.Header.Get("Accept-Encoding") == "" {
		resp.Header.Del("Content-Encoding")
		resp.Body = &body{Reader: &gunzip{from: reader}, close: func() { cancel(); _ = reader.Close() }}
	}
	return resp, nil
}

// dialError returns what a connection that is refused fails with.
func dialError() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// A pipe is the response that a handler writes and a client reads.
type pipe struct {
	*io.PipeWriter
	header, sent http.Header
	status       int
	refused      bool
	once         sync.Once
	started      chan struct{}
}

func (p *pipe) Header() http.Header { return p.header }

func (p *pipe) WriteHeader(status int) {
	p.once.Do(func() {
		p.status, p.sent = status, p.header.Clone()
		close(p.started)
	})
}

func (p *pipe) Write(part []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	return p.PipeWriter.Write(part)
}

// Flush implements [http.Flusher]: a pipe keeps nothing back.
func (p *pipe) Flush() { p.WriteHeader(http.StatusOK) }

func (p *pipe) refuse() { p.refused = true }

// end ends the response with an error, io.EOF for a complete one.
func (p *pipe) end(err error) {
	p.once.Do(func() { close(p.started) })
	_ = p.CloseWithError(err)
}

// A body is a response body that ends its handler when it is closed.
type body struct {
	io.Reader
	close func()
}

func (b *body) Close() error {
	b.close()
	return nil
}

// A gunzip reads gzip once somebody reads from it.
type gunzip struct {
	from   io.Reader
	reader *gzip.Reader
}

func (g *gunzip) Read(p []byte) (n int, err error) {
	if g.reader == nil {
		if g.reader, err = gzip.NewReader(g.from); err != nil {
			return 0, err
		}
	}
	return g.reader.Read(p)
}
