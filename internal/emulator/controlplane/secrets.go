package controlplane

import (
	"errors"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// secretsEndpoints returns the endpoints below /accounts/{account}/secrets_store.
func secretsEndpoints() []endpoint {
	type handlers = map[string]func(*API, call)
	return []endpoint{
		{"stores", handlers{http.MethodGet: (*API).listStores, http.MethodPost: (*API).createStore}},
		{"stores/{store}", handlers{http.MethodGet: (*API).getStore, http.MethodDelete: (*API).deleteStore}},
		{"stores/{store}/secrets", handlers{http.MethodGet: (*API).listSecrets, http.MethodPost: (*API).createSecrets}},
		{"stores/{store}/secrets/{secret}", handlers{
			http.MethodGet: (*API).getSecret, http.MethodPatch: (*API).editSecret, http.MethodDelete: (*API).deleteSecret,
		}},
	}
}

// secretsStatus has the status and code of the Secrets Store's errors. Errors that
// are not in it are 400 with code 1001. Codes were observed live, statuses other
// than 404 and 409 are inferred.
var secretsStatus = map[secrets.Error]struct{ status, code int }{
	secrets.ErrStoreNotFound: {http.StatusNotFound, 1001},
	secrets.ErrNotFound:      {http.StatusNotFound, 1001},
	secrets.ErrStoreNotEmpty: {http.StatusConflict, 1003},
	secrets.ErrTooManyStores: {http.StatusBadRequest, 1003},
	secrets.ErrExists:        {http.StatusBadRequest, 1003},
}

// respondSecrets writes the result, or the error, in the envelope of Cloudflare's
// API.
func (c call) respondSecrets(result func() any, err error) {
	if err == nil {
		wire.WriteJSON(c.w, http.StatusOK, wire.EdgeResult(result()))
		return
	}
	var word secrets.Error
	errors.As(err, &word)
	as, ok := secretsStatus[word]
	if !ok {
		as.status, as.code = http.StatusBadRequest, 1001
	}
	wire.WriteEdgeError(c.w, as.status, wire.Error{Code: as.code, Message: string(word)})
}

// withStore calls do with the store of a request.
func (a *API) withStore(c call, do func(*secrets.Store) error) error {
	return a.store.WithSecretsStore(c.account, c.params["store"], do)
}

// respondSecretsPage writes one page of a list.
func (c call) respondSecretsPage(items []*wire.Object, info resultInfo) {
	info.Count, info.TotalPages = len(items), info.pages()
	wire.WriteJSON(c.w, http.StatusOK, struct {
		Success    bool           `json:"success"`
		Errors     []wire.Error   `json:"errors"`
		Messages   []string       `json:"messages"`
		Result     []*wire.Object `json:"result"`
		ResultInfo resultInfo     `json:"result_info"`
	}{true, []wire.Error{}, []string{}, items, info})
}

// listStores handles GET /stores.
func (a *API) listStores(c call) {
	page, problems := parsePage(c.r.URL.Query(), 100)
	if len(problems) > 0 {
		c.respondSecrets(nil, secrets.ErrPage)
		return
	}
	var all []secrets.Info
	a.store.WithSecrets(c.account, func(s *secrets.Account) { all = s.Stores() })
	stores, info := pageOf(all, page)
	c.respondSecretsPage(renderAll(stores, renderStore), info)
}

// createStore handles POST /stores with {"name"}, or, as in an older API document, a
// list of that.
func (a *API) createStore(c call) {
	body := decodeBody(c.body)
	items, isList := body.([]any)
	if !isList {
		items = []any{body}
	}
	if len(items) != 1 {
		c.respondSecrets(nil, secrets.ErrBody)
		return
	}
	in, _ := items[0].(map[string]any)
	name, _ := in["name"].(string)
	var st secrets.Info
	var err error
	a.store.WithSecrets(c.account, func(s *secrets.Account) { st, err = s.Create(name) })
	c.respondSecrets(func() any {
		if isList {
			return []*wire.Object{renderStore(st)}
		}
		return renderStore(st)
	}, err)
}

// getStore handles GET /stores/{id}.
func (a *API) getStore(c call) {
	var info secrets.Info
	err := a.withStore(c, func(st *secrets.Store) error {
		info = st.Info
		return nil
	})
	c.respondSecrets(func() any { return renderStore(info) }, err)
}

// deleteStore handles DELETE /stores/{id} with force (documented).
func (a *API) deleteStore(c call) {
	var st secrets.Info
	var err error
	force := c.r.URL.Query().Get("force") == "true"
	a.store.WithSecrets(c.account, func(s *secrets.Account) { st, err = s.Delete(c.params["store"], force) })
	c.respondSecrets(func() any { return renderStore(st) }, err)
}

// listSecrets handles GET /stores/{id}/secrets with page, per_page and search, which
// looks into names and comments (documented).
func (a *API) listSecrets(c call) {
	query := c.r.URL.Query()
	page, problems := parsePage(query, 100)
	var listed []secrets.Snapshot
	var total int
	if err := a.withStore(c, func(st *secrets.Store) error {
		if len(problems) > 0 {
			return secrets.ErrPage
		}
		listed, total = st.List(query.Get("search"), page.offset(), page.perPage)
		return nil
	}); err != nil {
		c.respondSecrets(nil, err)
		return
	}
	c.respondSecretsPage(renderAll(listed, renderSecret), resultInfo{Page: page.page, PerPage: page.perPage, TotalCount: total})
}

// createSecrets handles POST /stores/{id}/secrets with a list of secrets.
func (a *API) createSecrets(c call) {
	items, _ := decodeBody(c.body).([]any)
	var created []secrets.Snapshot
	err := a.withStore(c, func(st *secrets.Store) (err error) {
		created, err = st.CreateAll(items)
		return err
	})
	c.respondSecrets(func() any { return renderAll(created, renderSecret) }, err)
}

// respondSecret writes the secret that do returns.
func (a *API) respondSecret(c call, do func(*secrets.Store) (secrets.Snapshot, error)) {
	var k secrets.Snapshot
	err := a.withStore(c, func(st *secrets.Store) (err error) {
		k, err = do(st)
		return err
	})
	c.respondSecrets(func() any { return renderSecret(k) }, err)
}

// getSecret handles GET /stores/{id}/secrets/{id}.
func (a *API) getSecret(c call) {
	a.respondSecret(c, func(st *secrets.Store) (secrets.Snapshot, error) { return st.Get(c.params["secret"]) })
}

// editSecret handles PATCH /stores/{id}/secrets/{id} with value, scopes and comment,
// all optional.
func (a *API) editSecret(c call) {
	values, _ := decodeBody(c.body).(map[string]any)
	a.respondSecret(c, func(st *secrets.Store) (secrets.Snapshot, error) { return st.Edit(c.params["secret"], values) })
}

// deleteSecret handles DELETE /stores/{id}/secrets/{id}.
func (a *API) deleteSecret(c call) {
	a.respondSecret(c, func(st *secrets.Store) (secrets.Snapshot, error) { return st.Delete(c.params["secret"]) })
}

func renderStore(st secrets.Info) *wire.Object {
	out := &wire.Object{}
	out.Set("id", st.ID)
	out.Set("name", st.Name)
	out.Set("account_id", st.Account)
	out.Set("created", wire.FormatTime(st.Created))
	out.Set("modified", wire.FormatTime(st.Modified))
	return out
}

// renderSecret returns a secret as responses show it, without its value.
func renderSecret(k secrets.Snapshot) *wire.Object {
	status := "pending"
	if k.Active {
		status = "active"
	}
	out := &wire.Object{}
	out.Set("id", k.ID)
	out.Set("name", k.Name)
	out.Set("comment", k.Comment)
	out.Set("scopes", k.Scopes)
	out.Set("store_id", k.StoreID)
	out.Set("status", status)
	out.Set("created", wire.FormatTime(k.Created))
	out.Set("modified", wire.FormatTime(k.Modified))
	return out
}
