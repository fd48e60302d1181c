package emulator

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

const (
	// dynamicPrefix begins the name of a model that is a dynamic route.
	dynamicPrefix = "dynamic"
	// unknownProvider is the provider of a request for which a route found no
	// model (documented for logs).
	unknownProvider = "unknown"
	// maxVisits is how many elements a request visits at most. Whether the
	// service has such a bound, or refuses graphs with cycles, is not known.
	maxVisits = 1000
)

// routing is a request's dynamic route, of which the model is still to be found.
type routing struct {
	name string
	// route and elements are there when the route has been looked up. Later
	// deployments do not concern the request.
	route    *route
	elements []any
}

// askRoute makes the exchange one for a dynamic route. Until the route has
// found a model, and in the log if it finds none, the model is the route and the
// provider is unknown (documented for logs).
func (x *exchange) askRoute(name string) {
	x.dynamic = &routing{name: name}
	x.provider, x.question.model = unknownProvider, dynamicPrefix+"/"+name
}

// lookUpRoute looks up the route of an exchange that asks for one, as it is
// deployed now.
func (s *Server) lookUpRoute(x *exchange) *dataError {
	if x.dynamic == nil {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if g, ok := s.state.account(x.account).gateways[x.gateway]; ok {
		if found := g.routeNamed(x.dynamic.name); found != nil {
			x.dynamic.route, x.dynamic.elements = found, found.deployed().elements
			return nil
		}
	}
	return routeMissing(x.gateway, x.dynamic.name)
}

// routeMissing is the error for a route that the gateway does not have. Status
// and code were observed live; the text behind the colon is the emulator's own.
func routeMissing(gateway, name string) *dataError {
	return &dataError{http.StatusBadRequest, codeProviderFailed,
		"Failed to get response from provider: the gateway '" + gateway + "' has no dynamic route '" + name + "'"}
}

// walk is a request on its way through the graph of its route.
type walk struct {
	server   *Server
	request  *exchange
	facts    facts
	elements map[string]node
	// tried is how many model elements the walk has come to.
	tried int
	// answered is the request as the model of the last good answer got it, and
	// last that answer with its cost; nil while there is none.
	answered *exchange
	last     *note
	// cost is what all answers cost together, and passed the rate elements'
	// records of the request, which get to know it.
	cost   float64
	passed []*passage
}

// walk takes an exchange through its route, and makes it, at the end, that of
// the model that answered: the last good answer counts (documented). Without
// one, or when the graph does not end, the answer is 2005 (inferred from the
// universal endpoint, where it is documented). That goes for a request that a
// rate element sent to the end too: which error the service has for it is not
// known.
//
// A gateway that requires no authentication does as well. (The documents ask
// for one that does.)
func (s *Server) walk(ctx context.Context, x *exchange, n *note) *dataError {
	w := &walk{server: s, request: x, facts: x.facts(), elements: map[string]node{}}
	ended := w.run(ctx, w.read(x.dynamic.elements))
	s.chargePassages(w.passed, w.cost)
	if !ended || w.answered == nil {
		return &dataError{http.StatusBadRequest, codeProviderFailed, "Failed to get response from provider"}
	}
	n.answer, n.cost, n.custom = w.last.answer, w.last.cost, w.last.custom
	*x = *w.answered
	return nil
}

// node is an element as the walk needs it.
type node struct {
	id, kind            string
	properties, outputs map[string]any
}

// property is the first of these properties that is set. (The documents have
// other names for some than the API.)
func (e node) property(names ...string) any {
	for _, name := range names {
		if value := e.properties[name]; value != nil {
			return value
		}
	}
	return nil
}

// text is a property, "" where it is no text.
func (e node) text(name string) string {
	value, _ := e.properties[name].(string)
	return value
}

// number is a property, nil where it is no number.
func (e node) number(names ...string) *float64 {
	if value, ok := e.property(names...).(float64); ok {
		return &value
	}
	return nil
}

// next is the id of the element that an output leads to. It is empty without
// such an output, which ends the route (documented).
func (e node) next(output string) string {
	target, _ := e.outputs[output].(map[string]any)
	id, _ := target["elementId"].(string)
	return id
}

// read takes the graph in, and returns the id of its start.
func (w *walk) read(elements []any) (start string) {
	for _, item := range elements {
		wire, _ := item.(map[string]any)
		var e node
		e.id, _ = wire["id"].(string)
		e.kind, _ = wire["type"].(string)
		e.properties, _ = wire["properties"].(map[string]any)
		e.outputs, _ = wire["outputs"].(map[string]any)
		w.elements[e.id] = e
		if e.kind == "start" {
			start = e.id
		}
	}
	return start
}

// run visits elements until there is no next one, and reports false when it
// has had to stop before.
func (w *walk) run(ctx context.Context, id string) bool {
	for range maxVisits {
		e, ok := w.elements[id]
		if !ok {
			return true
		}
		id = e.next(w.visit(ctx, e))
	}
	return false
}

// visit does what an element does, and returns the output to leave it by.
func (w *walk) visit(ctx context.Context, e node) string {
	switch e.kind {
	case "start":
		return "next"
	case "conditional":
		return strconv.FormatBool(w.facts.hold(e.property("conditions", "condition")))
	case "percentage":
		return share(e.outputs, w.server.random.percent())
	case "rate", "rate_limit":
		return successOrFallback(w.withinLimit(e))
	case "model":
		return successOrFallback(w.ask(ctx, e))
	default:
		return "" // the end, or an element that nobody knows
	}
}

func successOrFallback(ok bool) string {
	if ok {
		return "success"
	}
	return "fallback"
}

// ask asks the model of an element, and reports whether it answered. Any error
// and a timeout are failures, and so is all that the gateway has against the
// model: a provider that it does not know, a missing credential, a spend limit
// that is used up (the latter inferred).
//
// Timeout and number of attempts are the element's (documented), and the
// timeout holds for every attempt; delay and backoff are those of the request
// or the gateway (inferred).
func (w *walk) ask(ctx context.Context, e node) bool {
	x := *w.request
	x.dynamic, x.step = nil, w.tried
	w.tried++
	provider, refusal := resolveProvider(e.text("provider"))
	if refusal != nil || e.text("model") == "" {
		return false
	}
	x.provider, x.question.model = provider, e.text("model")
	x.override = stepConfig{RequestTimeout: e.number("timeout"), everyAttempt: true}
	if retries := e.number("retries"); retries != nil {
		attempts := *retries + 1
		x.override.MaxAttempts = &attempts
	}
	if !w.server.mayAsk(&x) {
		return false
	}
	n := note{answer: w.server.attempts(ctx, &x)}
	if x.unanswered(n.answer) != nil || n.answer.status >= http.StatusBadRequest {
		return false
	}
	w.server.charge(&x, &n)
	w.answered, w.last = &x, &n
	w.cost += n.cost
	return true
}

// mayAsk reports whether the gateway has nothing against the provider and model
// of an element.
func (s *Server) mayAsk(x *exchange) bool {
	return s.findCustom(x) == nil && s.findKey(x) == nil && x.needsCredential(s) == nil && s.withinConfigLimit(x) &&
		s.outOfCredit(x) == nil && s.withinBudgets(x) == nil
}

// isRoute returns the name of the dynamic route that a model's name is, if it
// is one.
func isRoute(model string) (name string, ok bool) {
	name, ok = strings.CutPrefix(model, dynamicPrefix+"/")
	return name, ok && name != ""
}
