package status

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	style string

	page = template.Must(template.New("page").Parse(pageText)) //nolint:gochecknoglobals // parsed once, never changed
)

// A Page serves the status page of an emulator.
type Page struct {
	store   *store.Store
	history *History
	token   string
	// open is set if only this machine can reach the emulator.
	open bool
}

// New returns the page of a store and its last requests. Who wants to see it has to send
// the token.
func New(s *store.Store, history *History, token string) *Page {
	return &Page{store: s, history: history, token: token}
}

// Open shows the page without the token to requests that name this machine in their Host
// header. It is for emulators that only this machine can reach.
func (p *Page) Open() { p.open = true }

// ServeHTTP serves the page to GET and HEAD.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if !p.allowed(r) {
		header.Set("WWW-Authenticate", `Basic realm="AI Gateway emulator", charset="UTF-8"`)
		http.Error(w, "The status page needs the emulator's API token: as the password, with any user name, "+
			"or in the header Authorization: Bearer TOKEN.", http.StatusUnauthorized)
		return
	}
	var body bytes.Buffer
	if err := page.Execute(&body, p.view()); err != nil {
		http.Error(w, "Unable to render the status page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	// The page has no scripts and loads nothing. What it shows was written by others, so
	// the browser is told to keep it so.
	sum := sha256.Sum256([]byte(style))
	header.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "+
		"style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	header.Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes())
	}
}

// allowed reports whether a request may see the page. Any web page can make a browser send
// a request to this machine under a name of its own, so an open page looks at the name.
func (p *Page) allowed(r *http.Request) bool {
	if p.open && namesThisMachine(r.Host) {
		return true
	}
	if _, password, ok := r.BasicAuth(); ok {
		return subtle.ConstantTimeCompare([]byte(password), []byte(p.token)) == 1
	}
	return wire.BearerMatches(r.Header.Get("Authorization"), p.token)
}

func namesThisMachine(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}
