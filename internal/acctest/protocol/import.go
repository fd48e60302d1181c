package protocol

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Import brings an existing object into state, as an import block with an id
// does, and reads it.
func (r *Resource) Import(id string) Diagnostics {
	r.s.t.Helper()
	return r.importObject(&tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, ID: id})
}

// ImportIdentity is like [Resource.Import], by identity.
func (r *Resource) ImportIdentity(identity map[string]any) Diagnostics {
	t := r.s.t
	t.Helper()
	value := Value(t, r.s.identities.IdentitySchemas[r.typeName].ValueType(), identity)
	return r.importObject(&tfprotov6.ImportResourceStateRequest{
		TypeName: r.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: r.s.dynamic(value)},
	})
}

func (r *Resource) importObject(req *tfprotov6.ImportResourceStateRequest) Diagnostics {
	t := r.s.t
	t.Helper()
	resp, err := r.s.server.ImportResourceState(t.Context(), req)
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return diags
	}
	if len(resp.ImportedResources) != 1 {
		t.Fatalf("%s: the import returned %d resources", r.typeName, len(resp.ImportedResources))
	}
	imported := resp.ImportedResources[0]
	r.keep(imported.State, imported.Private, imported.Identity)
	if !r.Exists() {
		t.Errorf("%s: the import returned no object", r.typeName)
		return diags
	}
	diags = append(diags, r.Refresh()...)
	if diags.HasError() {
		// Core imports nothing if the read fails.
		r.state, r.private, r.identity = tftypes.NewValue(r.schema.ValueType(), nil), nil, nil
		return diags
	}
	if !r.Exists() {
		diags = append(diags, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Cannot import non-existent remote object",
		})
	}
	return diags
}

// A Source is the state that a resource of another type has left, usually one
// of another provider.
type Source struct {
	// Provider is the address of the provider, as "host/namespace/type".
	Provider string
	// Type is the type of the resource.
	Type string
	// Version is the version of its schema.
	Version int64
	// State is the state as in JSON: a map, or raw JSON.
	State any
}

// Move takes over the state of another type, as a moved block does. It does not
// refresh, because a plan does not need it.
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
	r.keep(resp.TargetState, resp.TargetPrivate, resp.TargetIdentity)
	for _, broken := range append(checkKnown(t, r.state, ""), checkWriteOnly(t, r.schema.Block.Attributes, r.state, "")...) {
		t.Errorf("%s: invalid state after a move: %s", r.typeName, broken)
	}
	return diags
}
