package emulator

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Error codes of custom providers (documented).
const (
	codeBaseURL         = 1002
	codeSlugTaken       = 1003
	codeCustomNotFound  = 1004
	customPrefix        = "custom-"
	maxCustomHeaders    = 8192
	customNotFoundText  = "Custom Provider not found"
	customBaseURLText   = "base_url must be a valid HTTPS URL starting with https://"
	customSlugTakenText = "A custom provider with this slug already exists"
)

// slugPattern is what a slug looks like: letters, digits and hyphens
// (documented).
var slugPattern = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// customProvider is a provider that an account has added. It never changes; an
// edit replaces it.
type customProvider struct {
	id string
	// values holds what requests set, in the terms of the wire.
	values            map[string]any
	created, modified time.Time
}

func (p *customProvider) text(name string) string {
	value, _ := p.values[name].(string)
	return value
}

// customField is a field of custom providers.
type customField struct {
	name     string
	schema   schema
	required bool
	// fixed fields cannot be edited under the quirk [CustomProviderPatchIgnores],
	// and are not shown under [CustomProviderHidesHeaders].
	fixed   bool
	initial any
}

// customFields is the table of fields, in the order in which answers show them.
// Names, types, required fields and the defaults of enable and beta are
// documented; that what is not set is null is seen in the documentation's
// samples, and inferred for headers and position. The schemas refuse null.
var customFields = []customField{
	{name: "name", schema: text{min: 1}, required: true},
	{name: "slug", schema: text{min: 1, pattern: slugPattern}, required: true},
	{name: "base_url", schema: text{min: 1}, required: true},
	{name: "description", schema: text{}},
	{name: "enable", schema: boolean{}, initial: false},
	{name: "beta", schema: boolean{}, initial: false},
	{name: "headers", schema: text{max: maxCustomHeaders}, fixed: true},
	{name: "link", schema: text{}},
	{name: "curl_example", schema: text{}},
	{name: "js_example", schema: text{}},
	{name: "position", schema: integer(-noMax, noMax), fixed: true},
}

// customSchema is the body of a create.
func customSchema() object {
	var members object
	for _, f := range customFields {
		members = append(members, member{name: f.name, schema: f.schema, optional: !f.required})
	}
	return members
}

// customEditSchema is the body of an edit, in which nothing is required. That it
// has every field of a create is inferred: the documentation's list lacks
// headers and position, probably because it is older than they are.
func (s *Server) customEditSchema() object {
	var members object
	for _, f := range customFields {
		if !f.fixed || !s.quirks[CustomProviderPatchIgnores] {
			members = append(members, member{name: f.name, schema: f.schema, optional: true})
		}
	}
	return members
}

// customRefusal is an error that only custom providers have.
type customRefusal struct {
	status int
	apiError
}

func customNotFound() *customRefusal {
	return &customRefusal{http.StatusNotFound, apiError{Code: codeCustomNotFound, Message: customNotFoundText}}
}

// answerCustom answers with what do makes, under the lock, of the account's
// custom providers, which are by id. Their errors have no result (documented).
func (s *Server) answerCustom(c call, do func(map[string]*customProvider) (*customProvider, *customRefusal)) {
	result, refused := func() (any, *customRefusal) {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		p, refused := do(s.state.account(c.account).customProviders())
		if refused != nil {
			return nil, refused
		}
		return s.renderCustom(c.account, p), nil
	}()
	if refused != nil {
		writeJSON(c.w, refused.status, struct {
			Success bool       `json:"success"`
			Errors  []apiError `json:"errors"`
		}{false, []apiError{refused.apiError}})
		return
	}
	writeResult(c.w, result)
}

// createCustomProvider is POST /custom-providers.
func (s *Server) createCustomProvider(c call) {
	values, ok := s.parseBody(c, customSchema())
	if !ok {
		return
	}
	s.answerCustom(c, func(all map[string]*customProvider) (*customProvider, *customRefusal) {
		p := s.newCustomProvider(values)
		if refused := checkCustom(all, p, values); refused != nil {
			return nil, refused
		}
		all[p.id] = p
		return p, nil
	})
}

func (s *Server) newCustomProvider(values map[string]any) *customProvider {
	now := s.timestamp()
	p := &customProvider{id: s.ids.next(now), values: map[string]any{}, created: now, modified: now}
	for _, f := range customFields {
		p.values[f.name] = f.initial
	}
	maps.Copy(p.values, values)
	return p
}

// checkCustom looks at what a schema cannot: given is what the request set. The
// service refuses http everywhere (documented), and so does this control plane.
func checkCustom(all map[string]*customProvider, p *customProvider, given map[string]any) *customRefusal {
	if _, ok := given["base_url"]; ok {
		u, err := url.Parse(p.text("base_url"))
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return &customRefusal{http.StatusBadRequest,
				apiError{Code: codeBaseURL, Message: customBaseURLText, Path: []any{"body", "base_url"}}}
		}
	}
	for _, other := range all {
		if other.id != p.id && other.text("slug") == p.text("slug") {
			return &customRefusal{http.StatusConflict,
				apiError{Code: codeSlugTaken, Message: customSlugTakenText, Path: []any{"body", "slug"}}}
		}
	}
	return nil
}

