// Command gpg stands in for GnuPG when a release is rehearsed on a machine without it.
// It understands the one command line of .goreleaser.yml.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gpg (stand-in):", err)
		os.Exit(1)
	}
}

func run() error {
	flag.Bool("batch", false, "ask nothing")
	flag.String("local-user", "", "fingerprint of the key, of which there is one")
	output := flag.String("output", "", "file of the signature")
	detach := flag.Bool("detach-sign", false, "make a detached signature")
	flag.Parse()
	if !*detach || *output == "" || flag.NArg() != 1 {
		return errors.New("only --detach-sign with --output and one file is supported")
	}
	key, err := os.ReadFile(os.Getenv(release.KeyFileEnv))
	if err != nil {
		return err
	}
	return release.Sign(string(key), flag.Arg(0), *output)
}
