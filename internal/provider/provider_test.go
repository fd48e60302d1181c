package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestMetadata(t *testing.T) {
	var resp provider.MetadataResponse
	theprovider.New("1.2.3")().Metadata(t.Context(), provider.MetadataRequest{}, &resp)
	if resp.TypeName != "aigateway" || resp.Version != "1.2.3" {
		t.Errorf("%+v", resp)
	}
}

// Without options, the provider uses the process environment.
func TestProcessEnvironment(t *testing.T) {
	for _, source := range sources {
		t.Setenv(source.env, "")
	}
	_, diags := protocol.Configure(t, theprovider.New("test"), config{})
	requireError(t, diags, "", "Missing credentials")
	t.Setenv("CLOUDFLARE_API_TOKEN", "api-token-1")
	if _, diags := protocol.Configure(t, theprovider.New("test"), config{}); len(diags) != 0 {
		t.Errorf("%s", diags)
	}
}

// Providers of one factory are independent, because Terraform runs several of them
// at once, with aliases.
func TestProvidersAreIndependent(t *testing.T) {
	s := &service{}
	factory := s.factory(nil)
	var servers []*protocol.Server
	for _, account := range []string{accountA, accountB} {
		server, diags := protocol.Configure(t, factory, config{"api_token": "api-token-" + account[:1], "account_id": account})
		if len(diags) != 0 {
			t.Fatalf("%s", diags)
		}
		servers = append(servers, server)
	}
	for i, account := range []string{accountA, accountB} {
		gateway, diags := readGateway(t, servers[i])
		if diags.HasError() || gateway["account_id"] != account {
			t.Errorf("%v\n%s", gateway, diags)
		}
		if got := s.requests[i].Header.Get("Authorization"); got != "Bearer api-token-"+account[:1] {
			t.Error(got)
		}
	}
}