// getCustomProvider is GET /custom-providers/{id}.
func (s *Server) getCustomProvider(c call) {
	s.answerCustom(c, func(all map[string]*customProvider) (*customProvider, *customRefusal) {
		if p, ok := all[c.params["id"]]; ok {
			return p, nil
		}
		return nil, customNotFound()
	})
}

// editCustomProvider is PATCH /custom-providers/{id}: what the body has changes,
// and what is cached of the provider goes (both documented).
func (s *Server) editCustomProvider(c call) {
	values, ok := s.parseBody(c, s.customEditSchema())
	if !ok {
		return
	}
	s.answerCustom(c, func(all map[string]*customProvider) (*customProvider, *customRefusal) {
		old, ok := all[c.params["id"]]
		if !ok {
			return nil, customNotFound()
		}
		p := &customProvider{id: old.id, values: maps.Clone(old.values), created: old.created, modified: s.timestamp()}
		maps.Copy(p.values, values)
		if refused := checkCustom(all, p, values); refused != nil {
			return nil, refused
		}
		all[p.id] = p
		s.forgetAnswers(c.account, old)
		return p, nil
	})
}

// deleteCustomProvider is DELETE /custom-providers/{id}. The result is the
// provider (API documents; the documentation's sample shows less of it).
func (s *Server) deleteCustomProvider(c call) {
	s.answerCustom(c, func(all map[string]*customProvider) (*customProvider, *customRefusal) {
		p, ok := all[c.params["id"]]
		if !ok {
			return nil, customNotFound()
		}
		delete(all, p.id)
		s.forgetAnswers(c.account, p)
		return p, nil
	})
}

// forgetAnswers drops what caches hold of a custom provider. Call it with the
// lock held.
func (s *Server) forgetAnswers(account string, p *customProvider) {
	for _, g := range s.state.account(account).gateways {
		maps.DeleteFunc(g.cache, func(_ string, entry cacheEntry) bool {
			return entry.answer.provider == customPrefix+p.text("slug")
		})
	}
}

// listCustomProviders is GET /custom-providers with page, per_page, enable, beta
// and search, which looks into id, name and slug, in order of names
// (documented).
func (s *Server) listCustomProviders(c call) {
	query := c.r.URL.Query()
	page, problems := parsePage(query, 100)
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return
	}
	items, info := pageOf(s.findCustomProviders(c.account, query), page)
	info.TotalPages = pages(info)
	writeList(c.w, items, info)
}

func (s *Server) findCustomProviders(account string, query url.Values) []*ordered {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	flagged := func(p *customProvider, name string) bool {
		want := query.Get(name)
		return want == "" || want == fmt.Sprint(p.values[name] == true)
	}
	var found []*ordered
	for _, p := range s.state.account(account).sortedCustom() {
		search := query.Get("search")
		hit := containsFold(p.id, search) || containsFold(p.text("name"), search) || containsFold(p.text("slug"), search)
		if hit && flagged(p, "enable") && flagged(p, "beta") {
			found = append(found, s.renderCustom(account, p))
		}
	}
	return found
}

// customProviders returns the account's custom providers by id.
func (a *account) customProviders() map[string]*customProvider {
	if a.custom == nil {
		a.custom = map[string]*customProvider{}
	}
	return a.custom
}

func (a *account) sortedCustom() []*customProvider {
	return slices.SortedFunc(maps.Values(a.custom), func(p, q *customProvider) int {
		return cmp.Or(strings.Compare(p.text("name"), q.text("name")), strings.Compare(p.id, q.id))
	})
}

func (s *Server) renderCustom(account string, p *customProvider) *ordered {
	out := &ordered{}
	out.set("id", p.id)
	if s.quirks[ExtraFields] {
		out.set("account_id", account)
		out.set("account_tag", account)
	}
	for _, f := range customFields {
		if !f.fixed || !s.quirks[CustomProviderHidesHeaders] {
			out.set(f.name, p.values[f.name])
		}
	}
	out.set("logo", p.logo())
	out.set("created_at", s.renderCustomTime(p.created))
	out.set("modified_at", s.renderCustomTime(p.modified))
	return out
}

func (s *Server) renderCustomTime(t time.Time) any {
	if s.quirks[CustomProviderUnixTimes] {
		return t.Unix()
	}
	return formatTime(t)
}

// logo is a picture that the service draws itself, as SVG in base64
// (documented); what is on it is the emulator's own.
func (p *customProvider) logo() string {
	letter := ""
	for _, first := range p.text("name") {
		letter = html.EscapeString(string(first))
		break
	}
	return base64.StdEncoding.EncodeToString([]byte(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><text x="6" y="18">` + letter + `</text></svg>`))
}
