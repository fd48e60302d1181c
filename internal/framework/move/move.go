// Package move holds what all resources need that take over the state of
// Cloudflare's own provider.
package move

import "strings"

// Versions of the schemas of that provider's generated resources: 500, and 0,
// which it upgrades to 500 without a change.
const (
	firstVersion = 0
	// Version is the one that is written today.
	Version = 500
)

// IsKnownVersion tells whether states of this schema version can be read.
func IsKnownVersion(version int64) bool { return version == firstVersion || version == Version }

// IsCloudflareProvider tells whether this is the address of Cloudflare's
// provider, whatever the registry. OpenTofu before 1.11.12 and 1.12.4 says the
// last part alone (opentofu/opentofu, issue 4352).
func IsCloudflareProvider(address string) bool {
	return address == "cloudflare" || strings.HasSuffix(address, "/cloudflare/cloudflare")
}
