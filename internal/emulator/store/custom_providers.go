package store

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
)

// CustomPrefix begins the provider names of custom providers; the slug follows.
const CustomPrefix = "custom-"

// Errors about custom providers.
var (
	ErrNoCustomProvider = errors.New("no such custom provider")
	ErrBaseURL          = errors.New("the base_url is not an HTTPS URL")
	ErrSlugTaken        = errors.New("another custom provider has this slug")
)

// CustomProvider is a provider that an account has added. It must not be changed;
// an edit replaces it.
type CustomProvider struct {
	ID, Account string
	// Values holds a value for every field.
	Values            map[string]any
	Created, Modified time.Time
}

// Text returns a field, "" if it is not a string.
func (p *CustomProvider) Text(name string) string {
	value, _ := p.Values[name].(string)
	return value
}

// providerName returns the provider's name on the data plane.
func (p *CustomProvider) providerName() string { return CustomPrefix + p.Text("slug") }

func (s *Store) newCustomProvider(account string, values map[string]any) *CustomProvider {
	now := s.Timestamp()
	p := &CustomProvider{ID: s.ids.next(now), Account: account, Values: map[string]any{}, Created: now, Modified: now}
	for _, f := range settings.CustomFields() {
		p.Values[f.Name] = f.Default
	}
	maps.Copy(p.Values, values)
	return p
}

// check returns what a schema cannot find: changed is what the request sets. The
// service refuses http everywhere (documented), and so does this control plane.
func (a *account) check(p *CustomProvider, changed map[string]any) error {
	if _, ok := changed["base_url"]; ok {
		u, err := url.Parse(p.Text("base_url"))
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return ErrBaseURL
		}
	}
	for _, other := range a.custom {
		if other.ID != p.ID && other.Text("slug") == p.Text("slug") {
			return ErrSlugTaken
		}
	}
	return nil
}

// CreateCustomProvider creates a custom provider. It fails with [ErrBaseURL] or
// [ErrSlugTaken].
func (s *Store) CreateCustomProvider(account string, values map[string]any) (*CustomProvider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(account)
	p := s.newCustomProvider(account, values)
	if err := a.check(p, values); err != nil {
		return nil, err
	}
	a.custom[p.ID] = p
	return p, nil
}

// CustomProvider returns a custom provider. It fails with [ErrNoCustomProvider].
func (s *Store) CustomProvider(account, id string) (*CustomProvider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.account(account).custom[id]; ok {
		return p, nil
	}
	return nil, ErrNoCustomProvider
}

// UpdateCustomProvider changes a custom provider and drops its cached responses
// (both documented). It fails with [ErrNoCustomProvider], [ErrBaseURL] or
// [ErrSlugTaken].
func (s *Store) UpdateCustomProvider(account, id string, values map[string]any) (*CustomProvider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(account)
	old, ok := a.custom[id]
	if !ok {
		return nil, ErrNoCustomProvider
	}
	p := &CustomProvider{ID: old.ID, Account: account, Values: maps.Clone(old.Values), Created: old.Created, Modified: s.Timestamp()}
	maps.Copy(p.Values, values)
	if err := a.check(p, values); err != nil {
		return nil, err
	}
	a.custom[p.ID] = p
	a.dropCached(old.providerName())
	return p, nil
}

// DeleteCustomProvider deletes a custom provider and returns it. It fails with
// [ErrNoCustomProvider].
func (s *Store) DeleteCustomProvider(account, id string) (*CustomProvider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(account)
	p, ok := a.custom[id]
	if !ok {
		return nil, ErrNoCustomProvider
	}
	delete(a.custom, id)
	a.dropCached(p.providerName())
	return p, nil
}

// CustomProviders returns the custom providers of an account in order of names.
func (s *Store) CustomProviders(account string) []*CustomProvider {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(account).customByName()
}

func (a *account) customByName() []*CustomProvider {
	return slices.SortedFunc(maps.Values(a.custom), func(p, q *CustomProvider) int {
		return cmp.Or(strings.Compare(p.Text("name"), q.Text("name")), strings.Compare(p.ID, q.ID))
	})
}

// EnabledCustomProvider returns the enabled custom provider that has a slug, or
// nil.
func (s *Store) EnabledCustomProvider(account, slug string) *CustomProvider {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.account(account).custom {
		if p.Text("slug") == slug && p.Values["enable"] == true {
			return p
		}
	}
	return nil
}
