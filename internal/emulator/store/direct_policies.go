package store

import (
	"fmt"
	"maps"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// StoredPolicy is a policy as it is stored, in the form of its API.
type StoredPolicy = map[string]any

// Policies returns copies of the policies in force, with their ids, in order of
// creation. It returns none if there is no such gateway.
func (d Direct) Policies(account, gateway string) []StoredPolicy {
	return d.policies(account, gateway, func(p Policy) map[string]any { return p.Committed })
}

// PolicyDrafts is [Direct.Policies] for drafts.
func (d Direct) PolicyDrafts(account, gateway string) []StoredPolicy {
	return d.policies(account, gateway, func(p Policy) map[string]any { return p.Draft })
}

func (d Direct) policies(account, gateway string, part func(Policy) map[string]any) []StoredPolicy {
	all, _ := d.store.Policies(account, gateway) // without a gateway, none
	var out []StoredPolicy
	for _, policy := range all {
		if values := part(policy); values != nil {
			stored, _ := wire.Copy(values).(map[string]any)
			stored["id"] = policy.ID
			out = append(out, stored)
		}
	}
	return out
}

// PutPolicy creates a policy, puts it in force, and returns its id. It panics if there is
// no such gateway.
func (d Direct) PutPolicy(account, gateway string, rule StoredPolicy) string {
	s := d.store
	now := s.Timestamp()
	policy := &Policy{ID: s.NewID(), Committed: wire.Normalize(rule), Created: now, Updated: now}
	if err := s.changePolicies(account, gateway, func(set *policySet) error {
		set.all = append(set.all, policy)
		return nil
	}); err != nil {
		panic(fmt.Sprintf("emulator: PutPolicy: account %s has no gateway %q", account, gateway))
	}
	return policy.ID
}

// PutPolicyDraft saves a draft: a change of fields of a policy, or with an empty id a new
// policy. It returns the id. It panics if there is no such gateway or policy.
func (d Direct) PutPolicyDraft(account, gateway, id string, rule StoredPolicy) string {
	values := maps.Clone(wire.Normalize(rule))
	var err error
	var policy Policy
	if id == "" {
		policy, err = d.store.CreatePolicy(account, gateway, values, false)
	} else {
		policy, err = d.store.ChangePolicy(account, gateway, id, values, false)
	}
	if err != nil {
		panic(fmt.Sprintf("emulator: PutPolicyDraft: gateway %q, policy %q: %v", gateway, id, err))
	}
	return policy.ID
}

// DeletePolicy deletes a policy with its draft. It reports false if there is no such
// policy.
func (d Direct) DeletePolicy(account, gateway, id string) bool {
	return d.store.DeletePolicy(account, gateway, id) == nil
}

// CommitPolicies puts all drafts of a gateway in force. It panics if there is no such
// gateway.
func (d Direct) CommitPolicies(account, gateway string) {
	if _, err := d.store.CommitPolicies(account, gateway); err != nil {
		panic(fmt.Sprintf("emulator: CommitPolicies: account %s has no gateway %q", account, gateway))
	}
}
