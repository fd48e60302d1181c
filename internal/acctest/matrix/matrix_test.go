package matrix_test

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// every returns how many cells there are for each one that a run tries. All of them
// take minutes. The numbers are primes, so that the samples wander over the faults.
func every() int {
	switch {
	case acctest.Exhaustive():
		return 1
	case acctest.Deep():
		return 13
	default:
		return 43
	}
}

// TestMatrix lets every request of every operation of every resource and data
// source go wrong in every way, once and lastingly. Then the fault is gone, and
// one apply converges: the service has what it has after an undisturbed run,
// other objects are untouched, and the plan is empty.
func TestMatrix(t *testing.T) {
	t.Parallel()
	schema := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil).Schema()
	var all []operation
	for _, typeName := range slices.Sorted(maps.Keys(schema.ResourceSchemas)) {
		if len(resources[typeName]) == 0 {
			t.Errorf("the resource %s has no configurations in this test", typeName)
			continue
		}
		all = append(all, operations(typeName)...)
	}
	for _, typeName := range slices.Sorted(maps.Keys(schema.DataSourceSchemas)) {
		config, ok := dataSources[typeName]
		if !ok {
			t.Errorf("the data source %s has no configuration in this test", typeName)
		}
		all = append(all, operation{name: "read", typeName: typeName, to: config})
	}
	for _, typeName := range slices.Sorted(maps.Keys(schema.ListResourceSchemas)) {
		all = append(all, operation{name: "list", typeName: typeName, to: attrs{}, lists: true})
	}
	counts := &counts{faults: map[string]int{}, impossible: map[string]int{}}
	t.Cleanup(func() { t.Log(counts) })
	for i, op := range all {
		kind := "resource"
		if op.isRead() {
			kind = "data"
		}
		t.Run(fmt.Sprintf("%s %s/%s", kind, op.typeName, op.name), func(t *testing.T) {
			t.Parallel()
			row(t, op, i, counts)
		})
	}
}

// row tries all cells of an operation.
func row(t *testing.T, op operation, number int, counts *counts) {
	t.Helper()
	clean := newCell(t, op)
	clean.prepare()
	clean.proxy.Play()
	before := clean.snapshot()
	clean.emulator.ResetRequests()
	if diags := clean.run(); diags.HasError() {
		t.Fatal(diags)
	}
	requests := clean.emulator.Requests()
	want := clean.snapshot()
	clean.same("bystanders of an undisturbed run", before.bystanders, want.bystanders)
	if len(requests) == 0 {
		counts.add("", "the operation makes no request")
		return
	}
	n := number
	for nth, request := range requests {
		for _, fault := range faultproxy.Faults() {
			for _, lasting := range []bool{false, true} {
				if n++; n%every() != 0 {
					continue
				}
				rule := &faultproxy.Rule{Fault: fault, Nth: nth + 1, Lasting: lasting}
				once := "once"
				if lasting {
					once = "lasting"
				}
				name := fmt.Sprintf("request %d, %s %s: %s, %s", nth+1, request.Method, request.Path[strings.LastIndex(request.Path, "/"):], fault.Name, once)
				if why := impossible(op, requests, nth, fault, lasting); why != "" {
					counts.add(fault.Name, why)
					continue
				}
				imported := false
				failures := protocol.Record(t, func(tb testing.TB) {
					tb.Helper()
					c := newCell(tb, op)
					c.replaced = clean.isAnother()
					imported = c.play(rule, request, want.subjects)
				})
				for _, failure := range failures {
					t.Errorf("%s: %.1500s", name, failure)
				}
				why := ""
				if imported {
					why = "converged by the import block that the error named"
				}
				counts.add(fault.Name, why)
			}
		}
	}
}

