package gateway_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many small servers, and memory to spare
	checks := "5"           // each applies two configurations
	if acctest.Deep() {
		checks = "25"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	resource.AddTestSweepers(resourceType, &resource.Sweeper{Name: resourceType, F: sweep})
	acctest.Main(m)
}

// sweep deletes the gateways that broken runs against the real API have left.
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
			continue // the search is for a text anywhere in the id
		}
		fmt.Println("deleting gateway", gateway.ID)
		failures = append(failures, gateways.Delete(ctx, api, service.AccountID, gateway.ID))
	}
	return errors.Join(failures...)
}
