// Command echo is a provider with our schema that does no work: it plans what
// the configuration says, and it returns the state that it is given. It costs
// what the CLI and the protocol cost at this schema, and so it is the limit for
// a provider that does work.
//
// It reads its schema from the file that AIGATEWAY_ECHO_SCHEMA names, as
// package schemafile writes it.
package main

import (
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cmd/bench/schemafile"
	"github.com/aigateway/terraform-provider-aigateway/internal/process"
)

func main() {
	// The same settings as ours, so that the two differ in their work alone.
	process.LimitMemory()
	if err := process.LimitLogging("echo"); err != nil {
		log.Fatal(err)
	}
	schemas, err := schemafile.Read(os.Getenv("AIGATEWAY_ECHO_SCHEMA"))
	if err != nil {
		log.Fatal(err)
	}
	err = tf6server.Serve("registry.terraform.io/aigateway/echo", func() tfprotov6.ProviderServer {
		return server{schemas: schemas}
	})
	if err != nil {
		log.Fatal(err)
	}
}
