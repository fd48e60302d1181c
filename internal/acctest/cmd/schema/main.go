// Command schema writes the provider's schema as `terraform providers schema
// -json` does, without Terraform: it asks the provider in-process. The document
// is what the documentation is generated from, which so does not depend on a
// CLI being there, nor on which one it is.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func main() {
	out := flag.String("out", "", "the file to write (default standard output)")
	flag.Parse()
	if err := run(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string) error {
	server, err := providerserver.NewProtocol6WithError(provider.New("dev")())()
	if err != nil {
		return err
	}
	// The generator looks the provider up by its type name, not by its address.
	content, err := document(ctx, server, provider.TypeName)
	if err != nil {
		return err
	}
	if out == "" {
		_, err := os.Stdout.Write(content)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(out, content, 0o644)
}

// document asks the server for its schemas and renders them as JSON, filed
// under key.
func document(ctx context.Context, server tfprotov6.ProviderServer, key string) ([]byte, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(asError(schemas.Diagnostics), asError(identities.Diagnostics)); err != nil {
		return nil, err
	}
	p, err := convertProvider(schemas, identities)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(jsonDocument{FormatVersion: "1.0", ProviderSchemas: map[string]jsonProvider{key: p}})
	return b.Bytes(), err
}

func asError(diags []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(errs...)
}
