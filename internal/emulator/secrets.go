package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// DefaultSecretDelay is how long a new secret is pending unless
// Options.SecretDelay says otherwise.
const DefaultSecretDelay = 2 * time.Second

const (
	// defaultStoreName is what the store that every account has is called
	// (observed live).
	defaultStoreName = "default_secrets_store"
	// scopeAIGateway is the scope of the secrets that gateways may read
	// (documented).
	scopeAIGateway = "ai_gateway"
	// settlingReads is how many looks at a pending secret it takes at most until
	// it is active (the emulator's own, for clocks that stand still).
	settlingReads = 2
)

// secretNamePattern is what names of secrets look like (observed live: a dot is
// refused).
var secretNamePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// secretsStore is a store of secrets.
type secretsStore struct {
	id, name          string
	created, modified time.Time
	// secrets are in order of creation.
	secrets []*secret
}

// secret is a stored secret. Its value never leaves the control plane.
type secret struct {
	id, name, comment, value string
	scopes                   []any
	created, modified        time.Time
	// settled secrets are active from the start; reads counts the looks at one
	// that is not.
	settled bool
	reads   int
}

// stores returns the account's stores, which begin with one: accounts were
// observed to have a store called default_secrets_store and to be refused a
// second one. Its id follows from the account's, so that it can be foretold.
// Call it with the lock held.
func (s *Server) stores(id string) *[]*secretsStore {
	a := s.state.account(id)
	if !a.storesMade {
		a.storesMade = true
		now := s.timestamp()
		sum := sha256.Sum256([]byte(defaultStoreName + " " + id))
		a.stores = []*secretsStore{{id: hex.EncodeToString(sum[:16]), name: defaultStoreName, created: now, modified: now}}
	}
	return &a.stores
}

// vault returns a store, or nil. Call it with the lock held.
func (s *Server) vault(account, id string) *secretsStore {
	stores := *s.stores(account)
	i := slices.IndexFunc(stores, func(st *secretsStore) bool { return st.id == id })
	if i < 0 {
		return nil
	}
	return stores[i]
}

// find returns the secret that matches, or nil.
func (st *secretsStore) find(matches func(*secret) bool) *secret {
	if i := slices.IndexFunc(st.secrets, matches); i >= 0 {
		return st.secrets[i]
	}
	return nil
}

func (st *secretsStore) byID(id string) *secret {
	return st.find(func(k *secret) bool { return k.id == id })
}

func (st *secretsStore) byName(name string) *secret {
	return st.find(func(k *secret) bool { return k.name == name })
}

func (st *secretsStore) remove(id string) {
	st.secrets = slices.DeleteFunc(st.secrets, func(k *secret) bool { return k.id == id })
}

// newSecret makes a secret, which is pending at first.
func (s *Server) newSecret(name, value string, scopes []any) *secret {
	now := s.timestamp()
	return &secret{id: newHexID(), name: name, value: value, scopes: scopes, created: now, modified: now}
}

// newHexID is an id as the Secrets Store has them (documented): 32 hexadecimal
// digits.
func newHexID() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }

// active reports whether a secret can be used: once the delay is over, or it has
// been looked at often enough. That secrets are pending at first was observed
// live; for how long is not known.
func (s *Server) active(k *secret) bool {
	switch {
	case k.settled:
		return true
	case s.quirks[SecretStaysPending]:
		return false
	default:
		return k.reads >= settlingReads || !s.clock.Now().Before(k.created.Add(s.secretDelay))
	}
}

// usable looks at a secret for a gateway, which counts, and reports whether there
// is one and the gateway may use it.
func (s *Server) usable(k *secret) bool {
	if k == nil {
		return false
	}
	k.reads++
	return s.active(k) && slices.Contains(k.scopes, any(scopeAIGateway))
}

// secretsStoreRoutes is what is below /accounts/{account}/secrets_store.
func secretsStoreRoutes() []controlRoute {
	return []controlRoute{
		{"stores", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listStores,
			http.MethodPost: (*Server).createStore,
		}},
		{"stores/{store}", map[string]func(*Server, call){
			http.MethodGet:    (*Server).getStore,
			http.MethodDelete: (*Server).deleteStore,
		}},
		{"stores/{store}/secrets", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listSecrets,
			http.MethodPost: (*Server).createSecrets,
		}},
		{"stores/{store}/secrets/{secret}", map[string]func(*Server, call){
			http.MethodGet:    (*Server).getSecret,
			http.MethodPatch:  (*Server).editSecret,
			http.MethodDelete: (*Server).deleteSecret,
		}},
	}
}

// vaultRefusal is an error of the Secrets Store, in the envelope of Cloudflare's API.
// Codes and words were observed live (store_not_empty is documented); a word
// that is not marked as inferred where it is used is one of those. Statuses
// other than 404 and 409 are inferred.
type vaultRefusal struct {
	status, code int
	word         string
}

var (
	errStoreNotFound  = &vaultRefusal{http.StatusNotFound, 1001, "store_not_found"}
	errSecretNotFound = &vaultRefusal{http.StatusNotFound, 1001, "secret_not_found"}
	errStoreNotEmpty  = &vaultRefusal{http.StatusConflict, 1003, "store_not_empty"}
	errManyStores     = &vaultRefusal{http.StatusBadRequest, 1003, "maximum_stores_exceeded"}
	errSecretExists   = &vaultRefusal{http.StatusBadRequest, 1003, "secret_name_already_exists"}
)

