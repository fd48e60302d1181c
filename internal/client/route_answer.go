package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// routeAnswer is what the service says of a dynamic route. Answers to new
// versions and deployments have the same form, with less or more in it.
type routeAnswer struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	GatewayID  string            `json:"gateway_id"`
	CreatedAt  looseTime         `json:"created_at"`
	ModifiedAt looseTime         `json:"modified_at"`
	Elements   json.RawMessage   `json:"elements"`
	Version    *versionAnswer    `json:"version"`
	Deployment *deploymentAnswer `json:"deployment"`
	// Observed in answers to new versions and deployments.
	VersionID    string `json:"version_id"`
	DeploymentID string `json:"deployment_id"`
}

type versionAnswer struct {
	VersionID string          `json:"version_id"`
	Active    *boolean        `json:"active"`
	Valid     *boolean        `json:"is_valid"`
	Data      json.RawMessage `json:"data"`
	Elements  json.RawMessage `json:"elements"`
	CreatedAt looseTime       `json:"created_at"`
}

type deploymentAnswer struct {
	DeploymentID string    `json:"deployment_id"`
	VersionID    string    `json:"version_id"`
	CreatedAt    looseTime `json:"created_at"`
}

// looseTime is a time that stays zero where it cannot be read: the API's
// specification promises no form for those of versions and deployments, and
// nothing hangs on them.
type looseTime time.Time

func (t *looseTime) UnmarshalJSON(data []byte) error {
	var strict timestamp
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

// route is all but the graph.
func (a routeAnswer) route() *Route {
	version, deployment := value(a.Version), value(a.Deployment)
	return &Route{
		ID: a.ID, Name: a.Name, GatewayID: a.GatewayID,
		VersionID:    cmp.Or(a.VersionID, version.VersionID, deployment.VersionID),
		DeploymentID: cmp.Or(a.DeploymentID, deployment.DeploymentID),
		CreatedAt:    time.Time(a.CreatedAt), ModifiedAt: time.Time(a.ModifiedAt),
	}
}

// graph is nil where the answer does not show it. Observed answers have it in
// the version's data, those of the specification at the top as well.
func (a routeAnswer) graph() (*Graph, error) {
	version := value(a.Version)
	return firstGraph(version.Data, version.Elements, a.Elements)
}

// routeAndGraph leaves the graph out where it cannot be read, so that a route
// is not lost for it.
func (a routeAnswer) routeAndGraph() *Route {
	route := a.route()
	if graph, err := a.graph(); err == nil {
		route.Graph = graph
	}
	return route
}

// version has no graph where that cannot be read.
func (a versionAnswer) version() RouteVersion {
	version := RouteVersion{
		ID: a.VersionID, Active: boolOf(a.Active), Valid: boolOf(a.Valid), CreatedAt: time.Time(a.CreatedAt),
	}
	if graph, err := firstGraph(a.Data, a.Elements); err == nil {
		version.Graph = graph
	}
	return version
}

func (a deploymentAnswer) deployment() RouteDeployment {
	return RouteDeployment{ID: a.DeploymentID, VersionID: a.VersionID, CreatedAt: time.Time(a.CreatedAt)}
}

// What decodeAs calls the things that it reads.
const (
	aRoute      = "dynamic route"
	aVersion    = "version of a dynamic route"
	aDeployment = "deployment of a dynamic route"
)

// decodeAs reads the result of a request about dynamic routes, wherever it
// stands in the answer. What is how people call it.
func decodeAs[T any](op string, ex *exchange, what string) (T, error) {
	var answer T
	opened, err := openEnvelope(op, ex)
	if err != nil {
		return answer, err
	}
	raw, err := opened.anyResult()
	if err == nil {
		answer, err = itemAs[T](raw, what)
	}
	if err != nil {
		return answer, unexpected(op, ex, err)
	}
	return answer, nil
}

// anyResult is the result by any of its names.
func (e envelope) anyResult() (json.RawMessage, error) {
	for _, raw := range []json.RawMessage{e.Route, e.Data, e.Result} {
		if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
			return raw, nil
		}
	}
	return nil, errors.New("the answer has no result")
}

func itemAs[T any](raw json.RawMessage, what string) (T, error) {
	var answer T
	if err := json.Unmarshal(raw, &answer); err != nil {
		return answer, faultyField[T](raw, what, err)
	}
	if bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return answer, fmt.Errorf("the answer does not describe a %s", what)
	}
	return answer, nil
}

// decodeRoute is decodeAs for a route that is there to be used.
func decodeRoute(op string, ex *exchange) (routeAnswer, error) {
	answer, err := decodeAs[routeAnswer](op, ex, aRoute)
	if err == nil && answer.ID == "" {
		err = unexpected(op, ex, withoutID(aRoute))
	}
	return answer, err
}

func withoutID(what string) error { return fmt.Errorf("the answer describes a %s without an id", what) }
