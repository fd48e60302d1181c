package store

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// The states of a custom domain. Only the first is documented.
const (
	DomainPending = "pending_dcv"
	DomainActive  = "active"
)

// ErrDomainTaken is the error for a hostname that another gateway, of any account, or
// this one has. The text is inferred from that of gateways.
const ErrDomainTaken RequestError = "Custom domain already exists"

// ErrNoCustomDomain is the error for a custom domain that does not exist.
var ErrNoCustomDomain = errors.New("no such custom domain")

// CustomDomain is a hostname that stands for an account and a gateway. It must not be
// changed; [Direct.ActivateCustomDomain] replaces it.
type CustomDomain struct {
	Account, Gateway  string
	Hostname, ZoneID  string
	MinTLS            string
	Status            string
	CNAMETarget       string
	Created, Modified time.Time
}

// newCustomDomain returns a domain with the values of a request. It is pending, since
// nobody has created the DNS record yet (documented). The CNAME target's form is not
// documented; this one leads nowhere.
func (s *Store) newCustomDomain(account, gateway string, values map[string]any) *CustomDomain {
	now := s.Timestamp()
	d := &CustomDomain{Account: account, Gateway: gateway, Status: DomainPending, MinTLS: "1.0", Created: now, Modified: now}
	d.Hostname, _ = values["domain"].(string)
	d.ZoneID, _ = values["zone_id"].(string)
	if minTLS, ok := values["min_tls"].(string); ok {
		d.MinTLS = minTLS
	}
	d.CNAMETarget = d.Hostname + ".custom-domains.emulator.invalid"
	return d
}

// CreateCustomDomain creates a custom domain. It fails with [ErrNoGateway] or
// [ErrDomainTaken].
func (s *Store) CreateCustomDomain(account, gateway string, values map[string]any) (*CustomDomain, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gateway(account, gateway) == nil {
		return nil, ErrNoGateway
	}
	d := s.newCustomDomain(account, gateway, values)
	if s.domains[d.Hostname] != nil {
		return nil, ErrDomainTaken
	}
	s.domains[d.Hostname] = d
	return d, nil
}

// CustomDomain returns a custom domain of a gateway. It fails with [ErrNoGateway] or
// [ErrNoCustomDomain].
func (s *Store) CustomDomain(account, gateway, hostname string) (*CustomDomain, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.customDomain(account, gateway, hostname)
}

func (s *Store) customDomain(account, gateway, hostname string) (*CustomDomain, error) {
	if s.gateway(account, gateway) == nil {
		return nil, ErrNoGateway
	}
	if d := s.domains[hostname]; d != nil && d.Account == account && d.Gateway == gateway {
		return d, nil
	}
	return nil, ErrNoCustomDomain
}

// CustomDomains returns the custom domains of a gateway in order of creation
// (inferred). It fails with [ErrNoGateway].
func (s *Store) CustomDomains(account, gateway string) ([]*CustomDomain, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gateway(account, gateway) == nil {
		return nil, ErrNoGateway
	}
	return s.domainsOf(account, gateway), nil
}

func (s *Store) domainsOf(account, gateway string) []*CustomDomain {
	var found []*CustomDomain
	for _, d := range s.domains {
		if d.Account == account && d.Gateway == gateway {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b *CustomDomain) int {
		return cmp.Or(a.Created.Compare(b.Created), strings.Compare(a.Hostname, b.Hostname))
	})
	return found
}

// DeleteCustomDomain deletes a custom domain and returns it. It fails with
// [ErrNoGateway] or [ErrNoCustomDomain].
func (s *Store) DeleteCustomDomain(account, gateway, hostname string) (*CustomDomain, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.customDomain(account, gateway, hostname)
	if err != nil {
		return nil, err
	}
	delete(s.domains, hostname)
	return d, nil
}

// removeDomains removes the custom domains of a gateway that is deleted (inferred:
// they are below its path).
func (s *Store) removeDomains(g *gateway) {
	for _, d := range s.domainsOf(g.account, g.id) {
		delete(s.domains, d.Hostname)
	}
}

// DomainOf returns the custom domain of a Host header, or nil.
func (s *Store) DomainOf(host string) *CustomDomain {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.domains[strings.TrimSuffix(host, ".")]
}

// ActivateCustomDomain makes a custom domain active, as the service does once somebody
// has created its DNS record. It reports false if there is no such domain.
func (s *Store) ActivateCustomDomain(hostname string) (*CustomDomain, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.domains[hostname]
	if old == nil {
		return nil, false
	}
	if old.Status == DomainActive {
		return old, true
	}
	d := *old
	d.Status, d.Modified = DomainActive, s.Timestamp()
	s.domains[hostname] = &d
	return &d, true
}
