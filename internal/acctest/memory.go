package acctest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// EmulateInMemory is like [Emulate] without a network. Requests do not wait for the
// operating system, so that a test can run in a bubble of testing/synctest, in which
// minutes of waiting take no time.
func EmulateInMemory(t testing.TB, options emulator.Options) *Service {
	t.Helper()
	s := newService(t, options)
	s.setURL("http://emulator.invalid")
	s.Transport = memory{s.Emulator}
	return s
}

// memory is a transport that calls a handler.
type memory struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (m memory) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	defer func() {
		if cut := recover(); cut != nil {
			if abort, ok := cut.(error); !ok || !errors.Is(abort, http.ErrAbortHandler) {
				panic(cut)
			}
			resp, err = nil, io.ErrUnexpectedEOF
		}
	}()
	sent := r.Clone(r.Context())
	sent.RequestURI = r.URL.RequestURI()
	if sent.Body == nil {
		sent.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, sent)
	resp = recorder.Result()
	resp.Request = r
	return resp, nil
}
