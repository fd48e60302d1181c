package store

import (
	"maps"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Direct reads and changes the state without the API, as a test does, or a
// colleague in the dashboard. No request is recorded, no fault happens, and
// nothing is validated. Values are as on the wire; Go's own numbers and slices
// are accepted too.
//
// Methods panic for values that JSON cannot carry.
type Direct struct{ store *Store }

// NewDirect returns direct access to a store.
func NewDirect(s *Store) Direct { return Direct{s} }

// Gateway returns a copy of a gateway as it is stored: every setting, secrets in
// the clear, null where null is stored, and is_default, created_at and
// modified_at. Quirks that change responses do not apply. It reports false if
// there is no such gateway.
func (d Direct) Gateway(account, id string) (map[string]any, bool) {
	g, err := d.store.Gateway(account, id)
	if err != nil {
		return nil, false
	}
	return g.asStored(), true
}

func (g Gateway) asStored() map[string]any {
	values := g.Settings
	values["is_default"] = g.ID == DefaultGatewayID
	values["created_at"] = wire.FormatTime(g.Created)
	values["modified_at"] = wire.FormatTime(g.Modified)
	return values
}

// EditGateway lets edit change the stored values of a gateway, and sets
// modified_at. A key that edit deletes is stored as null; id, is_default and names
// that are not settings are ignored, the latter unless [quirk.UnknownFields] is on. It
// reports false, without calling edit, if there is no such gateway.
//
// The server waits while edit runs, so edit must not call it.
func (d Direct) EditGateway(account, id string, edit func(map[string]any)) bool {
	s := d.store
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, id)
	if g == nil {
		return false
	}
	values := g.snapshot().asStored()
	edit(values)
	values = wire.Normalize(values)
	edited := make(map[string]any, len(s.settings))
	for _, f := range s.settings {
		edited[f.Name] = values[f.Name]
	}
	maps.Copy(edited, s.unknown(values))
	edited["id"] = id
	g.values = map[string]any{}
	g.set(edited)
	g.modified = s.Timestamp()
	return true
}

// PutGateway creates or replaces a gateway. Settings that are left out get the
// service's defaults; caching, rate limiting and log classification are off, logs
// are on. The account's gateway limit does not apply. created_at and modified_at
// may be given in RFC 3339. It panics if there is no id.
func (d Direct) PutGateway(account string, settings map[string]any) {
	s := d.store
	given := wire.Normalize(settings)
	id, ok := given["id"].(string)
	if !ok || id == "" {
		panic("emulator: PutGateway: the gateway has no id")
	}
	values := switchedOff()
	for _, f := range s.settings {
		if value, ok := given[f.Name]; ok {
			values[f.Name] = value
		}
	}
	maps.Copy(values, s.unknown(given))
	g := s.newGateway(account, id, values)
	g.created = parseTime(given["created_at"], g.created)
	g.modified = parseTime(given["modified_at"], g.modified)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(account).gateways[id] = g
}

// unknown returns the values that are not settings, if the service stores such.
func (s *Store) unknown(values map[string]any) map[string]any {
	if !s.quirks[quirk.UnknownFields] {
		return nil
	}
	unknown := maps.Clone(values)
	for _, f := range s.settings {
		delete(unknown, f.Name)
	}
	for _, name := range []string{"is_default", "created_at", "modified_at"} {
		delete(unknown, name)
	}
	return unknown
}

// DeleteGateway deletes a gateway with its logs. It reports false if there is no
// such gateway.
func (d Direct) DeleteGateway(account, id string) bool {
	_, err := d.store.DeleteGateway(account, id)
	return err == nil
}

// GatewayIDs returns the ids of an account's gateways, sorted.
func (d Direct) GatewayIDs(account string) []string {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	return slices.Sorted(maps.Keys(d.store.account(account).gateways))
}

// parseTime parses a time in RFC 3339, or returns fallback.
func parseTime(v any, fallback time.Time) time.Time {
	text, _ := v.(string)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t
	}
	return fallback
}

// SetCreditBalance sets the credit balance of an account, which is 25 at first and
// which requests do not reduce. At 0 and below, Unified Billing pays for nothing.
func (d Direct) SetCreditBalance(account string, balance float64) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	c := &d.store.account(account).credit
	c.set, c.balance = true, balance
}

// SetToppedUp sets whether an account has ever topped up its credit, as it has at
// first. Without that it has no balance to read and none to spend.
func (d Direct) SetToppedUp(account string, done bool) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	d.store.account(account).credit.neverToppedUp = !done
}
