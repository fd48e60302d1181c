package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// A capability is a feature of the CLIs with the first release of each that has
// it; "" means that no release of that kind has it.
type capability struct {
	feature             string
	terraform, openTofu string
	// broken, if not empty, are the first release of Terraform in which the feature does
	// not work, and the first in which it works again. Why says what is known of it.
	broken [2]string
	why    string
}

var (
	testCommand    = capability{feature: "the test command", terraform: "1.6.0", openTofu: "1.6.0"}
	generateConfig = capability{
		feature: "plan -generate-config-out", terraform: "1.5.0", openTofu: "1.6.0", broken: [2]string{"1.16.0", "1.16.3"},
		why: "it looks for the provider under hashicorp/ (hashicorp/terraform#39144)",
	}
	// OpenTofu has mocks since 1.8.0, but cannot read them from files (its source, as of 1.12.6).
	mockFiles         = capability{feature: "files of mocks for tests", terraform: "1.7.0"}
	providerFunctions = capability{feature: "functions of providers", terraform: "1.8.0", openTofu: "1.7.0"}
	writeOnly         = capability{feature: "write-only attributes", terraform: "1.11.0", openTofu: "1.11.0"}
	identity          = capability{feature: "resource identity", terraform: "1.12.0", openTofu: "1.12.0"}
	identityImport    = capability{feature: "import blocks with an identity", terraform: "1.12.0", openTofu: "1.12.0"}
	query             = capability{feature: "the query command and list resources", terraform: "1.14.0"}
	actions           = capability{feature: "actions", terraform: "1.14.0"}
)

// SupportsTest reports whether the CLI runs .tftest.hcl files.
func (c CLI) SupportsTest() (bool, string) { return c.supports(testCommand) }

// SupportsMocks reports whether tests can take mocks of a provider from files.
func (c CLI) SupportsMocks() (bool, string) { return c.supports(mockFiles) }

// SupportsGenerateConfig reports whether `plan -generate-config-out` writes the
// configuration of imported objects.
func (c CLI) SupportsGenerateConfig() (bool, string) { return c.supports(generateConfig) }

// SupportsProviderFunctions reports whether configurations can call functions of
// a provider.
func (c CLI) SupportsProviderFunctions() (bool, string) { return c.supports(providerFunctions) }

// SupportsWriteOnly reports whether schemas may have write-only attributes.
func (c CLI) SupportsWriteOnly() (bool, string) { return c.supports(writeOnly) }

// SupportsIdentity reports whether the CLI keeps resource identity in state and
// shows it.
func (c CLI) SupportsIdentity() (bool, string) { return c.supports(identity) }

// SupportsIdentityImport reports whether an import block may name an object by
// its identity in place of an id.
func (c CLI) SupportsIdentityImport() (bool, string) { return c.supports(identityImport) }

// SupportsQuery reports whether the CLI can list objects that it does not manage.
func (c CLI) SupportsQuery() (bool, string) { return c.supports(query) }

// SupportsActions reports whether configurations can have actions.
func (c CLI) SupportsActions() (bool, string) { return c.supports(actions) }

// supports answers for one capability. The reason is a sentence for t.Skip; it
// is empty if the capability is there.
func (c CLI) supports(f capability) (bool, string) {
	since := f.terraform
	if c.Kind == OpenTofu {
		since = f.openTofu
	}
	if from, to := f.broken[0], f.broken[1]; from != "" && c.Kind == Terraform && !less(c.Version, from) && less(c.Version, to) {
		return false, fmt.Sprintf("%s breaks %s: %s. Other releases do not.", c, f.feature, f.why)
	}
	if since != "" && !less(c.Version, since) {
		return true, ""
	}
	has := func(kind Kind, since string) string {
		if since == "" {
			return fmt.Sprintf("no release of %s has it", kind)
		}
		return fmt.Sprintf("%s has it since v%s", kind, since)
	}
	return false, fmt.Sprintf("%s does not have %s: %s, %s.", c, f.feature, has(Terraform, f.terraform), has(OpenTofu, f.openTofu))
}

// less compares versions by their numbers alone: a prerelease of a version has
// that version's features.
func less(a, b string) bool {
	x, y := numbers(a), numbers(b)
	for i := range x {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}

func numbers(version string) (n [3]int) {
	version, _, _ = strings.Cut(version, "+")
	version, _, _ = strings.Cut(version, "-")
	for i, s := range strings.SplitN(version, ".", 3) {
		n[i], _ = strconv.Atoi(s) // what is not a number counts as 0
	}
	return n
}
