package identity_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

type object struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

// incomplete is a model without one of the attributes of the state.
type incomplete struct {
	ID types.String `tfsdk:"id"`
}

func identityOf(o object) identity.InAccount {
	return identity.InAccount{AccountID: types.StringValue(account), ID: o.ID}
}

// empty returns a state and an identity without values.
func empty(t *testing.T) (*tfsdk.State, *tfsdk.ResourceIdentity) {
	t.Helper()
	stateSchema := schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true}, "name": schema.StringAttribute{Required: true},
	}}
	identitySchema := identity.InAccountSchema("ID of the object.")
	return &tfsdk.State{Schema: stateSchema, Raw: tftypes.NewValue(stateSchema.Type().TerraformType(t.Context()), nil)},
		&tfsdk.ResourceIdentity{Schema: identitySchema, Raw: tftypes.NewValue(identitySchema.Type().TerraformType(t.Context()), nil)}
}

func TestPublish(t *testing.T) {
	state, resourceIdentity := empty(t)
	want := object{types.StringValue("id-1"), types.StringValue("demo")}
	if diags := identity.Publish(t.Context(), state, &want, resourceIdentity, identityOf(want)); len(diags) > 0 {
		t.Fatal(diags)
	}
	var got object
	var gotIdentity identity.InAccount
	state.Get(t.Context(), &got)
	if diags := resourceIdentity.Get(t.Context(), &gotIdentity); diags.HasError() {
		t.Error(diags)
	}
	if got != want || gotIdentity != identityOf(want) {
		t.Errorf("state %v, identity %v", got, gotIdentity)
	}
}

// The identity is written even if the state cannot be.
func TestPublishErrors(t *testing.T) {
	state, resourceIdentity := empty(t)
	was := object{ID: types.StringValue("id-1")}
	diags := identity.Publish(t.Context(), state, &incomplete{was.ID}, resourceIdentity, identityOf(was))
	if !diags.HasError() {
		t.Error("a state that lacks an attribute is no error")
	}
	var got identity.InAccount
	if resourceIdentity.Get(t.Context(), &got); got != identityOf(was) {
		t.Errorf("identity %v", got)
	}
}

// The code builds the identity value itself, so its type must match the schema for
// all values.
func TestSet(t *testing.T) {
	known, null, unknown := types.StringValue("a"), types.StringNull(), types.StringUnknown()
	for name, test := range map[string]struct {
		schema   identityschema.Schema
		identity identity.Identity
		equal    func(*tfsdk.ResourceIdentity) bool
	}{
		"account": {identity.InAccountSchema(""), identity.InAccount{AccountID: known, ID: null}, func(r *tfsdk.ResourceIdentity) bool {
			var got identity.InAccount
			return !r.Get(t.Context(), &got).HasError() && got == identity.InAccount{AccountID: known, ID: null}
		}},
		"gateway": {
			identity.InGatewaySchema(""), identity.InGateway{AccountID: known, GatewayID: null, ID: unknown},
			func(r *tfsdk.ResourceIdentity) bool {
				var got identity.InGateway
				return !r.Get(t.Context(), &got).HasError() && got == identity.InGateway{AccountID: known, GatewayID: null, ID: unknown}
			},
		},
	} {
		typ := test.schema.Type().TerraformType(t.Context())
		got := &tfsdk.ResourceIdentity{Schema: test.schema, Raw: tftypes.NewValue(typ, nil)}
		if diags := identity.Set(t.Context(), got, test.identity); diags.HasError() {
			t.Errorf("%s: %v", name, diags)
		}
		if !got.Raw.Type().Equal(typ) || !test.equal(got) {
			t.Errorf("%s: %s", name, got.Raw)
		}
	}
}

func TestFields(t *testing.T) {
	a, g, i := types.StringValue("a"), types.StringValue("g"), types.StringValue("i")
	if got := (identity.InAccount{AccountID: a, ID: i}).Fields(); !maps.Equal(got, map[string]any{"account_id": "a", "id": "i"}) {
		t.Error(got)
	}
	got := identity.InGateway{AccountID: a, GatewayID: g, ID: i}.Fields()
	if !maps.Equal(got, map[string]any{"account_id": "a", "gateway_id": "g", "id": "i"}) {
		t.Error(got)
	}
}

func TestRemove(t *testing.T) {
	state, resourceIdentity := empty(t)
	was := object{types.StringValue("id-1"), types.StringValue("demo")}
	if diags := identity.Publish(t.Context(), state, &was, resourceIdentity, identityOf(was)); len(diags) > 0 {
		t.Fatal(diags)
	}
	resourceIdentity.Raw = tftypes.NewValue(resourceIdentity.Raw.Type(), nil) // from a CLI without identities
	if diags := identity.Remove(t.Context(), state, resourceIdentity, identityOf(was)); len(diags) > 0 {
		t.Fatal(diags)
	}
	var got identity.InAccount
	if resourceIdentity.Get(t.Context(), &got); got != identityOf(was) {
		t.Errorf("identity %v", got)
	}
	if !state.Raw.IsNull() {
		t.Errorf("state %s", state.Raw)
	}
}
