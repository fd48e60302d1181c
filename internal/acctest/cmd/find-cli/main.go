// Command find-cli prints the path of the Terraform or OpenTofu command that
// the tests and the demo use, and builds OpenTofu if there is none.
//
// Standard output carries the path alone; what it does on the way, and what it
// found, goes to standard error.
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
	built := flag.Bool("built", false, "take the OpenTofu that is built from source, whatever is on PATH")
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
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
	fmt.Fprintf(os.Stderr, "Using %s at %s.\n", c, c.Path)
	fmt.Println(c.Path)
}
