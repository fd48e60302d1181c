// Command find-cli prints the path of the Terraform or OpenTofu CLI that the tests
// and the demo run, and builds OpenTofu if there is none.
//
// It writes only the path to standard output. Progress goes to standard error.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

func main() {
	built := flag.Bool("built", false, "use OpenTofu built from source, even if a CLI is on PATH")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	find := cli.FindOrBuild
	if *built {
		find = cli.Build
	}
	c, err := find(ctx, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "find-cli:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signal handling
	}
	fmt.Fprintf(os.Stderr, "Using %s at %s.\n", c, c.Path)
	fmt.Println(c.Path)
}
