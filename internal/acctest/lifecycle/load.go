package lifecycle

import (
	"fmt"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// Parallelism is what people set -parallelism to who are in a hurry.
const Parallelism = 50

// An Object is one resource of a large configuration.
type Object struct {
	*protocol.Resource
	// Config is its configuration.
	Config Attrs
}

// MustApply plans and applies the object, as an apply does for each object when its
// turn comes. It fails the test unless the object is in state then, untainted.
func (o *Object) MustApply(t *testing.T) {
	t.Helper()
	plan, diags := o.Plan(o.Config)
	if !diags.HasError() {
		diags = append(diags, o.Apply(plan)...)
	}
	if diags.HasError() {
		t.Errorf("%v: %s", o.Config["name"], diags)
	}
	if !o.Exists() || o.Tainted() {
		t.Errorf("%v: in state: %t, tainted: %t", o.Config["name"], o.Exists(), o.Tainted())
	}
}

// MustDestroy plans and applies the end of the object. It fails the test unless the
// object is gone then.
func (o *Object) MustDestroy(t *testing.T) {
	t.Helper()
	plan, diags := o.Plan(nil)
	if !diags.HasError() {
		diags = append(diags, o.Apply(plan)...)
	}
	if diags.HasError() || o.Exists() {
		t.Errorf("%v: in state: %t: %s", o.Config["name"], o.Exists(), diags)
	}
}

// Stacks returns gateways, most of them with a route or a key, in which an object comes
// after the gateway that it needs.
func Stacks(s *acctest.Service, server *protocol.Server, gateways, routes, keys int) [][]*Object {
	store := s.Emulator.StoreIDs(s.AccountID)[0]
	all := make([][]*Object, gateways)
	for i := range all {
		id := fmt.Sprintf("gateway-%04d", i)
		add := func(typeName string, config Attrs) {
			all[i] = append(all[i], &Object{server.Resource(typeName), config})
		}
		add("aigateway_gateway", Attrs{"name": id, "cache_enabled": true, "cache_ttl": int64(60 + i), "store_id": store})
		if i < routes {
			add("aigateway_dynamic_route", Attrs{
				"gateway_id": id, "name": "route", "entry": "ask",
				"elements": Attrs{"ask": Attrs{"model": Attrs{
					"provider": "openai", "model": "gpt-5.2", "timeout": int64(10000), "retries": int64(0), "on_success": "end", "on_fallback": "end",
				}}},
			})
		}
		if i >= gateways-keys {
			add("aigateway_provider_config", Attrs{
				"gateway_id": id, "provider_slug": "openai", "secret_wo": fmt.Sprintf("sk-%04d-0123456789", i), "secret_wo_version": int64(1),
			})
		}
	}
	return all
}

// InParallel does something with each stack, with [Parallelism] stacks at once.
func InParallel(all [][]*Object, do func(*Object)) {
	var workers sync.WaitGroup
	queue := make(chan []*Object)
	for range Parallelism {
		workers.Go(func() {
			for stack := range queue {
				for _, o := range stack {
					do(o)
				}
			}
		})
	}
	for _, stack := range all {
		queue <- stack
	}
	close(queue)
	workers.Wait()
}