// play runs the operation with a fault, checks what it leaves, and converges.
func (c *cell) play(rule *faultproxy.Rule, request emulator.Request, subjects any) (imported bool) {
	c.prepare()
	before := c.snapshot()
	c.proxy.Play(rule)
	diags := c.run()
	if c.proxy.Played() == 0 {
		c.Errorf("the fault was not played")
	}
	c.proxy.Play()
	c.checkDiagnostics(diags)
	if diags.HasError() || rule.Fault.Name == "other" || rule.Fault.Name == "other-after" {
		c.checkIdentity()
	}
	if c.op.isRead() && c.read != nil && !anyAnswer(c.op, request) {
		c.same("the fault changed what was read", c.wantRead, c.read)
	}
	c.clock.advance(10 * time.Minute)
	imported = c.converge(diags)
	after := c.snapshot()
	c.same("bystanders", before.bystanders, after.bystanders)
	c.same("objects", subjects, after.subjects)
	if c.op.isRead() && !isChat(c.op) {
		c.same("the next read", c.wantRead, c.read)
	}
	return imported
}

// anyAnswer reports whether whatever the service responds to a request is the
// result, so that a wrong one cannot be told: the data plane's responses, and the
// bodies of logged requests.
func anyAnswer(op operation, request emulator.Request) bool {
	return isChat(op) || op.typeName == "aigateway_models" || strings.HasSuffix(request.Path, logID+"/request") || strings.HasSuffix(request.Path, logID+"/response")
}

// isChat reports whether the operation sends a request to a model, which gets
// another response each time.
func isChat(op operation) bool { return op.typeName == "aigateway_chat_completion" }

// impossible returns why a cell cannot converge, or cannot be told from an
// undisturbed run; "" if it can.
func impossible(op operation, requests []emulator.Request, nth int, fault faultproxy.Fault, lasting bool) string {
	request := requests[nth]
	// A false success is one that no client can tell from a true one.
	falseSuccess := !fault.Forwards && strings.HasPrefix(fault.Name, "result-")
	undoes := lasting && strings.HasPrefix(op.name, "create")
	replaces := lasting && slices.ContainsFunc(requests[nth:], func(r emulator.Request) bool { return r.Method == http.MethodDelete })
	isRotation := request.Method == http.MethodPut && op.typeName == "aigateway_provider_config"
	listed, _, _ := strings.Cut(request.Path, "?")
	isList := request.Method == http.MethodGet && slices.Contains([]string{"versions", "deployments", "policies"}, path.Base(listed))
	switch {
	case request.Method == http.MethodGet && strings.HasSuffix(fault.Name, "-after") && fault.Name != "cut-after":
		return "a GET changes nothing, so the fault is the same without -after"
	case falseSuccess && (request.Method == http.MethodDelete || undoes || replaces):
		return "the service claims the success of a DELETE that it did not carry out"
	case isRotation && (falseSuccess || fault.Name == "empty"):
		return "the service claims the success of a rotation, and a key cannot be read back"
	case isList && fault.Name == "other":
		return "the versions, deployments and policies of a list do not say whose they are"
	case op.lists && fault.Name == "other" && path.Base(listed) == "custom-domains":
		return "an empty list does not say whose it is"
	case strings.HasSuffix(request.Path, "/credit-balance") && (fault.Name == "other" || fault.Name == "result-object"):
		return "a balance has no identity, and its form is not documented"
	}
	return ""
}

// A counts is how many cells there are, by fault and by reason.
type counts struct {
	mu         sync.Mutex
	cells      int
	faults     map[string]int
	impossible map[string]int
}

func (c *counts) add(fault, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if why != "" {
		c.impossible[why]++
		if !strings.HasPrefix(why, "converged") {
			return
		}
	}
	c.cells++
	c.faults[fault]++
}

// String returns the counts as a report.
func (c *counts) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cells", c.cells)
	for _, fault := range slices.Sorted(maps.Keys(c.faults)) {
		fmt.Fprintf(&b, "\n  %5d %s", c.faults[fault], fault)
	}
	for _, why := range slices.Sorted(maps.Keys(c.impossible)) {
		fmt.Fprintf(&b, "\n%d %s", c.impossible[why], why)
	}
	return b.String()
}
