package dataplane

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/conditions"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/limits"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// maxVisits is the maximum number of elements that a request visits. Whether the
// service has such a bound, or refuses graphs with cycles, is not known.
const maxVisits = 1000

// resolve returns a request that leaves the choice of the model to its gateway with the
// dynamic route, or the model, that it is for.
func (p *Plane) resolve(req request) (request, *refusal) {
	req.trace.Ask(req.asked())
	route, refused := p.findRoute(req)
	if refused != nil {
		req.refuse(stepRoute, refused)
		return req, refused
	}
	req.route = route
	return p.choose(req)
}

// findRoute returns the dynamic route of a request as it is deployed now, nil for a
// request without one. Status and code for a missing route were observed live; the
// text behind the colon is the emulator's own.
func (p *Plane) findRoute(req request) (*store.DeployedRoute, *refusal) {
	if req.routeName == "" {
		return nil, nil
	}
	if route, ok := p.store.DeployedRoute(req.account, req.gateway, req.routeName); ok {
		return route, nil
	}
	return nil, badRequest(codeProviderFailed,
		"Failed to get response from provider: the gateway '"+req.gateway+"' has no dynamic route '"+req.routeName+"'")
}

// walk is a request on its way through the graph of its route.
type walk struct {
	plane    *Plane
	request  request
	facts    conditions.Facts
	elements map[string]element
	// models counts the model elements visited so far.
	models int
	// last is the last successful response; nil while there is none.
	last *outcome
	// denied is the refusal of the last model by a policy; nil if policies allowed it.
	denied *refusal
	// cost is the cost of all responses; passed are the rate elements' records of
	// the request, which it is added to.
	cost   float64
	passed []store.Passage
}

// followRoute sends a request along its route. The last successful response counts
// (documented). Without one, or if the graph does not end, the response is 2005
// (inferred from the universal endpoint, where it is documented). So is that to a
// request that a rate element has sent to the end; the service's own error for it is
// not known.
//
// A gateway without authentication has routes too. (The documents require
// authentication.)
func (p *Plane) followRoute(ctx context.Context, req request) (outcome, *refusal) {
	w := &walk{plane: p, request: req, facts: factsOf(req), elements: map[string]element{}}
	ended := w.run(ctx, w.read(req.route.Elements))
	for _, passage := range w.passed {
		passage.SetCost(w.cost)
	}
	switch {
	case ended && w.last != nil:
		return *w.last, nil
	case w.denied != nil:
		req.refuse(stepPolicies, w.denied)
		return outcome{req: req}, w.denied
	}
	why := "no model of the route '" + req.routeName + "' responded"
	if !ended {
		why = "the route '" + req.routeName + "' does not end"
	}
	req.note(stepRoute, trace.Refused, why)
	return outcome{req: req}, noResponse()
}

// factsOf returns what conditions can ask about a request.
func factsOf(req request) conditions.Facts {
	f := conditions.Facts{Metadata: req.metadata, Header: req.header}
	// A body that is not JSON has been refused before.
	_ = json.Unmarshal(req.body, &f.Body)
	return f
}

// element is an element of the graph.
type element struct {
	id, kind            string
	properties, outputs map[string]any
}

// property returns the first of these properties that is set. (The documents have
// other names for some than the API.)
func (e element) property(names ...string) any {
	for _, name := range names {
		if value := e.properties[name]; value != nil {
			return value
		}
	}
	return nil
}

// text returns a property, "" if it is not a string.
func (e element) text(name string) string {
	value, _ := e.properties[name].(string)
	return value
}

// number returns a property, nil if it is not a number.
func (e element) number(names ...string) *float64 {
	if value, ok := e.property(names...).(float64); ok {
		return &value
	}
	return nil
}

// next returns the id of the element that an output leads to. It is empty without
// such an output, which ends the route (documented).
func (e element) next(output string) string {
	target, _ := e.outputs[output].(map[string]any)
	id, _ := target["elementId"].(string)
	return id
}

// read reads the graph and returns the id of its start.
func (w *walk) read(elements []any) (start string) {
	for _, item := range elements {
		values, _ := item.(map[string]any)
		var e element
		e.id, _ = values["id"].(string)
		e.kind, _ = values["type"].(string)
		e.properties, _ = values["properties"].(map[string]any)
		e.outputs, _ = values["outputs"].(map[string]any)
		w.elements[e.id] = e
		if e.kind == "start" {
			start = e.id
		}
	}
	return start
}

// run visits elements until there is no next one. It reports false if it visits too
// many.
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

