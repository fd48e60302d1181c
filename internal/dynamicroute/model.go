// Package dynamicroute implements dynamic routes: the resource aigateway_dynamic_route and
// the data sources aigateway_dynamic_route and aigateway_dynamic_routes.
package dynamicroute

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// model is the resource's configuration, plan or state.
type model struct {
	AccountID    types.String      `tfsdk:"account_id"`
	GatewayID    types.String      `tfsdk:"gateway_id"`
	Name         types.String      `tfsdk:"name"`
	Entry        types.String      `tfsdk:"entry"`
	Elements     types.Map         `tfsdk:"elements"`
	ID           types.String      `tfsdk:"id"`
	VersionID    types.String      `tfsdk:"version_id"`
	DeploymentID types.String      `tfsdk:"deployment_id"`
	Model        types.String      `tfsdk:"model"`
	CreatedAt    timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt   timetypes.RFC3339 `tfsdk:"modified_at"`
}

// Identity implements [crud.Object].
func (m model) Identity() identity.Identity {
	return identity.InGateway{AccountID: m.AccountID, GatewayID: m.GatewayID, ID: m.ID}
}

// Subject implements [crud.Object].
func (m model) Subject(verb string) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: "dynamic route", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(),
		ID: m.Name.ValueString(), Contents: contents, ResourceType: ResourceType, Attributes: attributePaths,
		ImportHint: "The data source aigateway_dynamic_routes lists the routes of a gateway.",
	}
	if s.ID == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
	}
	return s
}

// contents names routes in errors about a gateway that does not exist.
const contents = "routes"

// attributePaths maps fields of request bodies to attributes.
var attributePaths = map[string]path.Path{"name": path.Root("name"), "elements": path.Root("elements")}

// graph returns the graph of a configuration, plan or state. It is not known if any part of
// it is unknown.
func (m model) graph() (graph routes.Graph, known bool) {
	elements, known := elementsToAPI(m.Elements)
	return routes.Graph{Entry: m.Entry.ValueString(), Elements: elements}, known && !m.Entry.IsUnknown()
}

// fromAPI takes over the service's response. Values that the response lacks stay as they
// were, and elements that mean the same stay as they were written.
func (m *model) fromAPI(route *routes.Route) {
	m.ID = types.StringValue(route.ID)
	m.setName(route.Name)
	if route.Graph != nil {
		m.Entry = types.StringValue(route.Graph.Entry)
		m.Elements = elementsFromAPI(route.Graph.Elements, m.Elements)
	}
	m.setDeployed(route)
	m.CreatedAt = timeOr(convert.Time(route.CreatedAt), m.CreatedAt)
}

// setName sets the name and the model that follows from it.
func (m *model) setName(name string) {
	m.Name = types.StringValue(name)
	m.Model = modelOf(m.Name)
}

// setDeployed takes over the deployed version.
func (m *model) setDeployed(route *routes.Route) {
	m.VersionID = stringOr(route.VersionID, m.VersionID)
	m.DeploymentID = stringOr(route.DeploymentID, m.DeploymentID)
	m.ModifiedAt = timeOr(convert.Time(route.ModifiedAt), m.ModifiedAt)
}

// modelOf returns the model that requests name to use a route.
func modelOf(name types.String) types.String {
	if name.IsUnknown() || name.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(routes.ModelName(name.ValueString()))
}

// stringOr returns the string of a response, or else the known value, or else null.
func stringOr(response string, known types.String) types.String {
	switch {
	case response != "":
		return types.StringValue(response)
	case known.IsUnknown():
		return types.StringNull()
	default:
		return known
	}
}

// timeOr returns the time of a response, or else the known value, or else null.
func timeOr(response, known timetypes.RFC3339) timetypes.RFC3339 {
	switch {
	case !response.IsNull():
		return response
	case known.IsUnknown():
		return timetypes.NewRFC3339Null()
	default:
		return known
	}
}

// unknownElements returns the IDs of the elements whose type this version of the provider
// does not know, sorted.
func unknownElements(graph *routes.Graph) []string {
	if graph == nil {
		return nil
	}
	var ids []string
	for id, element := range sorted(graph.Elements) {
		if element.Other != nil {
			ids = append(ids, id)
		}
	}
	return ids
}
