package dynamicroute

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/rollback"
)

// ResourceType is the resource's name in configurations.
const ResourceType = "aigateway_dynamic_route"

type routeResource struct {
	providerdata.Resource
}

var (
	_ resource.ResourceWithConfigure      = (*routeResource)(nil)
	_ resource.ResourceWithIdentity       = (*routeResource)(nil)
	_ resource.ResourceWithImportState    = (*routeResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*routeResource)(nil)
	_ resource.ResourceWithMoveState      = (*routeResource)(nil)
	_ resource.ResourceWithValidateConfig = (*routeResource)(nil)
)

// NewResource is the resource aigateway_dynamic_route.
func NewResource() resource.Resource { return &routeResource{} }

func (r *routeResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

func (r *routeResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		checkGraph(config.Entry, config.Elements, &resp.Diagnostics)
	}
}

func (r *routeResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	graph := r.checkedGraph(plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	route, err := routes.Create(ctx, api, accountID, gatewayID, plan.Name.ValueString(), graph)
	if err != nil {
		resp.Diagnostics.Append(fromError(subject("create", plan), err)...)
		return
	}
	tflog.Info(ctx, "created dynamic route", map[string]any{"account_id": accountID, "gateway_id": gatewayID, "id": route.ID})
	if route.Graph != nil && !route.Graph.Same(graph) {
		addStoredOther(graph, *route.Graph, &resp.Diagnostics)
		remove := func(ctx context.Context) error { return routes.Delete(ctx, api, accountID, gatewayID, route.ID) }
		if rollback.TakeBack(ctx, "dynamic route", route.Name, remove, &resp.Diagnostics) {
			return
		}
	}
	plan.fromAPI(route)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
	remember(ctx, resp.Private, made{VersionID: route.VersionID, Graph: graph.Fingerprint()}, &resp.Diagnostics)
}

// checkedGraph is a plan's graph, all of which is known by now.
func (r *routeResource) checkedGraph(plan model, diags *diag.Diagnostics) routes.Graph {
	checkGraph(plan.Entry, plan.Elements, diags)
	graph, known := plan.graph()
	if !known {
		diags.AddError("Unknown values in a dynamic route",
			"The route was to be sent before all of its elements were known, so no request was sent. This is a fault of the CLI or of the "+
				"provider: please report it.")
	}
	return graph
}

// addStoredOther is for a service that keeps something else than it was sent.
func addStoredOther(sent, stored routes.Graph, diags *diag.Diagnostics) {
	at, what := path.Root("entry"), "entry"
	for id := range sorted(sent.Elements) {
		if !stored.Elements[id].Same(sent.Elements[id]) {
			at, what = pathOf(id), fmt.Sprintf("element %q", id)
			break
		}
	}
	diags.AddAttributeError(at, "The service stored another graph", fmt.Sprintf(
		"The request succeeded, but the route's graph is not the one that was sent: its %s differs, or there are elements besides. Write the "+
			"graph in the way that the service keeps it. If it should have kept this one, please report it to the provider.", what))
}

func (r *routeResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, gatewayID, id := state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString()
	route, err := routes.Get(ctx, api, accountID, gatewayID, id)
	if errors.Is(err, client.ErrNotFound) {
		tflog.Warn(ctx, "dynamic route is gone: removing it from state",
			map[string]any{"account_id": accountID, "gateway_id": gatewayID, "id": id})
		resp.Diagnostics.Append(identity.Remove(ctx, &resp.State, resp.Identity, state.identity())...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(fromError(subject("read", state), err)...)
		return
	}
	state.fromAPI(route)
	if ids := unknownElements(route.Graph); len(ids) > 0 {
		resp.Diagnostics.AddWarning("Elements that this version of the provider does not know", fmt.Sprintf(
			"The dynamic route %q has elements of types that this version of the provider does not know: %s. They show as empty, and the next "+
				"change of the graph leaves them out. A newer version of the provider may know them.", route.Name, strings.Join(ids, ", ")))
	}
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &state, resp.Identity, state.identity())...)
}

func (r *routeResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	graph := r.checkedGraph(plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// What is done is in state, whatever comes after it.
	done := state
	defer func() {
		resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &done, resp.Identity, done.identity())...)
	}()
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

// rename gives the route another name, in place.
func (r *routeResource) rename(ctx context.Context, m *model, name string, diags *diag.Diagnostics) {
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.ID.ValueString()
	route, err := routes.Rename(ctx, api, accountID, gatewayID, id, name)
	switch {
	case errors.Is(err, client.ErrAlreadyExists):
		diags.AddAttributeError(path.Root("name"), "Name of another dynamic route", fmt.Sprintf(
			"The dynamic route %q cannot be called %q: another route of gateway %q in account %s has this name. Choose another name, or rename or "+
				"delete the other route first. Two routes swap their names by way of a third one, in two applies.",
			m.Name.ValueString(), name, gatewayID, accountID))
		return
	case err != nil:
		diags.Append(fromError(subject("rename", *m), err)...)
		return
	}
	tflog.Info(ctx, "renamed dynamic route", map[string]any{"account_id": accountID, "gateway_id": gatewayID, "id": id})
	m.setName(name)
	// What else changed in the meantime, such as the version in force, is for
	// the next read: the plan has not announced it.
	m.ModifiedAt = timeOr(convert.Time(route.ModifiedAt), m.ModifiedAt)
}

func (r *routeResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, gatewayID, id := state.AccountID.ValueString(), state.GatewayID.ValueString(), state.ID.ValueString()
	if err := routes.Delete(ctx, api, accountID, gatewayID, id); err != nil {
		resp.Diagnostics.Append(fromError(subject("delete", state), err)...)
		return
	}
	tflog.Info(ctx, "deleted dynamic route", map[string]any{"account_id": accountID, "gateway_id": gatewayID, "id": id})
}

// subject is a route as errors speak of it.
func subject(verb string, m model) diagnostics.Subject {
	return diagnostics.Subject{
		Verb: verb, Object: "dynamic route", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(),
		ID: m.Name.ValueString(), ResourceType: ResourceType,
		Attributes: map[string]path.Path{"name": path.Root("name"), "elements": path.Root("elements")},
	}
}

// changing is the subject of a request that may come after others of the same
// change: a new name comes before a new graph, and a version before its
// deployment.
func changing(verb string, m model) diagnostics.Subject {
	s := subject(verb, m)
	s.Partly = true
	return s
}
