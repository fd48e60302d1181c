// Command subcategories sets the subcategory of every generated page, by which the
// registries group what a provider has.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// subcategories are the groups of the objects, by the name of their page.
var subcategories = map[string]string{
	"gateway": "Gateways", "gateways": "Gateways", "credit_balance": "Gateways", "provider_url": "Gateways", "compat_base_url": "Gateways",

	"dynamic_route": "Routing", "dynamic_routes": "Routing", "custom_provider": "Routing", "custom_providers": "Routing", "models": "Routing",
	"deploy_route_version": "Routing", "route_mermaid": "Routing", "parse_model": "Routing",

	"provider_config": "Keys", "provider_configs": "Keys", "secrets_store": "Keys", "secrets_stores": "Keys",

	"policy": "Access", "policies": "Access", "policy_simulation": "Access", "custom_domain": "Access", "custom_domains": "Access",

	"log": "Observability", "logs": "Observability", "delete_logs": "Observability",

	"chat_completion": "Testing", "test_request": "Testing",
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "subcategories:", err)
		os.Exit(1)
	}
}

// run sets the subcategories of the pages below a directory. A page without one is an
// error, so that no object is forgotten.
func run(dir string) error {
	for _, kind := range []string{"resources", "data-sources", "list-resources", "actions", "functions"} {
		files, err := filepath.Glob(filepath.Join(dir, kind, "*.md"))
		if err != nil {
			return err
		}
		for _, file := range files {
			subcategory, ok := subcategories[strings.TrimSuffix(filepath.Base(file), ".md")]
			if !ok {
				return fmt.Errorf("%s has no subcategory", file)
			}
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			page := strings.Replace(string(content), `subcategory: ""`, fmt.Sprintf("subcategory: %q", subcategory), 1)
			if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
