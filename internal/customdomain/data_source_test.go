package customdomain_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	sourceType = "aigateway_custom_domain"
	listType   = "aigateway_custom_domains"
)

// TestDataSources have what the resource has, but for what the service does not return.
func TestDataSources(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(emulator.ExtraFields) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			server := s.Protocol(t, nil)
			state := exists(t, s).State()
			s.Emulator.PutCustomDomain(s.AccountID, gatewayID, attrs{"domain": "b.example.com"})
			delete(state, "zone_id")
			delete(state, "min_tls")
			for _, config := range []attrs{{}, {"account_id": s.AccountID}} {
				config["gateway_id"], config["hostname"] = gatewayID, hostname
				value, diags := server.ReadDataSource(sourceType, config)
				requireNone(t, diags)
				if got := protocol.Object(t, value); !reflect.DeepEqual(got, state) {
					t.Errorf("read\n  %v\nwant\n  %v", got, state)
				}
				s.RequireRequests(t, get)
			}
			delete(state, "account_id")
			delete(state, "gateway_id")
			value, diags := server.ReadDataSource(listType, attrs{"gateway_id": gatewayID})
			requireNone(t, diags)
			all, _ := protocol.Object(t, value)["custom_domains"].([]any)
			if len(all) != 2 || !reflect.DeepEqual(all[0], any(state)) || all[1].(attrs)["hostname"] != "b.example.com" {
				t.Errorf("listed %v", all)
			}
			s.RequireRequests(t, list)
		})
	}
}

// TestDataSourcePages: a list of more than one page is complete.
func TestDataSourcePages(t *testing.T) {
	t.Parallel()
	s := service(t)
	for i := range 45 {
		s.Emulator.PutCustomDomain(s.AccountID, gatewayID, attrs{"domain": fmt.Sprintf("d%02d.example.com", i)})
	}
	value, diags := s.Protocol(t, nil).ReadDataSource(listType, attrs{"gateway_id": gatewayID})
	requireNone(t, diags)
	if all, _ := protocol.Object(t, value)["custom_domains"].([]any); len(all) != 45 {
		t.Errorf("%d domains", len(all))
	}
	s.RequireRequests(t, list, list+"?page=2", list+"?page=3")
}

func TestDataSourceOfNone(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	value, diags := server.ReadDataSource(listType, attrs{"gateway_id": gatewayID})
	requireNone(t, diags)
	if all, ok := protocol.Object(t, value)["custom_domains"].([]any); !ok || len(all) != 0 {
		t.Errorf("%s, want an empty list", value)
	}
	s.Emulator.ResetRequests()
	_, diags = server.ReadDataSource(sourceType, attrs{"gateway_id": gatewayID, "hostname": hostname})
	requireSays(t, diags.At("hostname"), "Custom domain not found", `Gateway "main" in account `+s.AccountID+` has no custom domain "ai.example.com"`,
		"refer to the resource instead")
	s.RequireRequests(t, get, list)
	for name, config := range map[string]attrs{sourceType: {"hostname": hostname}, listType: {}} {
		config["gateway_id"] = "nowhere"
		_, diags = server.ReadDataSource(name, config)
		requireSays(t, diags.At("gateway_id"), "Gateway not found", `has no gateway "nowhere"`)
	}
	s.Emulator.ResetRequests()
	_, diags = server.ReadDataSource(sourceType, attrs{"gateway_id": gatewayID, "hostname": "AI.example.com"})
	requireSays(t, diags.At("hostname"), "must be a hostname in lower case")
	s.RequireRequests(t)
}

// TestSchema: every attribute says what it is, and the pages begin with the beta notice.
func TestSchema(t *testing.T) {
	t.Parallel()
	schema := service(t).Protocol(t, nil).Schema()
	acctest.RequireDescriptions(t, schema)
	for name, description := range map[string]string{
		"resource": schema.ResourceSchemas[resourceType].Block.Description,
		"single":   schema.DataSourceSchemas[sourceType].Block.Description,
		"plural":   schema.DataSourceSchemas[listType].Block.Description,
	} {
		if !strings.HasPrefix(description, "**Beta.**") || !strings.Contains(description, "contract is still being finalized") {
			t.Errorf("%s: %s", name, description)
		}
	}
}
