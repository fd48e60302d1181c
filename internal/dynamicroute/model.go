// Package dynamicroute is the object dynamic route: the resource
// aigateway_dynamic_route and the data sources aigateway_dynamic_route and
// aigateway_dynamic_routes.
package dynamicroute

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// model is a route in configuration, plan and state of the resource.
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

func (m model) identity() identity.InGateway {
	return identity.InGateway{AccountID: m.AccountID, GatewayID: m.GatewayID, ID: m.ID}
}

// graph is the graph of a configuration, a plan or a state. It is not known as
// long as a part of it is not.
func (m model) graph() (graph routes.Graph, known bool) {
	elements, known := elementsToAPI(m.Elements)
	return routes.Graph{Entry: m.Entry.ValueString(), Elements: elements}, known && !m.Entry.IsUnknown()
}

// fromAPI takes over what the service says of a route. m holds what was known
// before: what the service does not say stays as it was, and an element that
// means the same stays as it was written.
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

// setName also sets what follows from the name.
func (m *model) setName(name string) {
	m.Name = types.StringValue(name)
	m.Model = modelOf(m.Name)
}

// setDeployed takes over which version is in force, and since when.
func (m *model) setDeployed(route *routes.Route) {
	m.VersionID = stringOr(route.VersionID, m.VersionID)
	m.DeploymentID = stringOr(route.DeploymentID, m.DeploymentID)
	m.ModifiedAt = timeOr(convert.Time(route.ModifiedAt), m.ModifiedAt)
}

// modelOf is what requests give for a model to take a route.
func modelOf(name types.String) types.String {
	if name.IsUnknown() || name.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue(routes.ModelName(name.ValueString()))
}

// stringOr is what the service says, or what was known, or null.
func stringOr(said string, known types.String) types.String {
	switch {
	case said != "":
		return types.StringValue(said)
	case known.IsUnknown():
		return types.StringNull()
	default:
		return known
	}
}

// timeOr is stringOr for times.
func timeOr(said, known timetypes.RFC3339) timetypes.RFC3339 {
	switch {
	case !said.IsNull():
		return said
	case known.IsUnknown():
		return timetypes.NewRFC3339Null()
	default:
		return known
	}
}

// unknownElements are the ids of the elements of a graph whose type this
// version of the provider does not know, sorted.
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