func badSecret(word string) *vaultRefusal { return &vaultRefusal{http.StatusBadRequest, 1001, word} }

// vaultPage is a list in the envelope of Cloudflare's API.
type vaultPage struct {
	Success    bool       `json:"success"`
	Errors     []apiError `json:"errors"`
	Messages   []string   `json:"messages"`
	Result     []*ordered `json:"result"`
	ResultInfo resultInfo `json:"result_info"`
}

// answerVault answers with what do makes under the lock.
func (s *Server) answerVault(c call, do func() (any, *vaultRefusal)) {
	result, refused := func() (any, *vaultRefusal) {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		return do()
	}()
	switch page, isPage := result.(vaultPage); {
	case refused != nil:
		writeEdgeError(c.w, refused.status, apiError{Code: refused.code, Message: refused.word})
	case isPage:
		writeJSON(c.w, http.StatusOK, page)
	default:
		writeJSON(c.w, http.StatusOK, edgeResult(result))
	}
}

// withStore is answerVault for the store that the path names.
func (s *Server) withStore(c call, do func(*secretsStore) (any, *vaultRefusal)) {
	s.answerVault(c, func() (any, *vaultRefusal) {
		st := s.vault(c.account, c.params["store"])
		if st == nil {
			return nil, errStoreNotFound
		}
		return do(st)
	})
}

// withSecret is answerVault for the secret that the path names.
func (s *Server) withSecret(c call, do func(*secretsStore, *secret) (any, *vaultRefusal)) {
	s.withStore(c, func(st *secretsStore) (any, *vaultRefusal) {
		k := st.byID(c.params["secret"])
		if k == nil {
			return nil, errSecretNotFound
		}
		return do(st, k)
	})
}

// page is one page of a list; items are only rendered when they are on it.
func page[T any](c call, items []T, render func(T) *ordered) (any, *vaultRefusal) {
	query, problems := parsePage(c.r.URL.Query(), 100)
	if len(problems) > 0 {
		return nil, badSecret("invalid_pagination") // inferred
	}
	shown, info := pageOf(items, query)
	out := vaultPage{Success: true, Errors: []apiError{}, Messages: []string{}, Result: []*ordered{}}
	for _, item := range shown {
		out.Result = append(out.Result, render(item))
	}
	info.Count, info.TotalPages = len(shown), pages(info)
	out.ResultInfo = info
	return out, nil
}

// pages is how many pages a list has.
func pages(info resultInfo) int { return (info.TotalCount + info.PerPage - 1) / info.PerPage }

// listStores is GET /stores.
func (s *Server) listStores(c call) {
	s.answerVault(c, func() (any, *vaultRefusal) {
		return page(c, *s.stores(c.account), func(st *secretsStore) *ordered { return renderStore(st, c.account) })
	})
}

// createStore is POST /stores with {"name"}, or, as an older API document has
// it, a list of that. An account has one store at most (observed live).
func (s *Server) createStore(c call) {
	body := decodeBody(c.body)
	items, many := body.([]any)
	if !many {
		items = []any{body}
	}
	s.answerVault(c, func() (any, *vaultRefusal) {
		stores := s.stores(c.account)
		if len(items) != 1 {
			return nil, badSecret("invalid_json_body")
		}
		in, _ := items[0].(map[string]any)
		name, _ := in["name"].(string)
		if name == "" {
			return nil, badSecret("store_name_empty") // inferred
		}
		if len(*stores) > 0 {
			return nil, errManyStores
		}
		now := s.timestamp()
		made := &secretsStore{id: newHexID(), name: name, created: now, modified: now}
		*stores = append(*stores, made)
		if many {
			return []*ordered{renderStore(made, c.account)}, nil
		}
		return renderStore(made, c.account), nil
	})
}

// getStore is GET /stores/{id}.
func (s *Server) getStore(c call) {
	s.withStore(c, func(st *secretsStore) (any, *vaultRefusal) { return renderStore(st, c.account), nil })
}

// deleteStore is DELETE /stores/{id}; a store with secrets goes only with
// force=true (documented).
func (s *Server) deleteStore(c call) {
	s.withStore(c, func(st *secretsStore) (any, *vaultRefusal) {
		if len(st.secrets) > 0 && c.r.URL.Query().Get("force") != "true" {
			return nil, errStoreNotEmpty
		}
		stores := s.stores(c.account)
		*stores = slices.DeleteFunc(*stores, func(other *secretsStore) bool { return other == st })
		return renderStore(st, c.account), nil
	})
}

func renderStore(st *secretsStore, account string) *ordered {
	out := &ordered{}
	out.set("id", st.id)
	out.set("name", st.name)
	out.set("account_id", account)
	out.set("created", formatTime(st.created))
	out.set("modified", formatTime(st.modified))
	return out
}

// renderSecret shows a secret, never its value.
func (s *Server) renderSecret(st *secretsStore, k *secret) *ordered {
	status := "pending"
	if s.active(k) {
		status = "active"
	}
	out := &ordered{}
	out.set("id", k.id)
	out.set("name", k.name)
	out.set("comment", k.comment)
	out.set("scopes", deepCopy(k.scopes))
	out.set("store_id", st.id)
	out.set("status", status)
	out.set("created", formatTime(k.created))
	out.set("modified", formatTime(k.modified))
	return out
}

// secretName is the name under which a gateway looks for a key (observed live
// and documented).
func secretName(gateway, provider, alias string) string {
	return fmt.Sprintf("%s_%s_%s", gateway, provider, alias)
}
