// Package routes manages the dynamic routes of gateways.
package routes

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// End is the target that ends a [Graph], in place of the id of an element.
const End = "end"

// A Route is a dynamic route as the service describes it: a name that requests
// can use as a model (dynamic/<name>), and the graph that decides which model
// responds.
type Route struct {
	// ID addresses the route in paths. The service chooses it.
	ID string
	// Name is unique in the gateway.
	Name string
	// GatewayID is the gateway's id, empty if the service does not say.
	GatewayID string
	// Graph is that of the deployed version. It is nil if the service does not
	// say, as in lists.
	Graph *Graph
	// VersionID and DeploymentID are the version in force and its deployment,
	// empty if the service does not say.
	VersionID, DeploymentID string
	// CreatedAt and ModifiedAt are zero if the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// A Version is one graph that a route has or had.
type Version struct {
	// ID addresses the version. The service chooses it.
	ID string
	// Active is whether this version is the deployed one, nil if the service does
	// not say.
	Active *bool
	// Valid is whether the service could use the version, nil if it does not say.
	Valid *bool
	// Graph is nil if the service does not show it.
	Graph *Graph
	// CreatedAt is zero if the service does not say.
	CreatedAt time.Time
}

// A Deployment put a version of a route into force.
type Deployment struct {
	// ID identifies the deployment. The service chooses it.
	ID string
	// VersionID is the version that it deployed.
	VersionID string
	// CreatedAt is zero if the service does not say.
	CreatedAt time.Time
}

// A Graph is what a dynamic route does with a request. The start and end elements
// of the wire are implied, whatever ids they have there: Entry names the first
// element, and [End] is the target that ends the graph.
type Graph struct {
	// Entry is the id of the first element, or [End].
	Entry string
	// Elements are all other elements by their ids.
	Elements map[string]Element
}

// An Element is a node of a [Graph]. Exactly one of its fields is set.
type Element struct {
	Conditional *Conditional
	Percentage  *Percentage
	Rate        *Rate
	Model       *ModelCall
	Other       *OtherElement
}

// A Conditional chooses between two ways by the contents of a request.
type Conditional struct {
	// Conditions is the text of a JSON object: what must hold for the request's
	// metadata, body or headers, in the operators of MongoDB, such as
	// {"metadata.plan":{"$eq":"free"}}.
	Conditions string
	// OnTrue and OnFalse are the ids of the next elements.
	OnTrue, OnFalse string
}

// A Percentage chooses one of several ways at random.
type Percentage struct {
	// Outputs are the ids of the next elements by their share: "10%", or
	// [PercentageElse] for what the others leave.
	Outputs map[string]string
}

// PercentageElse is the share that the others of a [Percentage] leave.
const PercentageElse = "else"

// A Rate sends a number of requests, or an amount of cost, one way in a window of
// time, and the rest the other.
type Rate struct {
	// Key is the property whose values have a limit each, such as
	// "metadata.user_id".
	Key string
	// Limit is a number of requests, or US dollars.
	Limit float64
	// LimitType is "count" or "cost".
	LimitType string
	// Window is in seconds.
	Window float64
	// OnSuccess and OnFallback are the ids of the next elements: within the
	// limit, and beyond.
	OnSuccess, OnFallback string
}

// A ModelCall sends the request to a model.
type ModelCall struct {
	// Provider is the gateway's name for the provider, such as "openai".
	Provider string
	// Model is the provider's name for the model.
	Model string
	// Timeout of each attempt, in milliseconds.
	Timeout float64
	// Retries is how often a failed request is repeated.
	Retries float64
	// OnSuccess and OnFallback are the ids of the next elements: after a
	// response, and after the last failure.
	OnSuccess, OnFallback string
}

// An OtherElement is an element of a type that this version does not know. It can
// be read and shown, but not written.
type OtherElement struct {
	// Type is as the service calls it.
	Type string
	// Outputs are the ids of the next elements by the names of the outputs.
	Outputs map[string]string
}

// An Edge is a way out of an element.
type Edge struct {
	// Output is the name of the way: "true", "false", "success", "fallback",
	// a share such as "10%", or "else".
	Output string
	// To is the id of the next element, or [End].
	To string
}

// Edges returns the ways out of an element, always in the same order.
func (e Element) Edges() []Edge {
	switch {
	case e.Conditional != nil:
		return []Edge{{"true", e.Conditional.OnTrue}, {"false", e.Conditional.OnFalse}}
	case e.Percentage != nil:
		return sortedEdges(e.Percentage.Outputs)
	case e.Rate != nil:
		return []Edge{{"success", e.Rate.OnSuccess}, {"fallback", e.Rate.OnFallback}}
	case e.Model != nil:
		return []Edge{{"success", e.Model.OnSuccess}, {"fallback", e.Model.OnFallback}}
	case e.Other != nil:
		return sortedEdges(e.Other.Outputs)
	default:
		return nil
	}
}

// sortedEdges returns the edges of shares, the smallest first, then the others.
func sortedEdges(outputs map[string]string) []Edge {
	edges := make([]Edge, 0, len(outputs))
	for output, to := range outputs {
		edges = append(edges, Edge{output, to})
	}
	slices.SortFunc(edges, func(a, b Edge) int { return compareOutputs(a.Output, b.Output) })
	return edges
}

// compareOutputs orders shares by their size, and puts names without one, such as
// "else", behind them.
func compareOutputs(a, b string) int {
	x, isShare := ParseShare(a)
	y, otherIsShare := ParseShare(b)
	switch {
	case isShare && otherIsShare && x.Cmp(y) != 0:
		return x.Cmp(y)
	case isShare != otherIsShare && isShare:
		return -1
	case isShare != otherIsShare:
		return 1
	default:
		return strings.Compare(a, b)
	}
}

var sharePattern = regexp.MustCompile(`^([0-9]{1,3}(?:\.[0-9]{1,9})?)%$`)

// ParseShare reads a share of a [Percentage], such as "10%" or "2.5%", as a
// number of percent. It is not ok for anything else, [PercentageElse] too.
func ParseShare(output string) (percent *big.Rat, ok bool) {
	match := sharePattern.FindStringSubmatch(output)
	if match == nil {
		return nil, false
	}
	return new(big.Rat).SetString(match[1])
}

// CanonicalShare returns a share in its shortest spelling, such as "10%" for
// "010.0%". Other strings stay as they are.
func CanonicalShare(output string) string {
	percent, ok := ParseShare(output)
	if !ok {
		return output
	}
	// ParseShare takes no more digits than these.
	return strings.TrimRight(strings.TrimRight(percent.FloatString(9), "0"), ".") + "%"
}

// ModelName returns what a request gives as its model to take the route with this
// name (documented).
func ModelName(name string) string { return "dynamic/" + name }
