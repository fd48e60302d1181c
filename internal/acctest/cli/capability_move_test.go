package cli_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

func TestCapabilitiesOfMovesAndImports(t *testing.T) {
	type answer func(cli.CLI) (bool, string)
	for name, test := range map[string]struct {
		supports answer
		yes, no  []string
	}{
		"moved types":     {cli.CLI.SupportsMovedTypes, []string{"T1.8.0", "O1.10.0", "O1.12.6"}, []string{"T1.7.5", "O1.9.1"}},
		"import for_each": {cli.CLI.SupportsImportForEach, []string{"T1.7.0", "O1.7.0"}, []string{"T1.6.6", "O1.6.3"}},
	} {
		for _, version := range test.yes {
			if ok, reason := test.supports(parse(version)); !ok {
				t.Errorf("%s: %s", name, reason)
			}
		}
		for _, version := range test.no {
			if ok, reason := test.supports(parse(version)); ok || reason == "" {
				t.Errorf("%s: %s has it, %q", name, version, reason)
			}
		}
	}
}
