package crud_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
)

func TestIsCloudflareVersion(t *testing.T) {
	for version, want := range map[int64]bool{0: true, crud.CloudflareVersion: true, 1: false, -1: false, 499: false, 501: false} {
		if got := crud.IsCloudflareVersion(version); got != want {
			t.Errorf("%d: %v", version, got)
		}
	}
}

func TestIsCloudflareProvider(t *testing.T) {
	for address, want := range map[string]bool{
		"registry.terraform.io/cloudflare/cloudflare": true, "registry.opentofu.org/cloudflare/cloudflare": true,
		"mirror.example.com:8443/cloudflare/cloudflare": true, "cloudflare": true,
		"": false, "cloudflare/cloudflare": false, "registry.terraform.io/other/cloudflare": false,
		"registry.terraform.io/cloudflare/other": false, "registry.terraform.io/notcloudflare/cloudflare": false,
		"registry.terraform.io/cloudflare/cloudflare/": false, "Cloudflare": false,
	} {
		if got := crud.IsCloudflareProvider(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
