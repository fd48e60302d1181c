package identity_test

import (
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

type itsIdentity struct {
	ID types.String `tfsdk:"id"`
}

// empty are a state and an identity that hold nothing yet.
func empty(t *testing.T) (*tfsdk.State, *tfsdk.ResourceIdentity) {
	t.Helper()
	stateSchema := schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true}, "name": schema.StringAttribute{Required: true},
	}}
	identitySchema := identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true},
	}}
	return &tfsdk.State{Schema: stateSchema, Raw: tftypes.NewValue(stateSchema.Type().TerraformType(t.Context()), nil)},
		&tfsdk.ResourceIdentity{Schema: identitySchema, Raw: tftypes.NewValue(identitySchema.Type().TerraformType(t.Context()), nil)}
}

func TestPublish(t *testing.T) {
	state, resourceIdentity := empty(t)
	want := object{types.StringValue("id-1"), types.StringValue("demo")}
	if diags := identity.Publish(t.Context(), state, &want, resourceIdentity, itsIdentity{want.ID}); len(diags) > 0 {
		t.Fatal(diags)
	}
	var got object
	var gotIdentity itsIdentity
	state.Get(t.Context(), &got)
	resourceIdentity.Get(t.Context(), &gotIdentity)
	if got != want || gotIdentity.ID != want.ID {
		t.Errorf("state %v, identity %v", got, gotIdentity)
	}
}

// What is wrong with either is said, and the other is written all the same.
func TestPublishErrors(t *testing.T) {
	state, resourceIdentity := empty(t)
	diags := identity.Publish(t.Context(), state, &itsIdentity{types.StringValue("id-1")}, resourceIdentity, itsIdentity{types.StringValue("id-1")})
	if !diags.HasError() {
		t.Error("a state that lacks an attribute is no error")
	}
	var got itsIdentity
	if resourceIdentity.Get(t.Context(), &got); got.ID.ValueString() != "id-1" {
		t.Errorf("identity %v", got)
	}
	if diags := identity.Publish(t.Context(), state, &object{}, resourceIdentity, object{}); !diags.HasError() {
		t.Error("an identity with an attribute too many is no error")
	}
}

func TestRemove(t *testing.T) {
	state, resourceIdentity := empty(t)
	was := object{types.StringValue("id-1"), types.StringValue("demo")}
	if diags := identity.Publish(t.Context(), state, &was, resourceIdentity, itsIdentity{was.ID}); len(diags) > 0 {
		t.Fatal(diags)
	}
	resourceIdentity.Raw = tftypes.NewValue(resourceIdentity.Raw.Type(), nil) // of a CLI that keeps none
	if diags := identity.Remove(t.Context(), state, resourceIdentity, itsIdentity{was.ID}); len(diags) > 0 {
		t.Fatal(diags)
	}
	var got itsIdentity
	if resourceIdentity.Get(t.Context(), &got); got.ID != was.ID {
		t.Errorf("identity %v", got)
	}
	if !state.Raw.IsNull() {
		t.Errorf("state %s", state.Raw)
	}
}
