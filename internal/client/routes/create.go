package routes

import (
	"context"
	"errors"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Create creates a dynamic route whose first version has this graph; the service
// deploys it at once (observed). It returns the route as the service describes it.
// The graph is nil if the service does not show it, or not in a form that can be
// decoded.
//
// The error is ErrAlreadyExists if there is a route with this name, and
// ErrGatewayNotFound if there is no such gateway. If the response is lost, it
// looks for the route, even if ctx has ended in the meantime: one with this name
// that is as new as the request and has the graph that was sent is the one that
// was asked for. Otherwise the error is ErrAlreadyExists if another one has the
// name, ErrOutcomeUnknown if that cannot be told, or what the service responded.
func Create(ctx context.Context, c *client.Client, accountID, gatewayID, name string, graph Graph) (*Route, error) {
	if err := check(c, accountID, gatewayID); err != nil {
		return nil, err
	}
	elements, err := encodeGraph(graph)
	if err != nil {
		return nil, err
	}
	params := ai_gateway.DynamicRoutingNewParams{AccountID: client.InAccount(accountID).AccountID}
	call := client.Call1(c.AIGateway().DynamicRouting.New, gatewayID, params)
	want := identity(accountID, gatewayID, "")
	want.Name = name
	route, err := client.Create(ctx, c, request("create dynamic route", wire.Body{"name": name, "elements": elements}), call, routeDecoder, want, client.Search[*Route]{
		Noun: noun, Unique: "of this name", Looks: client.ListLooks, Lags: true,
		Find: func(ctx context.Context) (*Route, time.Time, error) {
			return find(ctx, c, accountID, gatewayID, name)
		},
		Settling:  func(err error) bool { return errors.Is(err, errNoGraph) },
		CreatedAt: func(route *Route) time.Time { return route.CreatedAt },
		AsSent:    func(route *Route) bool { return route.Graph.Same(graph) },
	})
	if err != nil {
		return nil, err
	}
	return complete(ctx, c, accountID, gatewayID, route), nil
}

// complete reads a route that was just created if the response did not tell all of
// it. The route exists, whatever comes of that.
func complete(ctx context.Context, c *client.Client, accountID, gatewayID string, route *Route) *Route {
	if route.Graph != nil && route.VersionID != "" && route.DeploymentID != "" {
		return route
	}
	if read, err := Get(ctx, c, accountID, gatewayID, route.ID); err == nil {
		return read
	}
	return route
}

// CreateVersion adds a version with this graph to a dynamic route and returns the
// version's id. The version is not in force before it is deployed.
//
// If the response does not tell the id, or is lost, it returns the newest version
// with this graph, even if an earlier request created it: to deploy that has the
// same effect. The errors are those of [Create], with ErrNotFound if the route
// does not exist.
//
// It carries over what the elements that are shown have and this version of the
// provider does not know, and tells what became of that.
func CreateVersion(ctx context.Context, c *client.Client, accountID, gatewayID, id string, graph Graph, shown Shown) (string, client.Carried, error) {
	if err := check(c, accountID, gatewayID, id); err != nil {
		return "", client.Carried{}, err
	}
	elements, err := encodeGraph(graph)
	if err != nil {
		return "", client.Carried{}, err
	}
	var versionID string
	var carried client.Carried
	carried.Refused, err = client.Carry(func(without []string) ([]string, error) {
		carrier := &wire.Carrier{Without: without}
		body, err := shown.carry(elements, carrier)
		if err != nil {
			return nil, err
		}
		carried.Masked = carrier.Masked
		versionID, err = createVersion(ctx, c, accountID, gatewayID, id, graph, body)
		return carrier.Carried, err
	})
	return versionID, carried, err
}

// createVersion sends the request of [CreateVersion].
func createVersion(ctx context.Context, c *client.Client, accountID, gatewayID, id string, graph Graph, body wire.Body) (string, error) {
	params := ai_gateway.DynamicRoutingNewVersionParams{AccountID: client.InAccount(accountID).AccountID}
	call := client.Call2(c.AIGateway().DynamicRouting.NewVersion, gatewayID, id, params)
	decoder := client.Decoder[routeResponse, string]{
		Noun: versionNoun, Loose: true, Identify: routeResponse.identity, Bare: true,
		Convert: func(r routeResponse) (string, error) {
			if versionID := r.newVersion(graph); versionID != "" {
				return versionID, nil
			}
			return "", wire.WithoutID(versionNoun)
		},
	}
	versions := versionSearch{client: c, accountID: accountID, gatewayID: gatewayID, id: id, read: map[string]*Graph{}}
	want := identity(accountID, gatewayID, id)
	return client.Create(ctx, c, request("create dynamic route version", body), call, decoder, want, client.Search[string]{
		Noun: versionNoun, Looks: client.ListLooks, Lags: true,
		Find: func(ctx context.Context) (string, time.Time, error) {
			versionID, err := versions.newest(ctx, graph)
			return versionID, time.Time{}, err
		},
		AsSent: func(string) bool { return true },
	})
}

// newVersion returns the id of the version that a response says was created, or
// "". A version with another graph is the one in force.
func (r routeResponse) newVersion(sent Graph) string {
	if r.VersionID != "" || r.Version == nil {
		return r.VersionID
	}
	if version := r.Version.version(); version.Graph == nil || version.Graph.Same(sent) {
		return version.ID
	}
	return ""
}

// maxVersionsRead bounds how many versions a search reads one by one.
const maxVersionsRead = 10

// A versionSearch looks for a version by its graph.
type versionSearch struct {
	client                   *client.Client
	accountID, gatewayID, id string
	read                     map[string]*Graph // versions whose graph the list does not show
}

// newest returns the id of the newest version with this graph. The error is
// ErrNotFound if there is none.
func (s versionSearch) newest(ctx context.Context, graph Graph) (string, error) {
	versions, err := ListVersions(ctx, s.client, s.accountID, s.gatewayID, s.id)
	if err != nil {
		return "", err
	}
	for _, version := range versions {
		found := version.Graph
		if found == nil {
			if found, err = s.graph(ctx, version.ID); err != nil {
				return "", err
			}
		}
		if found != nil && found.Same(graph) {
			return version.ID, nil
		}
	}
	return "", client.ErrNotFound
}

// graph reads the graph of a version once, and not of more than a few versions.
func (s versionSearch) graph(ctx context.Context, versionID string) (*Graph, error) {
	graph, known := s.read[versionID]
	if known || len(s.read) == maxVersionsRead || !client.ValidID(versionID) {
		return graph, nil
	}
	graph, err := versionGraph(ctx, s.client, s.accountID, s.gatewayID, s.id, versionID)
	if err != nil && !errors.Is(err, client.ErrUnexpectedResponse) {
		return nil, err
	}
	s.read[versionID] = graph
	return graph, nil
}
