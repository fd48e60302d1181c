package cli_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

func TestCapabilities(t *testing.T) {
	type answer func(cli.CLI) (bool, string)
	for name, test := range map[string]struct {
		supports answer
		yes, no  []string
	}{
		"test": {cli.CLI.SupportsTest, []string{"T1.6.0", "O1.6.0"}, []string{"T1.5.7"}},
		"generate config": {
			cli.CLI.SupportsGenerateConfig, []string{"T1.5.0", "T1.15.9", "T1.16.3", "O1.6.0", "O1.16.0"}, []string{"T1.4.9", "T1.16.0", "T1.16.2"},
		},
		"functions": {
			cli.CLI.SupportsProviderFunctions, []string{"T1.8.0", "O1.7.0"}, []string{"T1.7.5", "O1.6.3"},
		},
		"mocks": {cli.CLI.SupportsMocks, []string{"T1.7.0", "T1.11.4"}, []string{"T1.6.6", "O1.12.6"}},
		"write-only": {
			cli.CLI.SupportsWriteOnly, []string{"T1.11.0", "T1.11.0-rc1", "T2.0.0", "O1.11.0"}, []string{"T1.10.5", "O1.10.0"},
		},
		"identity": {
			cli.CLI.SupportsIdentity, []string{"T1.12.0", "O1.12.6"}, []string{"T1.11.4", "O1.11.9"},
		},
		"identity import": {
			cli.CLI.SupportsIdentityImport, []string{"T1.12.0", "T1.14.0", "O1.12.0"}, []string{"T1.11.4", "T0.15", "O1.11.0"},
		},
		"actions": {
			cli.CLI.SupportsActions, []string{"T1.14.0"}, []string{"T1.13.3", "O1.12.6"},
		},
		"query": {
			cli.CLI.SupportsQuery, []string{"T1.14.0", "T1.14.0-alpha20250911"}, []string{"T1.13.3", "O1.12.6", "O9.0.0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range test.yes {
				if ok, reason := test.supports(parse(v)); !ok || reason != "" {
					t.Errorf("%s: %v, %q; want true and no reason", v, ok, reason)
				}
			}
			for _, v := range test.no {
				ok, reason := test.supports(parse(v))
				if ok || !strings.HasPrefix(reason, parse(v).String()) || !strings.HasSuffix(reason, ".") {
					t.Errorf("%s: %v, %q; want false and a sentence that names the CLI", v, ok, reason)
				}
			}
		})
	}
}

func TestReasonReadsWell(t *testing.T) {
	_, got := parse("O1.12.6").SupportsQuery()
	want := "OpenTofu v1.12.6 does not have the query command and list resources: " +
		"Terraform has it since v1.14.0, no release of OpenTofu has it."
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestProviderHost(t *testing.T) {
	if got := parse("T1.11.4").ProviderHost(); got != "registry.terraform.io" {
		t.Errorf("Terraform: %s", got)
	}
	if got := parse("O1.12.6").ProviderHost(); got != "registry.opentofu.org" {
		t.Errorf("OpenTofu: %s", got)
	}
}

func parse(s string) cli.CLI {
	kind := cli.Terraform
	if s[0] == 'O' {
		kind = cli.OpenTofu
	}
	return cli.CLI{Kind: kind, Version: s[1:]}
}
