package controlplane

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/http"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Error codes of custom providers (documented).
const (
	codeBaseURL        = 1002
	codeSlugTaken      = 1003
	codeCustomNotFound = 1004
)

// respondCustom writes a custom provider, or the error, which has no result
// (documented).
func (a *API) respondCustom(c call, p *store.CustomProvider, err error) {
	switch {
	case err == nil:
		writeResult(c.w, a.renderCustom(p))
	case errors.Is(err, store.ErrBaseURL):
		writeError(c.w, http.StatusBadRequest, wire.Error{
			Code: codeBaseURL, Message: "base_url must be a valid HTTPS URL starting with https://", Path: []any{"body", "base_url"},
		})
	case errors.Is(err, store.ErrSlugTaken):
		writeError(c.w, http.StatusConflict, wire.Error{
			Code: codeSlugTaken, Message: "A custom provider with this slug already exists", Path: []any{"body", "slug"},
		})
	default:
		writeError(c.w, http.StatusNotFound, wire.Error{Code: codeCustomNotFound, Message: "Custom Provider not found"})
	}
}

// createCustomProvider handles POST /custom-providers.
func (a *API) createCustomProvider(c call) {
	values, ok := c.parse(settings.CustomCreateSchema())
	if !ok {
		return
	}
	p, err := a.store.CreateCustomProvider(c.account, values)
	a.respondCustom(c, p, err)
}

// getCustomProvider handles GET /custom-providers/{id}.
func (a *API) getCustomProvider(c call) {
	p, err := a.store.CustomProvider(c.account, c.params["id"])
	a.respondCustom(c, p, err)
}

// editCustomProvider handles PATCH /custom-providers/{id}.
func (a *API) editCustomProvider(c call) {
	values, ok := c.parse(settings.CustomEditSchema(a.store.Quirks()))
	if !ok {
		return
	}
	p, err := a.store.UpdateCustomProvider(c.account, c.params["id"], values)
	a.respondCustom(c, p, err)
}

// deleteCustomProvider handles DELETE /custom-providers/{id}. The result is the provider
// (API documents; the documentation's sample shows less of it).
func (a *API) deleteCustomProvider(c call) {
	p, err := a.store.DeleteCustomProvider(c.account, c.params["id"])
	a.respondCustom(c, p, err)
}

// listCustomProviders handles GET /custom-providers with page, per_page, enable, beta
// and search, which looks into id, name and slug, in order of names (documented).
func (a *API) listCustomProviders(c call) {
	page, ok := c.page()
	if !ok {
		return
	}
	query := c.r.URL.Query()
	search := query.Get("search")
	matches := func(p *store.CustomProvider, name string) bool {
		want := query.Get(name)
		return want == "" || want == fmt.Sprint(p.Values[name] == true)
	}
	var found []*store.CustomProvider
	for _, p := range a.store.CustomProviders(c.account) {
		hit := store.ContainsFold(p.ID, search) || store.ContainsFold(p.Text("name"), search) ||
			store.ContainsFold(p.Text("slug"), search)
		if hit && matches(p, "enable") && matches(p, "beta") {
			found = append(found, p)
		}
	}
	shown, info := pageOf(found, page)
	info.TotalPages = info.pages()
	writeList(c.w, renderAll(shown, a.renderCustom), info)
}

// CustomProviders returns copies of an account's custom providers in order of
// names, as responses show them.
func (a *API) CustomProviders(account string) []map[string]any {
	var out []map[string]any
	for _, p := range a.store.CustomProviders(account) {
		out = append(out, a.renderCustom(p).Map())
	}
	return out
}

func (a *API) renderCustom(p *store.CustomProvider) *wire.Object {
	out := &wire.Object{}
	out.Set("id", p.ID)
	if a.store.Has(quirk.ExtraFields) {
		out.Set("account_id", p.Account)
		out.Set("account_tag", p.Account)
	}
	for _, f := range settings.CustomFields() {
		if !f.Newer || !a.store.Has(quirk.CustomProviderHidesHeaders) {
			out.Set(f.Name, p.Values[f.Name])
		}
	}
	out.Set("logo", logo(p.Text("name")))
	out.Set("created_at", a.renderCustomTime(p.Created))
	out.Set("modified_at", a.renderCustomTime(p.Modified))
	return out
}

func (a *API) renderCustomTime(t time.Time) any {
	if a.store.Has(quirk.CustomProviderUnixTimes) {
		return t.Unix()
	}
	return wire.FormatTime(t)
}

// logo returns the picture that the service draws itself, as SVG in base64
// (documented). Its content is the emulator's own.
func logo(name string) string {
	letter := ""
	for _, first := range name {
		letter = html.EscapeString(string(first))
		break
	}
	return base64.StdEncoding.EncodeToString([]byte(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><text x="6" y="18">` + letter + `</text></svg>`))
}
