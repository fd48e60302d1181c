package routes

import (
	"context"
	"iter"
	"slices"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

const (
	// perPage is how many routes are asked for at once. The API's specification names
	// no maximum.
	perPage = 100
	// historyPage is how many versions or deployments a full page has, unless the
	// response says otherwise (the API's default for lists).
	historyPage = 20
)

// List iterates over the dynamic routes of a gateway, fetching pages on demand. It
// stops at the first error. A route has no graph if the service does not show it,
// or not in a form that can be decoded. The service itself shows none (observed),
// and what was just created or changed may be missing for some seconds.
func List(ctx context.Context, c *client.Client, accountID, gatewayID string) iter.Seq2[*Route, error] {
	if err := check(c, accountID, gatewayID); err != nil {
		return client.Failed[*Route](err)
	}
	params := ai_gateway.DynamicRoutingListParams{AccountID: client.InAccount(accountID).AccountID}
	return client.List[routeResponse, *Route]{
		Request: request("list dynamic routes", nil), Call: client.Call1(c.AIGateway().DynamicRouting.List, gatewayID, params),
		Decoder: client.Decoder[routeResponse, *Route]{
			Noun: noun, ListKey: "routes", Loose: true, Identify: routeResponse.identity,
			Convert: func(r routeResponse) (*Route, error) { return r.routeAndGraph(), nil },
		},
		ID: func(route *Route) string { return route.ID }, PerPage: perPage, ShortPageIsLast: true,
	}.All(ctx, c, identity(accountID, gatewayID, ""))
}

// ListVersions reads all versions of a dynamic route, the newest first. The error
// is ErrNotFound if the route does not exist.
func ListVersions(ctx context.Context, c *client.Client, accountID, gatewayID, id string) ([]Version, error) {
	if err := check(c, accountID, gatewayID, id); err != nil {
		return nil, err
	}
	params := ai_gateway.DynamicRoutingListVersionsParams(client.InAccount(accountID))
	versions, err := history(ctx, c, "list dynamic route versions", identity(accountID, gatewayID, ""),
		client.Call2(c.AIGateway().DynamicRouting.ListVersions, gatewayID, id, params),
		client.Decoder[versionResponse, Version]{
			Noun: versionNoun, ListKey: "versions", Identify: versionResponse.identity,
			Convert: func(r versionResponse) (Version, error) { return r.version(), nil },
		},
		func(version Version) string { return version.ID })
	slices.SortStableFunc(versions, func(a, b Version) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return versions, err
}

// GetVersion reads one version of a dynamic route. The error is ErrNotFound if the
// service says that there is none, also while a list does not contain it yet.
func GetVersion(ctx context.Context, c *client.Client, accountID, gatewayID, id, versionID string) (Version, error) {
	if err := check(c, accountID, gatewayID, id, versionID); err != nil {
		return Version{}, err
	}
	call := client.Call3(c.AIGateway().DynamicRouting.GetVersion, gatewayID, id, versionID, ai_gateway.DynamicRoutingGetVersionParams(client.InAccount(accountID)))
	version, _, err := client.Get(ctx, c, request("read dynamic route version", nil), call, client.Decoder[versionResponse, Version]{
		Noun: versionNoun, Loose: true, Identify: versionResponse.identity,
		Convert: func(r versionResponse) (Version, error) { return r.version(), nil },
	}, identity(accountID, gatewayID, versionID))
	return version, err
}

// ListDeployments reads all deployments of a dynamic route, the newest first. The
// error is ErrNotFound if the route does not exist.
func ListDeployments(ctx context.Context, c *client.Client, accountID, gatewayID, id string) ([]Deployment, error) {
	if err := check(c, accountID, gatewayID, id); err != nil {
		return nil, err
	}
	params := ai_gateway.DynamicRoutingListDeploymentsParams(client.InAccount(accountID))
	deployments, err := history(ctx, c, "list dynamic route deployments", identity(accountID, gatewayID, ""),
		client.Call2(c.AIGateway().DynamicRouting.ListDeployments, gatewayID, id, params),
		client.Decoder[deploymentResponse, Deployment]{
			Noun: deploymentNoun, ListKey: "deployments",
			Identify: func(r deploymentResponse) client.Identity {
				return client.Identity{ID: r.DeploymentID, AccountID: r.Account(), Further: []string{r.VersionID}}
			},
			Convert: func(r deploymentResponse) (Deployment, error) { return r.deployment(), nil },
		},
		func(deployment Deployment) string { return deployment.ID })
	slices.SortStableFunc(deployments, func(a, b Deployment) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return deployments, err
}

// history reads all versions or deployments of a route. The API documents no query
// parameters for these lists, and per_page was observed both to be accepted and to
// yield a response without a list. So the first page is asked for without any.
func history[W, T any](ctx context.Context, c *client.Client, operation string, within client.Identity, call client.Call, decoder client.Decoder[W, T], id func(T) string) ([]T, error) {
	decoder.Loose = true
	return collect(client.List[W, T]{
		Request: request(operation, nil), Call: call, Decoder: decoder,
		ID: id, PerPage: historyPage, PageAlone: true, ShortPageIsLast: true,
	}.All(ctx, c, within))
}

// collect returns a whole list. There is no half of one.
func collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for object, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, object)
	}
	return all, nil
}
