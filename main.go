// Command terraform-provider-aigateway serves the Terraform and OpenTofu
// provider for Cloudflare AI Gateway.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/aigateway/terraform-provider-aigateway/internal/process"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	var debug bool
	flag.BoolVar(&debug, "debug", false, "run under a debugger such as delve, and print how to attach a CLI to this process")
	flag.Parse()

	process.LimitMemory()
	if !debug { // no CLI filters what a provider under a debugger writes
		if err := process.LimitLogging(provider.TypeName); err != nil {
			log.Fatal(err)
		}
	}
	newServer := providerserver.NewProtocol6(provider.New(version)())
	if err := process.Serve(provider.Address, newServer, debug); err != nil {
		log.Fatal(err)
	}
}
