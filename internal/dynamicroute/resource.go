package dynamicroute

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "aigateway_dynamic_route"

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithMoveState      = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// A Resource manages dynamic routes.
type Resource struct {
	providerdata.Resource
}

// NewResource returns the resource aigateway_dynamic_route.
func NewResource() resource.Resource { return &Resource{} }

// support says which wire formats have dynamic routes.
var support = crud.Support{
	Objects: "Dynamic routes", In: func(c client.Capabilities) bool { return c.Routes },
}

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// ValidateConfig checks the graph.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var entry types.String
	var elements types.Map
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("entry"), &entry)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("elements"), &elements)...)
	if !resp.Diagnostics.HasError() {
		addFindings(checkGraph(ctx, entry, elements), &resp.Diagnostics)
	}
}

// ModifyPlan plans the computed values.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	crud.ModifyPlan(ctx, r.Data, support, req, resp, func(plan, state *model) {
		plan.Model = modelOf(plan.Name)
		if state != nil {
			plan.keep(*state)
		}
		refuseNew(plan.findings(ctx), state.findings(ctx), &resp.Diagnostics)
	})
}

// keep keeps the computed values that no planned request changes. Elements that mean the
// same are equal here: numbers and shares have one spelling, and conditions keep their
// previous JSON string.
func (m *model) keep(state model) {
	sameGraph := m.Entry.Equal(state.Entry) && m.Elements.Equal(state.Elements)
	m.VersionID, m.DeploymentID, m.ModifiedAt = state.VersionID, state.DeploymentID, state.ModifiedAt
	if !sameGraph {
		m.VersionID, m.DeploymentID = types.StringUnknown(), types.StringUnknown()
	}
	if !sameGraph || !m.Name.Equal(state.Name) {
		m.ModifiedAt = timetypes.NewRFC3339Unknown()
	}
}

// Create creates the dynamic route.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	graph := checkedGraph(ctx, plan, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	route, err := routes.Create(ctx, api, accountID, gatewayID, plan.Name.ValueString(), graph)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	if route.Graph != nil && !route.Graph.Same(graph) {
		addNotStored(graph, *route.Graph, &resp.Diagnostics)
	}
	plan.fromAPI(route)
	exists := crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error {
		return routes.Delete(ctx, api, accountID, gatewayID, route.ID)
	})
	if exists {
		remember(ctx, resp.Private, createdVersion{VersionID: route.VersionID, Graph: graph.Fingerprint()}, &resp.Diagnostics)
	}
}

// findings returns the mistakes of the graph, none if there is no model.
func (m *model) findings(ctx context.Context) []finding {
	if m == nil {
		return nil
	}
	return checkGraph(ctx, m.Entry, m.Elements)
}

// checkedGraph returns the graph of a plan. It adds errors if the service could not use it.
// The state is nil for a route that is to be created.
func checkedGraph(ctx context.Context, plan model, state *model, diags *diag.Diagnostics) routes.Graph {
	refuseNew(plan.findings(ctx), state.findings(ctx), diags)
	graph, known := plan.graph()
	if !known {
		diags.AddError("Unknown values in a dynamic route",
			"No request was sent, because some of the route's elements are still unknown. This is a bug in the CLI or in the provider: please "+
				"report it.")
	}
	return graph
}

// addNotStored adds an error if the service stored another graph than it was sent.
func addNotStored(sent, stored routes.Graph, diags *diag.Diagnostics) {
	at, what := path.Root("entry"), "entry"
	for id := range sorted(sent.Elements) {
		if !stored.Elements[id].Same(sent.Elements[id]) {
			at, what = pathOf(id), fmt.Sprintf("element %q", id)
			break
		}
	}
	diags.AddAttributeError(at, "The service stored another graph", fmt.Sprintf(
		"The request succeeded, but the route has another graph: its %s differs, or it has more elements. Write the graph in the way that the "+
			"service stores it. If the service should have accepted this graph, please report it to the provider.", what))
}

// Read updates the state from the service.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return state.read(ctx, api, &resp.Diagnostics)
	})
}

// read updates a model from the service.
func (m *model) read(ctx context.Context, api *client.Client, diags *diag.Diagnostics) error {
	route, err := routes.Get(ctx, api, m.AccountID.ValueString(), m.GatewayID.ValueString(), m.ID.ValueString())
	if err != nil {
		return err
	}
	m.fromAPI(route)
	if ids := unknownElements(route.Graph); len(ids) > 0 {
		diags.AddWarning("Elements that this version of the provider does not know", fmt.Sprintf(
			"The dynamic route %q has elements of types that this version of the provider does not know: %s. They are shown as empty, and the "+
				"next change of the graph removes them. A newer version of the provider may know them.", route.Name, client.Printable(strings.Join(ids, ", "), 500)))
	}
	return nil
}

// Update changes the dynamic route in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	graph := checkedGraph(ctx, plan, &state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// After an error, state has the changes that were made before it.
	done := state
	defer func() { resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &done)...) }()
	if name := plan.Name.ValueString(); name != state.Name.ValueString() {
		if r.rename(ctx, &done, name, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
	}
	if was, known := state.graph(); !known || !was.Same(graph) {
		memory := memory{in: req.Private, out: resp.Private}
		if r.deploy(ctx, &done, graph, memory, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
	}
	done.Entry, done.Elements = plan.Entry, plan.Elements
}

// rename renames the route in place.
func (r *Resource) rename(ctx context.Context, m *model, name string, diags *diag.Diagnostics) {
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.ID.ValueString()
	route, err := routes.Rename(ctx, api, accountID, gatewayID, id, name)
	switch {
	case errors.Is(err, client.ErrAlreadyExists):
		diags.AddAttributeError(path.Root("name"), "Name of another dynamic route", fmt.Sprintf(
			"The dynamic route %q was not renamed to %q, because another route of gateway %q in account %s has this name. Choose another name, or "+
				"rename or delete the other route first. To swap the names of two routes, use a third name and apply twice.",
			m.Name.ValueString(), name, gatewayID, accountID))
		return
	case err != nil:
		diags.Append(diagnostics.FromError(m.Subject("rename"), err)...)
		return
	}
	tflog.Info(ctx, "renamed dynamic route", m.Identity().Fields())
	m.setName(name)
	// Other changes, such as another deployed version, were not planned; the next read
	// shows them.
	m.ModifiedAt = timeOr(convert.Time(route.ModifiedAt), m.ModifiedAt)
}

// Delete deletes the dynamic route.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	crud.Delete(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return routes.Delete(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString())
	})
}
