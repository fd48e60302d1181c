// Command find-cli prints the path of the Terraform or OpenTofu CLI that the tests
// and the demo run, and builds OpenTofu if there is none. With -build, it builds the CLI that is
// asked for.
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
	build := flag.String("build", "", "build this `CLI` from source, even if one is on PATH: tofu or terraform")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	find := cli.FindOrBuild
	switch *build {
	case "":
	case "tofu":
		find = cli.TofuSource.Build
	case "terraform":
		find = cli.TerraformSource.Build
	default:
		fmt.Fprintf(os.Stderr, "find-cli: cannot build %q, only tofu and terraform\n", *build)
		os.Exit(2) //nolint:gocritic // stop only restores signal handling
	}
	c, err := find(ctx, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "find-cli:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "Using %s at %s.\n", c, c.Path)
	fmt.Println(c.Path)
}