// visit evaluates an element and returns the output to follow.
func (w *walk) visit(ctx context.Context, e element) string {
	switch e.kind {
	case "start":
		return "next"
	case "conditional":
		output := strconv.FormatBool(w.facts.Hold(e.property("conditions", "condition")))
		w.note(e, trace.Passed, output, "")
		return output
	case "percentage":
		drawn := w.plane.draws.percent()
		output := share(e.outputs, drawn)
		w.note(e, trace.Passed, output, fmt.Sprintf("drew %.2f of 100", math.Floor(drawn*100)/100))
		return output
	case "rate", "rate_limit":
		return successOrFallback(w.admit(e))
	case "model":
		return successOrFallback(w.ask(ctx, e))
	default:
		w.note(e, trace.Passed, "", "")
		return "" // the end, or an unknown element
	}
}

func successOrFallback(ok bool) string {
	if ok {
		return "success"
	}
	return "fallback"
}

// admit reports whether a request may pass a rate element. Requests without the key
// share a limit, and a window of 0 means no limit (both inferred).
//
// The window is the time before now, or one aligned with the clock if the technique
// is "fixed", which only the documents have.
func (w *walk) admit(e element) bool {
	window := time.Duration(min(wire.Deref(e.number("window", "interval")), 1e9) * float64(time.Second))
	if window <= 0 {
		w.note(e, trace.Passed, successOrFallback(true), "no limit")
		return true
	}
	limit := limits.Route{
		Element: e.id, Limit: wire.Deref(e.number("limit")), Cost: e.text("limitType") == "cost",
		Window: window, Sliding: e.text("technique") != "fixed",
	}
	if value, present := w.facts.Lookup(e.text("key")); present {
		limit.Value = "=" + fmt.Sprint(value)
	}
	passage, ok := w.request.route.Admit(limit)
	if !ok {
		w.note(e, trace.Failed, successOrFallback(ok), "the limit is reached")
		return false
	}
	w.passed = append(w.passed, passage)
	w.note(e, trace.Passed, successOrFallback(ok), "within the limit")
	return true
}

// ask sends the request to the model of an element, and reports whether it
// succeeded. Errors and timeouts are failures, and so are refusals of the gateway: an
// unknown provider, a missing credential, a spend limit that is used up (the latter
// inferred).
//
// Timeout and number of attempts are the element's (documented), and the timeout
// applies to every attempt; delay and backoff are those of the request or the
// gateway (inferred).
func (w *walk) ask(ctx context.Context, e element) bool {
	step := w.models
	w.models++
	failed := func(why string) bool {
		w.note(e, trace.Failed, successOrFallback(false), e.text("provider")+"/"+e.text("model")+": "+why)
		return false
	}
	provider, refused := resolveProvider(e.text("provider"))
	switch {
	case refused != nil:
		return failed(refused.String())
	case e.text("model") == "":
		return failed("the element names no model")
	}
	req := w.request.forModel(provider, e.text("model"))
	req.routeName, req.route = "", nil
	if !req.universal { // there the step is the number of the provider (documented)
		req.step = step
	}
	req.override = retryOverride{RequestTimeout: e.number("timeout"), everyAttempt: true}
	if retries := e.number("retries"); retries != nil {
		attempts := *retries + 1
		req.override.MaxAttempts = &attempts
	}
	req, refused = w.plane.admitModel(req)
	if refused != nil {
		return failed(refused.String())
	}
	if req.verdict, w.denied = w.plane.requirePolicies(req); w.denied != nil {
		return failed(w.denied.String())
	}
	out := outcome{req: req, response: w.plane.send(ctx, req)}
	if gatewayError(req, out.response) != nil || out.response.status >= http.StatusBadRequest {
		return failed(out.response.String())
	}
	w.note(e, trace.Answered, successOrFallback(true), provider+"/"+req.model.Model+": "+out.response.String()+", "+req.credential())
	out.cost = w.plane.charge(req, out.response)
	w.last = &out
	w.cost += out.cost.amount
	return true
}

// admitModel returns the request with the custom provider and key of its model, unless
// the gateway refuses the model.
func (p *Plane) admitModel(req request) (request, *refusal) {
	var refused *refusal
	if req.custom, refused = p.findCustomProvider(req.account, req.provider); refused != nil {
		return req, refused
	}
	if req.key, refused = p.findKey(req); refused != nil {
		return req, refused
	}
	if refused := requireCredential(req); refused != nil {
		return req, refused
	}
	if !req.key.Admit() {
		return req, rateLimited()
	}
	if refused := p.requireCredit(req); refused != nil {
		return req, refused
	}
	return req, p.requireBudget(req)
}
