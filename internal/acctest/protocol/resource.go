package protocol

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A Resource is one resource of a configuration, with what core would keep of
// it between runs.
type Resource struct {
	s        *Server
	typeName string
	schema   *tfprotov6.Schema

	state    tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	private  []byte
	tainted  bool
}

// Resource returns a resource of this type that does not exist yet.
func (s *Server) Resource(typeName string) *Resource {
	s.t.Helper()
	schema, ok := s.schema.ResourceSchemas[typeName]
	if !ok {
		s.t.Fatalf("the provider has no resource %s", typeName)
	}
	return &Resource{s: s, typeName: typeName, schema: schema, state: tftypes.NewValue(schema.ValueType(), nil)}
}

// With returns the same resource under another configuration of the provider.
func (r *Resource) With(s *Server) *Resource {
	moved := *r
	moved.s = s
	return &moved
}

// State returns the state as plain Go, or nil if the resource does not exist.
func (r *Resource) State() map[string]any { return Object(r.s.t, r.state) }

// Exists reports whether the resource is in state.
func (r *Resource) Exists() bool { return !r.state.IsNull() }

// Tainted reports whether the next apply replaces the resource.
func (r *Resource) Tainted() bool { return r.tainted }

// Private returns what the provider keeps with the state for itself.
func (r *Resource) Private() []byte { return r.private }

// Identity returns the resource's identity as plain Go, or nil if it has none.
func (r *Resource) Identity() map[string]any {
	r.s.t.Helper()
	if r.identity == nil || r.identity.IdentityData == nil {
		return nil
	}
	return Object(r.s.t, r.identityValue(r.identity))
}

// ForgetIdentity removes the identity from state, as if the state came from an
// earlier version of the provider or from a CLI that keeps no identities.
func (r *Resource) ForgetIdentity() { r.identity = nil }

// Validate validates a configuration.
func (r *Resource) Validate(config map[string]any) Diagnostics {
	r.s.t.Helper()
	return r.validate(Value(r.s.t, r.schema.ValueType(), config))
}

func (r *Resource) validate(config tftypes.Value) Diagnostics {
	r.s.t.Helper()
	resp, err := r.s.server.ValidateResourceConfig(r.s.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.typeName, Config: r.s.dynamic(config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	must(r.s.t, err)
	return resp.Diagnostics
}

// Refresh reads the resource as core does before a plan.
func (r *Resource) Refresh() Diagnostics {
	t := r.s.t
	t.Helper()
	if r.state.IsNull() {
		return nil
	}
	resp, err := r.s.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName, CurrentState: r.s.dynamic(r.state), Private: r.private, CurrentIdentity: r.identity,
	})
	must(t, err)
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return diags
	}
	former := r.identity
	r.keep(resp.NewState, resp.Private, resp.NewIdentity)
	r.checkState("refresh", former)
	return diags
}

// keep replaces what is in state.
func (r *Resource) keep(state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) {
	r.s.t.Helper()
	r.state, r.private, r.identity = r.s.value(state, r.schema.ValueType()), private, identity
	if r.state.IsNull() {
		r.identity = nil
	}
}

// checkState fails the test if the provider returned a state that core does not
// accept. The former identity may be nil.
func (r *Resource) checkState(operation string, former *tfprotov6.ResourceIdentityData) {
	t := r.s.t
	t.Helper()
	for _, broken := range checkKnown(t, r.state, "") {
		t.Errorf("%s: invalid state after %s: %s", r.typeName, operation, broken)
	}
	for _, broken := range checkWriteOnly(t, r.schema.Block.Attributes, r.state, "") {
		t.Errorf("%s: invalid state after %s: %s", r.typeName, operation, broken)
	}
	if r.state.IsNull() || r.s.identities.IdentitySchemas[r.typeName] == nil {
		return
	}
	if r.identity == nil || r.identity.IdentityData == nil || r.identityValue(r.identity).IsNull() {
		t.Errorf("%s: no identity after %s", r.typeName, operation)
		return
	}
	value := r.identityValue(r.identity)
	for _, broken := range checkKnown(t, value, "") {
		t.Errorf("%s: invalid identity after %s: %s", r.typeName, operation, broken)
	}
	if former != nil && former.IdentityData != nil {
		for _, broken := range checkPromise(t, r.identityValue(former), value, "identity") {
			t.Errorf("%s: the identity changed in %s: %s", r.typeName, operation, broken)
		}
	}
}

func (r *Resource) identityValue(identity *tfprotov6.ResourceIdentityData) tftypes.Value {
	r.s.t.Helper()
	return r.s.value(identity.IdentityData, r.s.identities.IdentitySchemas[r.typeName].ValueType())
}
