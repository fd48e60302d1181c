package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// StoredRoute is a dynamic route as it is stored.
type StoredRoute struct {
	ID, Name string
	// Elements is the graph of the deployed version.
	Elements []map[string]any
	// Versions holds the ids of all versions, the oldest first.
	Versions []string
	// Deployments holds all deployments, the oldest first. The last is in force.
	Deployments []StoredDeployment
	// Deployed is the id of the version in force.
	Deployed string
	// Created and Modified are in UTC, in milliseconds.
	Created, Modified time.Time
}

// StoredDeployment is one deployment of a version.
type StoredDeployment struct {
	// ID is the id of the deployment, Version that of the version.
	ID, Version string
}

// stored returns the route as tests see it.
func (r Route) stored() StoredRoute {
	out := StoredRoute{
		ID: r.ID, Name: r.Name, Deployed: r.Deployed.ID, Created: r.Created.UTC(), Modified: r.Modified.UTC(),
	}
	for _, e := range r.Deployed.Elements {
		e, _ := wire.Copy(e).(map[string]any)
		out.Elements = append(out.Elements, e)
	}
	for _, v := range r.Versions {
		out.Versions = append(out.Versions, v.ID)
	}
	for _, d := range r.Deployments {
		out.Deployments = append(out.Deployments, StoredDeployment{ID: d.ID, Version: d.Version})
	}
	return out
}

// normalizeElements is [wire.Normalize] for a graph.
func normalizeElements(elements []map[string]any) []any {
	out := make([]any, 0, len(elements))
	for _, e := range elements {
		out = append(out, wire.Normalize(e))
	}
	return out
}

// Routes returns copies of a gateway's routes, sorted by name. It returns none if
// there is no such gateway.
func (d Direct) Routes(account, gateway string) []StoredRoute {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	g := d.store.gateway(account, gateway)
	if g == nil {
		return nil
	}
	out := make([]StoredRoute, 0, len(g.routes))
	for _, r := range g.routes {
		out = append(out, r.snapshot(g).stored())
	}
	slices.SortFunc(out, func(a, b StoredRoute) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Route returns a copy of a route. Quirks that change responses do not apply. It
// reports false if there is no such route.
func (d Direct) Route(account, gateway, id string) (StoredRoute, bool) {
	r, err := d.store.Route(account, gateway, id)
	if err != nil {
		return StoredRoute{}, false
	}
	return r.stored(), true
}

// PutRoute creates a route and returns its id. It replaces a route of that name;
// the new one has another id, as if a colleague had deleted the route and created
// it again. It panics if there is no such gateway.
func (d Direct) PutRoute(account, gateway, name string, elements []map[string]any) string {
	graph := normalizeElements(elements)
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	g := d.store.gateway(account, gateway)
	if g == nil {
		panic(fmt.Sprintf("emulator: PutRoute: account %s has no gateway %q", account, gateway))
	}
	if old := g.routeNamed(name); old != nil {
		delete(g.routes, old.id)
	}
	return d.store.addRoute(g, name, graph).id
}

// DeployRoute adds a version with these elements to a route, deploys it, and
// returns its id. It panics if there is no such route.
func (d Direct) DeployRoute(account, gatewayID, id string, elements []map[string]any) string {
	graph := normalizeElements(elements)
	r, err := d.store.changeRoute(account, gatewayID, id, func(_ *gateway, r *route) error {
		d.store.deploy(r, d.store.addVersion(r, graph))
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("emulator: DeployRoute: gateway %q has no route %s", gatewayID, id))
	}
	return r.Deployed.ID
}

// RenameRoute renames a route and sets modified_at. It reports false if there is
// no such route, and panics if another route has the name.
func (d Direct) RenameRoute(account, gateway, id, name string) bool {
	switch _, err := d.store.RenameRoute(account, gateway, id, name); {
	case err == nil:
		return true
	case errors.Is(err, ErrRouteNameTaken):
		panic(fmt.Sprintf("emulator: RenameRoute: gateway %q has another route %q", gateway, name))
	default:
		return false
	}
}

// DeleteRoute deletes a route with its versions. It reports false if there is no
// such route.
func (d Direct) DeleteRoute(account, gateway, id string) bool {
	_, err := d.store.DeleteRoute(account, gateway, id)
	return err == nil
}
