package protocol

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Source is a resource in the state that another type of resource, mostly of
// another provider, has left.
type Source struct {
	// Provider is the address of the provider, as "host/namespace/type".
	Provider string
	// Type is the type of the resource.
	Type string
	// Version is the version of its schema.
	Version int64
	// State is the state as JSON has it: a map, or raw JSON.
	State any
}

// Move takes over another type's state, as a moved block does. There is no
// refresh, as none is needed for a plan.
func (r *Resource) Move(source Source) Diagnostics {
	t := r.s.t
	t.Helper()
	raw, err := json.Marshal(source.State)
	must(t, err)
	resp, err := r.s.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: source.Provider,
		SourceTypeName:        source.Type,
		SourceSchemaVersion:   source.Version,
		SourceState:           &tfprotov6.RawState{JSON: raw},
		TargetTypeName:        r.typeName,
	})
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return diags
	}
	r.state, r.private, r.identity = r.s.value(resp.TargetState, r.schema.ValueType()), resp.TargetPrivate, resp.TargetIdentity
	if !r.state.IsFullyKnown() {
		t.Errorf("%s: unknown values after a move: %s", r.typeName, r.state)
	}
	return diags
}
