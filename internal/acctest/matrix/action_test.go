package matrix_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// An actionCase is an action that changes something.
type actionCase struct {
	name, typeName string
	// prepare creates what the action changes and returns its configuration.
	prepare func(*cell) attrs
	// isDone reports whether the action has done all that it is to do.
	isDone func(*cell) bool
	// isIntact reports whether it has done nothing else.
	isIntact func(*cell) bool
}

var actionCases = []actionCase{
	{
		"by filter", "aigateway_delete_logs",
		deletionOf(attrs{"success": false}), hasNoLogs("fails"), hasLogs("stays"),
	},
	{
		"by time", "aigateway_delete_logs",
		deletionOf(attrs{"success": false, "end_date": "2030-01-01T00:00:00Z"}), hasNoLogs("fails"), hasLogs("stays"),
	},
	{
		"by ID", "aigateway_delete_logs",
		deletionOf(attrs{"metadata": attrs{"team": "fails"}}), hasNoLogs("fails"), hasLogs("stays"),
	},
	{
		"deploy", "aigateway_deploy_route_version",
		func(c *cell) attrs {
			graph := func(model string) []map[string]any {
				return []map[string]any{
					{"id": "start", "type": "start", "outputs": attrs{"next": attrs{"elementId": "m"}}},
					{"id": "m", "type": "model", "properties": attrs{"provider": "openai", "model": model, "timeout": 1000, "retries": 0},
						"outputs": attrs{"success": attrs{"elementId": "end"}, "fallback": attrs{"elementId": "end"}}},
					{"id": "end", "type": "end", "outputs": attrs{}},
				}
			}
			id := c.emulator.PutRoute(acctest.AccountID, parentID, "subject", graph("gpt-5.2"))
			c.emulator.DeployRoute(acctest.AccountID, parentID, id, graph("gpt-5-mini"))
			stored, _ := c.emulator.Route(acctest.AccountID, parentID, id)
			return attrs{"gateway_id": parentID, "route_id": id, "version_id": stored.Versions[0]}
		},
		func(c *cell) bool {
			for _, route := range c.emulator.Routes(acctest.AccountID, parentID) {
				if route.Name == "subject" {
					return route.Deployed == route.Versions[0]
				}
			}
			return false
		},
		func(c *cell) bool {
			for _, route := range c.emulator.Routes(acctest.AccountID, parentID) {
				if route.Name == "subject" {
					return len(route.Versions) == 2
				}
			}
			return false
		},
	},
}

// deletionOf creates three logs that fail and three that stay, and returns the
// configuration of the action that is to delete the former.
func deletionOf(filters attrs) func(*cell) attrs {
	return func(c *cell) attrs {
		for n := range 3 {
			for _, name := range []string{"fails", "stays"} {
				c.emulator.PutLog(acctest.AccountID, parentID, attrs{
					"id": fmt.Sprintf("%s-%d", name, n), "success": name == "stays", "metadata": attrs{"team": name},
					"created_at": c.clock.emulator.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
				})
			}
		}
		config := attrs{"gateway_id": parentID, "confirm": parentID}
		maps.Copy(config, filters)
		return config
	}
}

// logsNamed returns how many logs have an ID with this prefix.
func (c *cell) logsNamed(prefix string) int {
	state, diags := c.server.ReadDataSource("aigateway_logs", attrs{"gateway_id": parentID, "limit": int64(50)})
	if diags.HasError() {
		c.Fatal(diags)
	}
	count := 0
	for _, log := range protocol.Object(c, state)["logs"].([]any) {
		if strings.HasPrefix(log.(attrs)["id"].(string), prefix) {
			count++
		}
	}
	return count
}

func hasNoLogs(prefix string) func(*cell) bool {
	return func(c *cell) bool { return c.logsNamed(prefix) == 0 }
}

func hasLogs(prefix string) func(*cell) bool {
	return func(c *cell) bool { return c.logsNamed(prefix) == 3 }
}

// TestActions lets every request of every action that changes something go wrong in every
// way. The action says that it has done its work only if it has, changes nothing else, and
// does its work when it is invoked again.
func TestActions(t *testing.T) {
	t.Parallel()
	counts := &counts{faults: map[string]int{}, impossible: map[string]int{}}
	t.Cleanup(func() { t.Log(counts) })
	for i, action := range actionCases {
		t.Run(action.typeName+"/"+action.name, func(t *testing.T) {
			t.Parallel()
			op := operation{name: action.name, typeName: action.typeName}
			clean := newCell(t, op)
			config := action.prepare(clean)
			clean.proxy.Play()
			clean.emulator.ResetRequests()
			if _, diags := clean.server.InvokeAction(action.typeName, config); len(diags) > 0 {
				t.Fatal(diags)
			}
			requests := clean.emulator.Requests()
			if !action.isDone(clean) || !action.isIntact(clean) || len(requests) < 3 {
				t.Fatalf("an undisturbed run: done %v, intact %v, %d requests", action.isDone(clean), action.isIntact(clean), len(requests))
			}
			n := i
			for nth, request := range requests {
				for _, fault := range faultproxy.Faults() {
					for _, lasting := range []bool{false, true} {
						if n++; n%every() != 0 {
							continue
						}
						name := fmt.Sprintf("request %d, %s: %s, lasting %v", nth+1, request.Method, fault.Name, lasting)
						if request.Method == http.MethodGet && strings.HasSuffix(fault.Name, "-after") && fault.Name != "cut-after" {
							counts.add(fault.Name, "a GET changes nothing, so the fault is the same without -after")
							continue
						}
						for _, failure := range protocol.Record(t, func(tb testing.TB) {
							tb.Helper()
							action.play(newCell(tb, op), &faultproxy.Rule{Fault: fault, Nth: nth + 1, Lasting: lasting})
						}) {
							t.Errorf("%s: %.1500s", name, failure)
						}
						counts.add(fault.Name, "")
					}
				}
			}
		})
	}
}

// play invokes the action with a fault, and once more without.
func (a actionCase) play(c *cell, rule *faultproxy.Rule) {
	config := a.prepare(c)
	before := c.snapshot()
	c.proxy.Play(rule)
	_, diags := c.server.InvokeAction(a.typeName, config)
	if c.proxy.Played() == 0 {
		c.Errorf("the fault was not played")
	}
	c.proxy.Play()
	c.checkDiagnostics(diags)
	if !diags.HasError() && !a.isDone(c) {
		c.Errorf("the action succeeds without having done anything")
	}
	if diags.HasError() && !strings.Contains(diags.String(), "-invoke=action."+a.typeName) {
		c.Errorf("the error does not say how to invoke the action again: %s", diags)
	}
	c.clock.advance(10 * time.Minute)
	if _, diags := c.server.InvokeAction(a.typeName, config); diags.HasError() {
		c.Errorf("the next invocation: %s", diags)
	}
	if !a.isDone(c) || !a.isIntact(c) {
		c.Errorf("afterwards: done %v, intact %v", a.isDone(c), a.isIntact(c))
	}
	c.same("bystanders", before.bystanders, c.snapshot().bystanders)
}
