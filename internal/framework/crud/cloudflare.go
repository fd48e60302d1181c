package crud

import "strings"

// Schema versions of the generated resources of Cloudflare's own provider, whose
// state MoveState accepts. That provider upgrades 0 to 500 without a change.
const (
	cloudflareFirstVersion = 0
	// CloudflareVersion is the version that it writes today.
	CloudflareVersion = 500
)

// IsCloudflareVersion reports whether MoveState can read states of this schema
// version of Cloudflare's provider.
func IsCloudflareVersion(version int64) bool {
	return version == cloudflareFirstVersion || version == CloudflareVersion
}

// IsCloudflareProvider reports whether this is the address of Cloudflare's
// provider, in any registry. OpenTofu before 1.11.12 and 1.12.4 sends the last part
// alone (opentofu/opentofu, issue 4352).
func IsCloudflareProvider(address string) bool {
	return address == "cloudflare" || strings.HasSuffix(address, "/cloudflare/cloudflare")
}
