package customdomain_test

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/customdomain"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	resourceType = customdomain.ResourceType
	gatewayID    = "main"
	otherID      = "other"
	hostname     = "ai.example.com"
	zoneID       = "395566f4c8a5b9d2a5fc0d457b007c44"
	otherZone    = "00000000000000000000000000000001"
)

// Requests about custom domains, of the first gateway.
const (
	theGateway = "GET /accounts/…/ai-gateway/gateways/" + gatewayID
	domains    = "/accounts/…/ai-gateway/gateways/" + gatewayID + "/custom-domains"
	post       = "POST " + domains
	list       = "GET " + domains
	get        = "GET " + domains + "/" + hostname
	remove     = "DELETE " + domains + "/" + hostname
)

// Paths of requests, as faults match them.
const (
	allDomains = "/custom-domains$"
	oneDomain  = "/custom-domains/[^/]+$"
)

type attrs = map[string]any

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many small servers, and memory to spare
	resource.AddTestSweepers(resourceType, &resource.Sweeper{Name: resourceType, F: sweep})
	acctest.Main(m)
}

// sweep deletes the custom domains that broken runs against the real API have left: those
// of the gateways of tests.
func sweep(string) error {
	ctx := context.Background()
	service, err := acctest.Sweep()
	if err != nil {
		return err
	}
	api, err := service.Client()
	if err != nil {
		return err
	}
	var failures []error
	for gateway, err := range gateways.List(ctx, api, service.AccountID, acctest.NamePrefix) {
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		if !strings.HasPrefix(gateway.ID, acctest.NamePrefix) {
			continue
		}
		for domain, err := range customdomains.List(ctx, api, service.AccountID, gateway.ID) {
			if err != nil {
				failures = append(failures, err)
				break
			}
			fmt.Println("deleting custom domain", domain.Hostname)
			failures = append(failures, customdomains.Delete(ctx, api, service.AccountID, gateway.ID, domain.Hostname))
		}
	}
	return errors.Join(failures...)
}

// service starts an emulator with two gateways.
func service(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
	t.Helper()
	s := acctest.Emulate(t, emulator.Options{Quirks: quirks})
	for _, id := range []string{gatewayID, otherID} {
		s.Emulator.PutGateway(s.AccountID, attrs{"id": id, "authentication": true})
	}
	return s
}

// subject is what the tests of every resource need to know about this one.
var subject = lifecycle.Subject{
	Type:    resourceType,
	Service: service,
	RequireStored: func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
		t.Helper()
		all := s.Emulator.CustomDomains(s.AccountID, config["gateway_id"].(string))
		held, ok := all[config["hostname"].(string)]
		if !ok || len(all) != 1 {
			t.Fatalf("stored: %v", all)
		}
		requireAttributes(t, r, config, attrs{"status": held["status"], "account_id": s.AccountID})
		if zone, ok := config["zone_id"]; ok && held["zone_id"] != zone {
			t.Errorf("stored: %v", held)
		}
		if minTLS, ok := config["min_tls"]; ok && held["min_tls"] != minTLS {
			t.Errorf("stored: %v", held)
		}
		lifecycle.RequireIdentity(t, r, attrs{
			"account_id": s.AccountID, "gateway_id": config["gateway_id"], "hostname": config["hostname"],
		})
	},
	RequireEmpty: func(t *testing.T, s *acctest.Service) {
		t.Helper()
		for _, gateway := range []string{gatewayID, otherID} {
			if left := s.Emulator.CustomDomains(s.AccountID, gateway); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		}
	},
}

// with returns a configuration of a custom domain.
func with(changes ...attrs) attrs {
	return lifecycle.Merge(attrs{"gateway_id": gatewayID, "hostname": hostname, "zone_id": zoneID}, changes...)
}

// exists creates a custom domain and forgets the requests of that.
func exists(t *testing.T, s *acctest.Service, changes ...attrs) *protocol.Resource {
	t.Helper()
	return subject.Create(t, s, s.Protocol(t, nil), with(changes...))
}

var (
	requireNone       = lifecycle.RequireNone
	requireSays       = lifecycle.RequireText
	requireAttributes = lifecycle.RequireAttributes
)
