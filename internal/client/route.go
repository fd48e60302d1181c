package client

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// RouteEnd is where a [Graph] ends, as a target: in place of an element's id.
const RouteEnd = "end"

// Route is a dynamic route as the service describes it: a name that requests
// can give for a model (dynamic/<name>), and the graph that decides which model
// answers.
type Route struct {
	// ID addresses the route in paths. The service chooses it.
	ID string
	// Name is unique in the gateway.
	Name string
	// GatewayID is the gateway's, empty where the service does not say.
	GatewayID string
	// Graph is that of the deployed version. It is nil where the service does
	// not say, as in lists.
	Graph *Graph
	// VersionID and DeploymentID are the version in force and the deployment
	// that put it there, empty where the service does not say.
	VersionID, DeploymentID string
	// CreatedAt and ModifiedAt are zero where the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// RouteVersion is one graph that a route has or had.
type RouteVersion struct {
	// ID is the version's, chosen by the service.
	ID string
	// Active is whether this version is the deployed one, nil where the service
	// does not say.
	Active *bool
	// Valid is whether the service could use the version, nil where it does not
	// say.
	Valid *bool
	// Graph is nil where the service does not show it.
	Graph *Graph
	// CreatedAt is zero where the service does not say.
	CreatedAt time.Time
}

// RouteDeployment is one time that a version of a route was put to work.
type RouteDeployment struct {
	// ID is the deployment's, chosen by the service.
	ID string
	// VersionID is the version that it deployed.
	VersionID string
	// CreatedAt is zero where the service does not say.
	CreatedAt time.Time
}

// Graph is what a dynamic route does with a request. The start and end elements
// of the wire are implied, whatever ids they have there: Entry names the first
// element, and [RouteEnd] is the target that ends.
type Graph struct {
	// Entry is the id of the first element, or [RouteEnd].
	Entry string
	// Elements are all others by their ids.
	Elements map[string]Element
}

// Element is a node of a [Graph]. Exactly one of its fields is set.
type Element struct {
	Conditional *Conditional
	Percentage  *Percentage
	Rate        *Rate
	Model       *ModelCall
	Other       *OtherElement
}

// Conditional goes one way or the other by what is in a request.
type Conditional struct {
	// Conditions is the text of a JSON object: what must hold of the request's
	// metadata, body or headers, in the operators of MongoDB, such as
	// {"metadata.plan":{"$eq":"free"}}.
	Conditions string
	// OnTrue and OnFalse are the ids of the next elements.
	OnTrue, OnFalse string
}

// Percentage goes one of several ways by chance.
type Percentage struct {
	// Outputs are the ids of the next elements by their share: "10%", or
	// [PercentageElse] for what the others leave.
	Outputs map[string]string
}

// PercentageElse is the share that all others of a [Percentage] leave.
const PercentageElse = "else"

// Rate lets so many requests, or so much cost, go one way in a window of time,
// and the rest the other.
type Rate struct {
	// Key is what each has a limit of its own by, such as "metadata.user_id".
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

// ModelCall asks a model.
type ModelCall struct {
	// Provider is the gateway's name for the provider, such as "openai".
	Provider string
	// Model is the provider's name for the model.
	Model string
	// Timeout of each attempt, in milliseconds.
	Timeout float64
	// Retries is how often a failed request is repeated.
	Retries float64
	// OnSuccess and OnFallback are the ids of the next elements: after an
	// answer, and after the last failure.
	OnSuccess, OnFallback string
}

// OtherElement is an element of a type that this version does not know. It can
// be read and shown, not written.
type OtherElement struct {
	// Type is as the service calls it.
	Type string
	// Outputs are the ids of the next elements by the names of the outputs.
	Outputs map[string]string
}

// Edge is a way out of an element.
type Edge struct {
	// Output is the name of the way: "true", "false", "success", "fallback",
	// a share such as "10%", or "else".
	Output string
	// To is the id of the next element, or [RouteEnd].
	To string
}

// Edges are the ways out of an element, always in the same order.
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

// sortedEdges are shares from the smallest, then what is left.
func sortedEdges(outputs map[string]string) []Edge {
	edges := make([]Edge, 0, len(outputs))
	for output, to := range outputs {
		edges = append(edges, Edge{output, to})
	}
	slices.SortFunc(edges, func(a, b Edge) int { return compareOutputs(a.Output, b.Output) })
	return edges
}

// compareOutputs puts shares in order of their size, and names without one,
// such as "else", behind them.
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

// CanonicalShare is a share in its shortest spelling, such as "10%" for
// "010.0%". What is no share stays as it is.
func CanonicalShare(output string) string {
	percent, ok := ParseShare(output)
	if !ok {
		return output
	}
	// ParseShare takes no more digits than these.
	return strings.TrimRight(strings.TrimRight(percent.FloatString(9), "0"), ".") + "%"
}

// RouteModel is what a request gives for its model to take the route of that
// name (documented).
func RouteModel(name string) string { return "dynamic/" + name }
