package secrets

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

const (
	// ScopeAIGateway is the scope of the secrets that gateways may read (documented).
	ScopeAIGateway = "ai_gateway"
	// maxValue is the maximum length of a secret's value in bytes (documented).
	maxValue = 64 << 10
)

// scopes are the scopes that a secret may have (documented).
var scopes = []string{"workers", ScopeAIGateway, "dex", "access", "containers", "websearch"}

// namePattern is the form of a secret's name (observed live: a dot is refused).
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// ValidName reports whether a secret may have a name.
func ValidName(name string) bool { return namePattern.MatchString(name) }

// Secret is a stored secret. Its value never leaves the control plane.
type Secret struct {
	ID, Name, Comment, Value string
	Scopes                   []any
	Created, Modified        time.Time
	// settled secrets are active from the start; reads counts how often one that
	// is not has been read.
	settled bool
	reads   int
}

// Snapshot is a copy of a secret without its value.
type Snapshot struct {
	ID, Name, Comment, StoreID string
	Scopes                     []any
	// Active is false while the secret is pending.
	Active            bool
	Created, Modified time.Time
}

func (st *Store) snapshot(k *Secret) Snapshot {
	scopes, _ := wire.Copy(k.Scopes).([]any)
	return Snapshot{
		ID: k.ID, Name: k.Name, Comment: k.Comment, StoreID: st.ID, Scopes: scopes,
		Active: st.active(k), Created: k.Created, Modified: k.Modified,
	}
}

func (st *Store) newSecret(name, value string, scopes []any) *Secret {
	now := st.config.timestamp()
	return &Secret{ID: newID(), Name: name, Value: value, Scopes: scopes, Created: now, Modified: now}
}

// List returns secrets whose name or comment contains a string, at most limit of them
// from offset on, and their total number. The secrets that it returns have then been
// read once more.
func (st *Store) List(search string, offset, limit int) (page []Snapshot, total int) {
	search = strings.ToLower(search)
	for _, k := range st.secrets {
		if !strings.Contains(strings.ToLower(k.Name), search) && !strings.Contains(strings.ToLower(k.Comment), search) {
			continue
		}
		if total >= offset && len(page) < limit {
			k.reads++
			page = append(page, st.snapshot(k))
		}
		total++
	}
	return page, total
}

// CreateAll creates secrets from the items of a request, all or none (inferred).
func (st *Store) CreateAll(items []any) ([]Snapshot, error) {
	if len(items) == 0 {
		return nil, ErrBody
	}
	var created []*Secret
	for _, item := range items {
		in, _ := item.(map[string]any)
		k, err := st.parse(in)
		if err != nil {
			return nil, err
		}
		sameName := func(other *Secret) bool { return other.Name == k.Name }
		if st.find(sameName) != nil || slices.ContainsFunc(created, sameName) {
			return nil, ErrExists
		}
		created = append(created, k)
	}
	st.secrets = append(st.secrets, created...)
	out := make([]Snapshot, 0, len(created))
	for _, k := range created {
		out = append(out, st.snapshot(k))
	}
	return out, nil
}

// parse returns the secret that an item of a request describes.
func (st *Store) parse(in map[string]any) (*Secret, error) {
	name, _ := in["name"].(string)
	value, _ := in["value"].(string)
	scopes, _ := in["scopes"].([]any)
	switch {
	case name == "":
		return nil, errNameEmpty
	case !ValidName(name):
		return nil, errName
	}
	if err := check(value, scopes); err != nil {
		return nil, err
	}
	k := st.newSecret(name, value, scopes)
	k.Comment, _ = in["comment"].(string)
	return k, nil
}

func check(value string, given []any) error {
	switch {
	case value == "":
		return errEmpty
	case len(value) > maxValue:
		return errTooLarge
	case len(given) == 0:
		return errScopesEmpty
	}
	for _, scope := range given {
		if name, ok := scope.(string); !ok || !slices.Contains(scopes, name) {
			return errScope
		}
	}
	return nil
}

// change calls do for a secret and returns the secret afterwards. It fails with
// [ErrNotFound] or the error of do.
func (st *Store) change(id string, do func(*Secret) error) (Snapshot, error) {
	k := st.ByID(id)
	if k == nil {
		return Snapshot{}, ErrNotFound
	}
	if err := do(k); err != nil {
		return Snapshot{}, err
	}
	return st.snapshot(k), nil
}

// Get reads a secret.
func (st *Store) Get(id string) (Snapshot, error) {
	return st.change(id, func(k *Secret) error {
		k.reads++
		return nil
	})
}

// Edit changes value, scopes and comment of a secret, each if values has it. Nil values
// are an invalid body. The secret stays active (inferred: keys are rotated without
// downtime).
func (st *Store) Edit(id string, values map[string]any) (Snapshot, error) {
	return st.change(id, func(k *Secret) error {
		if values == nil {
			return ErrBody
		}
		value, scopes, comment := k.Value, k.Scopes, k.Comment
		if given, present := values["value"]; present {
			value, _ = given.(string)
		}
		if given, present := values["scopes"]; present {
			scopes, _ = given.([]any)
		}
		if given, ok := values["comment"].(string); ok {
			comment = given
		}
		if err := check(value, scopes); err != nil {
			return err
		}
		k.Value, k.Scopes, k.Comment, k.Modified = value, scopes, comment, st.config.timestamp()
		return nil
	})
}

// Delete deletes a secret and returns it. Provider configs that refer to it stay, and
// cannot be used any more (observed live).
func (st *Store) Delete(id string) (Snapshot, error) {
	return st.change(id, func(k *Secret) error {
		st.Remove(k.ID)
		return nil
	})
}
