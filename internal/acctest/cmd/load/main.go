// Command load applies many objects at a high parallelism against an emulator
// that fails now and then: one apply, one plan, one destroy. It fails unless the
// apply succeeds, the plan is empty and the destroy leaves nothing behind, and
// unless the provider stays within the memory limit.
//
// Everything it writes is in .cache/load; the objects are in an emulator in this
// process; credentials and settings in the environment are ignored.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	l := load{name: "run", out: os.Stdout}
	flag.IntVar(&l.gateways, "gateways", 500, "how many gateways")
	flag.IntVar(&l.routes, "routes", 500, "how many dynamic routes")
	flag.IntVar(&l.keys, "keys", 300, "how many provider configs")
	flag.IntVar(&l.parallelism, "parallelism", 50, "the CLI's -parallelism")
	flag.Float64Var(&l.rate, "faults", 0.02, "which share of the requests fails")
	flag.Uint64Var(&l.seed, "seed", 1, "decides which requests fail, and how")
	flag.BoolVar(&l.race, "race", false, "build the provider with the race detector, which needs cgo; memory is not limited then")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := l.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "The load failed: %v\n", err)
		os.Exit(1)
	}
}
