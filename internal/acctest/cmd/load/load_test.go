package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestAccLoad is the load, small, with many more faults.
func TestAccLoad(t *testing.T) {
	acctest.RequireCLI(t)
	acctest.RequireEmulator(t)
	var out bytes.Buffer
	l := load{gateways: 20, routes: 20, keys: 12, parallelism: 50, rate: 0.1, seed: 7, out: &out, name: "test"}
	if err := l.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{"20 gateways, 20 routes, 12 keys at parallelism 50", "apply ", "plan ", "destroy ", "requests failed", "MiB"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "\n0 requests failed") {
		t.Errorf("no request failed:\n%s", &out)
	}
}

// The same shape in this process, which the race detector can see.
func TestLoadInProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := acctest.EmulateInMemory(t, emulator.Options{GatewayLimit: -1})
		l := load{rate: 0.1, seed: 3, server: s.Emulator}
		proxy, err := l.proxy()
		if err != nil {
			t.Fatal(err)
		}
		s.Transport = faultproxy.Transport(proxy)
		all := lifecycle.Stacks(s, s.Protocol(t, nil), 20, 20, 12)
		lifecycle.InParallel(all, func(o *lifecycle.Object) { o.MustApply(t) })
		lifecycle.InParallel(all, func(o *lifecycle.Object) { o.MustPlanEmpty(o.Config) })
		if gateways, routes, keys := l.count(s.AccountID); gateways != 20 || routes != 20 || keys != 12 {
			t.Errorf("%d gateways, %d routes and %d keys exist", gateways, routes, keys)
		}
		lifecycle.InParallel(all, func(o *lifecycle.Object) { o.MustDestroy(t) })
		if gateways, routes, keys := l.count(s.AccountID); gateways+routes+keys != 0 {
			t.Errorf("%d gateways, %d routes and %d keys are left", gateways, routes, keys)
		}
		if proxy.Played() < 5 {
			t.Errorf("only %d requests failed", proxy.Played())
		}
	})
}
