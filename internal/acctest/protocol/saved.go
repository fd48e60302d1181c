package protocol

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Saved is a resource as a state file holds it between runs, perhaps of different
// versions of the provider.
type Saved struct {
	SchemaVersion         int64           `json:"schema_version"`
	Attributes            json.RawMessage `json:"attributes"`
	IdentitySchemaVersion int64           `json:"identity_schema_version"`
	Identity              json.RawMessage `json:"identity"`
	Private               []byte          `json:"private,omitempty"`
}

// Save returns what a state file would hold of the resource.
func (r *Resource) Save() Saved {
	t := r.s.t
	t.Helper()
	attributes, err := json.Marshal(r.State())
	must(t, err)
	identity, err := json.Marshal(r.Identity())
	must(t, err)
	return Saved{
		SchemaVersion: r.schema.Version, Attributes: attributes,
		IdentitySchemaVersion: r.s.identities.IdentitySchemas[r.typeName].Version, Identity: identity,
		Private: r.private,
	}
}

// Load takes over what a state file holds, as core does before a run.
func (r *Resource) Load(saved Saved) Diagnostics {
	t := r.s.t
	t.Helper()
	upgraded, err := r.s.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: r.typeName, Version: saved.SchemaVersion, RawState: &tfprotov6.RawState{JSON: saved.Attributes},
	})
	must(t, err)
	diags := Diagnostics(upgraded.Diagnostics)
	if diags.HasError() {
		return diags
	}
	identity, more := r.upgradeIdentity(saved)
	if more.HasError() {
		return append(diags, more...)
	}
	r.keep(upgraded.UpgradedState, saved.Private, identity)
	return append(diags, more...)
}

// upgradeIdentity returns a saved identity in the present schema. Core asks the
// provider only about identities of other versions.
func (r *Resource) upgradeIdentity(saved Saved) (*tfprotov6.ResourceIdentityData, Diagnostics) {
	t := r.s.t
	t.Helper()
	schema, raw := r.s.identities.IdentitySchemas[r.typeName], &tfprotov6.RawState{JSON: saved.Identity}
	if schema.Version == saved.IdentitySchemaVersion {
		value, err := raw.Unmarshal(schema.ValueType())
		must(t, err)
		return &tfprotov6.ResourceIdentityData{IdentityData: r.s.dynamic(value)}, nil
	}
	resp, err := r.s.server.UpgradeResourceIdentity(t.Context(), &tfprotov6.UpgradeResourceIdentityRequest{
		TypeName: r.typeName, Version: saved.IdentitySchemaVersion, RawIdentity: raw,
	})
	must(t, err)
	return resp.UpgradedIdentity, resp.Diagnostics
}

// SchemaVersion returns the version of the resource's schema.
func (r *Resource) SchemaVersion() int64 { return r.schema.Version }
