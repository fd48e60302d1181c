package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// routesPerPage is what is asked for of routes, versions and deployments. The
// API's specification names no most.
const routesPerPage = 100

// ListRoutes yields the dynamic routes of a gateway, page by page: a page is
// asked for when the one before it is used up. It stops at the first error. The
// routes have no graph where the service does not show it, or not in a form
// that can be read; the service itself shows none (observed), and what was just
// made or changed may be missing for some seconds.
func (c *Client) ListRoutes(ctx context.Context, accountID, gatewayID string) iter.Seq2[*Route, error] {
	return func(yield func(*Route, error) bool) {
		if err := c.checkRoute(accountID, gatewayID); err != nil {
			yield(nil, err)
			return
		}
		list := routeList[routeAnswer]{
			client: c, op: "list dynamic routes", key: "routes", what: aRoute,
			id: func(a routeAnswer) string { return a.ID },
			do: func(ctx context.Context, opts ...option.RequestOption) error {
				var params ai_gateway.DynamicRoutingListParams
				params.AccountID.Value, params.AccountID.Present = accountID, true
				_, err := c.service.DynamicRouting.List(ctx, gatewayID, params, opts...)
				return err
			},
		}
		for answer, err := range list.all(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(answer.routeAndGraph(), nil) {
				return
			}
		}
	}
}

// ListRouteVersions reads all versions of a dynamic route, the newest first.
// The error is ErrNotFound if the route does not exist.
func (c *Client) ListRouteVersions(ctx context.Context, accountID, gatewayID, id string) ([]RouteVersion, error) {
	if err := c.checkRoute(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	list := routeList[versionAnswer]{
		client: c, op: "list dynamic route versions", key: "versions", what: aVersion,
		id: func(a versionAnswer) string { return a.VersionID },
		do: func(ctx context.Context, opts ...option.RequestOption) error {
			var params ai_gateway.DynamicRoutingListVersionsParams
			params.AccountID.Value, params.AccountID.Present = accountID, true
			_, err := c.service.DynamicRouting.ListVersions(ctx, gatewayID, id, params, opts...)
			return err
		},
	}
	versions, err := collect(list.all(ctx), versionAnswer.version)
	slices.SortStableFunc(versions, func(a, b RouteVersion) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return versions, err
}

// ListRouteDeployments reads all deployments of a dynamic route, the newest
// first. The error is ErrNotFound if the route does not exist.
func (c *Client) ListRouteDeployments(ctx context.Context, accountID, gatewayID, id string) ([]RouteDeployment, error) {
	if err := c.checkRoute(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	list := routeList[deploymentAnswer]{
		client: c, op: "list dynamic route deployments", key: "deployments", what: aDeployment,
		id: func(a deploymentAnswer) string { return a.DeploymentID },
		do: func(ctx context.Context, opts ...option.RequestOption) error {
			var params ai_gateway.DynamicRoutingListDeploymentsParams
			params.AccountID.Value, params.AccountID.Present = accountID, true
			_, err := c.service.DynamicRouting.ListDeployments(ctx, gatewayID, id, params, opts...)
			return err
		},
	}
	deployments, err := collect(list.all(ctx), deploymentAnswer.deployment)
	slices.SortStableFunc(deployments, func(a, b RouteDeployment) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return deployments, err
}

// collect is a list as a whole; half of one is none.
func collect[A, T any](list iter.Seq2[A, error], convert func(A) T) ([]T, error) {
	var all []T
	for answer, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, convert(answer))
	}
	return all, nil
}

// routeList is a list that comes in pages without a total.
type routeList[A any] struct {
	client *Client
	op     string
	key    string // of the items in an answer
	what   string // is listed
	id     func(A) string
	do     call // asks for the first page
}

// all yields the items page by page, none twice, until a page is not full or
// brings nothing new, as that of a server that knows no pages.
func (l routeList[A]) all(ctx context.Context) iter.Seq2[A, error] {
	return func(yield func(A, error) bool) {
		seen := map[string]bool{}
		for page := 1; ; page++ {
			items, size, err := l.page(ctx, page)
			if err != nil {
				var none A
				yield(none, err)
				return
			}
			news := false
			for _, item := range items {
				if seen[l.id(item)] {
					continue
				}
				seen[l.id(item)], news = true, true
				if !yield(item, nil) {
					return
				}
			}
			if !news || len(items) < size {
				return
			}
		}
	}
}

// page reads one page and how many items a full one has.
func (l routeList[A]) page(ctx context.Context, page int) ([]A, int, error) {
	op := operation{name: l.op}
	ex, err := l.client.sendRoute(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		return l.do(ctx, append(opts,
			option.WithQuery("page", strconv.Itoa(page)), option.WithQuery("per_page", strconv.Itoa(routesPerPage)))...)
	})
	if err != nil {
		return nil, 0, err
	}
	opened, err := openEnvelope(l.op, ex)
	if err != nil {
		return nil, 0, err
	}
	raws, size, err := opened.listed(l.key)
	if err != nil {
		return nil, 0, unexpected(l.op, ex, err)
	}
	items := make([]A, 0, len(raws))
	for _, raw := range raws {
		item, err := itemAs[A](raw, l.what)
		if err == nil && l.id(item) == "" {
			err = withoutID(l.what)
		}
		if err != nil {
			return nil, 0, unexpected(l.op, ex, err)
		}
		items = append(items, item)
	}
	return items, size, nil
}

// listed are the items that stand under a key of the result, or are the result
// themselves, and how many make a full page: what the answer says, if it is less
// than was asked for.
func (e envelope) listed(key string) ([]json.RawMessage, int, error) {
	raw, err := e.anyResult()
	if err != nil {
		return nil, 0, err
	}
	size := integer(routesPerPage)
	if isObject(raw) {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, 0, err
		}
		var says integer
		if json.Unmarshal(bytes.Trim(fields["per_page"], `"`), &says) == nil && says > 0 {
			size = min(size, says)
		}
		raw = fields[key]
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return nil, 0, fmt.Errorf("the answer has no list of %s", key)
	}
	return items, int(size), nil
}
