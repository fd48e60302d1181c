package dynamicroute_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/dynamicroute"
)

// echo is a provider that only echoes: its resource has the schema of ours
// without what looks at values, and answers with what it is sent. It is what
// the framework itself costs.
type echo struct{}

func (echo) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "echo"
}

func (echo) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (echo) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (echo) DataSources(context.Context) []func() datasource.DataSource                        { return nil }

func (echo) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return echoResource{} }}
}

// echoType is the name of the resource that echoes.
const echoType = "echo_dynamic_route"

type echoResource struct{}

func (echoResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = echoType
}

func (echoResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	var ours resource.SchemaResponse
	dynamicroute.NewResource().Schema(ctx, req, &ours)
	resp.Schema = schema.Schema{Attributes: plainAll(ours.Schema.Attributes)}
}

func (echoResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var err error
	if resp.State.Raw, err = tftypes.Transform(req.Plan.Raw, invent); err != nil {
		resp.Diagnostics.AddError("Unable to echo", err.Error())
	}
}

func (echoResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (echoResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var err error
	if resp.State.Raw, err = tftypes.Transform(req.Plan.Raw, invent); err != nil {
		resp.Diagnostics.AddError("Unable to echo", err.Error())
	}
}

func (echoResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// invent returns a text in place of one that the service would choose.
func invent(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
	if value.IsKnown() {
		return value, nil
	}
	return tftypes.NewValue(value.Type(), "invented"), nil
}

// plainAll returns the same attributes without what looks at their values.
func plainAll(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	all := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		all[name] = plain(attribute)
	}
	return all
}

func plain(attribute schema.Attribute) schema.Attribute {
	switch a := attribute.(type) {
	case schema.StringAttribute:
		a.Validators, a.PlanModifiers, a.CustomType = nil, nil, nil
		return a
	case schema.Int64Attribute:
		a.Validators, a.PlanModifiers = nil, nil
		return a
	case schema.Float64Attribute:
		a.Validators, a.PlanModifiers = nil, nil
		return a
	case schema.MapAttribute:
		a.Validators, a.PlanModifiers = nil, nil
		return a
	case schema.SingleNestedAttribute:
		a.Validators, a.PlanModifiers, a.Attributes = nil, nil, plainAll(a.Attributes)
		return a
	case schema.MapNestedAttribute:
		a.Validators, a.PlanModifiers = nil, nil
		a.NestedObject = schema.NestedAttributeObject{Attributes: plainAll(a.NestedObject.Attributes)}
		return a
	default:
		panic(fmt.Sprintf("the echo does not know %T", a))
	}
}

// newEcho returns a factory of providers that echo.
func newEcho() provider.Provider { return echo{} }

// The echo is a provider as good as ours, where there is no service.
func TestEcho(t *testing.T) {
	t.Parallel()
	ours := service(t).Protocol(t, nil)
	server := protocol.New(t, newEcho, attrs{})
	if got, want := server.Schema().ResourceSchemas[echoType].ValueType(), ours.Schema().ResourceSchemas[resourceType].ValueType(); !got.Equal(want) {
		t.Errorf("the echo's type is %s, ours is %s", got, want)
	}
	r := server.Resource(echoType)
	if action := r.MustApply(support()); action != protocol.Create {
		t.Error(action)
	}
	changed := support()
	changed["name"] = "renamed"
	if action := r.MustApply(changed); action != protocol.Update {
		t.Error(action)
	}
}
