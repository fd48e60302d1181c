package routes

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// routeResponse is a dynamic route in a response. Responses to new versions and
// deployments have the same form, with fewer or more fields.
type routeResponse struct {
	client.Owner
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	GatewayID  string              `json:"gateway_id"`
	CreatedAt  looseTime           `json:"created_at"`
	ModifiedAt looseTime           `json:"modified_at"`
	Elements   json.RawMessage     `json:"elements"`
	Version    *versionResponse    `json:"version"`
	Deployment *deploymentResponse `json:"deployment"`
	// Observed in responses to new versions and deployments.
	VersionID    string `json:"version_id"`
	DeploymentID string `json:"deployment_id"`
}

type versionResponse struct {
	client.Owner
	VersionID string          `json:"version_id"`
	GatewayID string          `json:"gateway_id"`
	Active    *wire.Boolean   `json:"active"`
	Valid     *wire.Boolean   `json:"is_valid"`
	Data      json.RawMessage `json:"data"`
	Elements  json.RawMessage `json:"elements"`
	CreatedAt looseTime       `json:"created_at"`
}

type deploymentResponse struct {
	client.Owner
	DeploymentID string    `json:"deployment_id"`
	VersionID    string    `json:"version_id"`
	CreatedAt    looseTime `json:"created_at"`
}

// looseTime is a time that stays zero if it cannot be read: the API's
// specification promises no form for those of versions and deployments, and
// nothing depends on them.
type looseTime time.Time

func (t *looseTime) UnmarshalJSON(data []byte) error {
	var strict wire.Timestamp
	var text string
	if strict.UnmarshalJSON(data) == nil {
		*t = looseTime(strict)
	} else if json.Unmarshal(data, &text) == nil {
		// As databases write it, in UTC (inferred).
		if parsed, err := time.Parse(time.DateTime, text); err == nil {
			*t = looseTime(parsed)
		}
	}
	return nil
}

func (r routeResponse) identity() client.Identity {
	version, deployment := wire.Value(r.Version), wire.Value(r.Deployment)
	return client.Identity{
		ID: r.ID, Name: r.Name, GatewayID: r.GatewayID, AccountID: r.Account(),
		Further: []string{r.VersionID, r.DeploymentID, version.VersionID, deployment.VersionID, deployment.DeploymentID},
	}
}

func (r versionResponse) identity() client.Identity {
	return client.Identity{ID: r.VersionID, GatewayID: r.GatewayID, AccountID: r.Account()}
}

// identity returns what responses about a dynamic route have to describe.
func identity(accountID, gatewayID, id string) client.Identity {
	return client.Identity{AccountID: accountID, GatewayID: gatewayID, ID: id}
}

// route returns everything but the graph.
func (r routeResponse) route() *Route {
	version, deployment := wire.Value(r.Version), wire.Value(r.Deployment)
	return &Route{
		ID: r.ID, Name: r.Name, GatewayID: r.GatewayID,
		VersionID:    cmp.Or(r.VersionID, version.VersionID, deployment.VersionID),
		DeploymentID: cmp.Or(r.DeploymentID, deployment.DeploymentID),
		CreatedAt:    time.Time(r.CreatedAt), ModifiedAt: time.Time(r.ModifiedAt),
	}
}

// graph returns nil if the response does not show it. Observed responses have it
// in the version's data, those of the specification at the top as well.
func (r routeResponse) graph() (*Graph, error) {
	version := wire.Value(r.Version)
	return firstGraph(version.Data, version.Elements, r.Elements)
}

// routeAndGraph leaves the graph out if it cannot be decoded, so that the route is
// not lost for it.
func (r routeResponse) routeAndGraph() *Route {
	route := r.route()
	if graph, err := r.graph(); err == nil {
		route.Graph = graph
	}
	return route
}

// version leaves the graph out if it cannot be decoded.
func (r versionResponse) version() Version {
	version := Version{
		ID: r.VersionID, Active: (*bool)(r.Active), Valid: (*bool)(r.Valid), CreatedAt: time.Time(r.CreatedAt),
	}
	if graph, err := firstGraph(r.Data, r.Elements); err == nil {
		version.Graph = graph
	}
	return version
}

func (r deploymentResponse) deployment() Deployment {
	return Deployment{ID: r.DeploymentID, VersionID: r.VersionID, CreatedAt: time.Time(r.CreatedAt)}
}

// How people call the objects.
const (
	noun           = "dynamic route"
	versionNoun    = "version of a dynamic route"
	deploymentNoun = "deployment of a dynamic route"
)

var (
	// routeDecoder decodes a route, whose graph may be missing.
	routeDecoder = client.Decoder[routeResponse, *Route]{
		Noun: noun, Loose: true, Identify: routeResponse.identity,
		Convert: func(r routeResponse) (*Route, error) { return r.routeAndGraph(), nil },
	}
	// rawDecoder leaves the graph undecoded.
	rawDecoder = client.Decoder[routeResponse, routeResponse]{
		Noun: noun, Loose: true, Identify: routeResponse.identity,
		Convert: func(r routeResponse) (routeResponse, error) { return r, nil },
	}
	// deploymentDecoder decodes the response to a new deployment, whose ids may be
	// missing.
	deploymentDecoder = client.Decoder[routeResponse, routeResponse]{
		Noun: deploymentNoun, Loose: true, Identify: routeResponse.identity, Bare: true,
		Convert: func(r routeResponse) (routeResponse, error) { return r, nil },
	}
)
