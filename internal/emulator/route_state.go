package emulator

import "time"

// route is a dynamic route of a gateway: a name for a graph of elements that
// decides which model answers. It goes when the gateway is deleted.
type route struct {
	id, name          string
	created, modified time.Time
	// versions and deployments are in order of creation and are never removed.
	// A route has at least one of each, since its creation deploys version 1
	// (observed live).
	versions    []*routeVersion
	deployments []*routeDeployment
	// listedVersions and listedDeployments are for RouteListLags.
	listedVersions, listedDeployments []*ordered
	// passages are the requests that its rate elements have let pass.
	passages map[rateBucket][]*passage
}

// routeVersion is one graph that a route has or had.
type routeVersion struct {
	id string
	// elements is the graph in the terms of the wire. It is replaced, never
	// changed.
	elements []any
	created  time.Time
}

// routeDeployment is one time that a version was put to work.
type routeDeployment struct {
	id, version string
	created     time.Time
}

// deployment is the one in force: the last.
func (r *route) deployment() *routeDeployment { return r.deployments[len(r.deployments)-1] }

// deployed is the version in force.
func (r *route) deployed() *routeVersion { return r.version(r.deployment().version) }

// version is the version of that id, or nil.
func (r *route) version(id string) *routeVersion {
	for _, v := range r.versions {
		if v.id == id {
			return v
		}
	}
	return nil
}

// routeNamed is the gateway's route of that name, or nil. Call it with the
// lock held.
func (g *gateway) routeNamed(name string) *route {
	for _, r := range g.routes {
		if r.name == name {
			return r
		}
	}
	return nil
}
