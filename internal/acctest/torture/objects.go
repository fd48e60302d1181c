//go:build unix

package torture

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// Config returns a configuration with objects of every type. The variable size is
// how many of each, and the variable generation changes a setting of each.
func Config() string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    aigateway = { source = %q }
  }
}
`, strings.SplitN(provider.Address, "/", 2)[1]) + `
variable "size" { type = number }
variable "generation" { type = number }

locals {
  numbers = { for i in range(var.size) : tostring(i) => i }
}

data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "all" {
  for_each       = local.numbers
  name           = "gateway-${each.key}"
  cache_ttl      = 60 * var.generation
  store_id       = one(data.aigateway_secrets_stores.all.secrets_stores).id
  authentication = true
  guardrails = {
    prompt = { prompt_injection = var.generation == 1 ? "BLOCK" : "FLAG" }
  }
  otel = [{
    url           = "https://otel.example.com/${var.generation}"
    authorization = "Bearer torture"
  }]
}

resource "aigateway_dynamic_route" "all" {
  for_each   = local.numbers
  gateway_id = aigateway_gateway.all[each.key].id
  name       = "route-${each.key}"
  entry      = "model"
  elements = {
    model = { model = {
      provider    = "openai"
      model       = "gpt-5.${var.generation}"
      timeout     = 10000
      retries     = 1
      on_success  = "end"
      on_fallback = "end"
    } }
  }
}

resource "aigateway_provider_config" "all" {
  for_each          = local.numbers
  gateway_id        = aigateway_gateway.all[each.key].id
  provider_slug     = "openai"
  alias             = "alias-${each.key}"
  secret_wo         = "sk-torture-${var.generation}"
  secret_wo_version = var.generation
}

resource "aigateway_custom_provider" "all" {
  for_each    = local.numbers
  name        = "Provider ${each.key}"
  slug        = "slug-${each.key}"
  base_url    = "https://llm.example.com"
  description = "Generation ${var.generation}"
}
`
}

// types are the resource types of the configuration, with the attribute that
// names an object of the type.
var types = map[string]string{
	"aigateway_gateway": "name", "aigateway_dynamic_route": "name", "aigateway_provider_config": "alias", "aigateway_custom_provider": "slug",
}

// object returns how the report calls an object.
func object(typeName, name string) string { return typeName + " " + name }

// address returns the address of an object in the configuration. Names end in
// the object's number.
func address(typeName, name string) string {
	return fmt.Sprintf("%s.all[%q]", typeName, name[strings.LastIndex(name, "-")+1:])
}

// secretName returns the name of the secret of a provider config.
func secretName(gateway, alias string) string { return gateway + "_openai_" + alias }

// wanted returns the objects of the configuration, sorted.
func wanted(size int) []string {
	var all []string
	for i := range size {
		gateway, alias := fmt.Sprintf("gateway-%d", i), fmt.Sprintf("alias-%d", i)
		all = append(all,
			object("aigateway_gateway", gateway),
			object("aigateway_dynamic_route", fmt.Sprintf("route-%d", i)),
			object("aigateway_provider_config", alias),
			object("aigateway_custom_provider", fmt.Sprintf("slug-%d", i)),
			object("secret", secretName(gateway, alias)),
		)
	}
	slices.Sort(all)
	return all
}

// stored returns the objects of an account of the service, sorted. An object that
// is there twice is in the list twice.
func stored(server *emulator.Server, account string) []string {
	var all []string
	for _, gateway := range server.GatewayIDs(account) {
		all = append(all, object("aigateway_gateway", gateway))
		for _, route := range server.Routes(account, gateway) {
			all = append(all, object("aigateway_dynamic_route", route.Name))
		}
		for _, config := range server.ProviderConfigs(account, gateway) {
			all = append(all, object("aigateway_provider_config", fmt.Sprint(config["alias"])))
		}
	}
	for _, custom := range server.CustomProviders(account) {
		all = append(all, object("aigateway_custom_provider", fmt.Sprint(custom["slug"])))
	}
	for _, store := range server.StoreIDs(account) {
		for _, secret := range server.SecretNames(account, store) {
			all = append(all, object("secret", secret))
		}
	}
	slices.Sort(all)
	return all
}

// difference returns what the two sorted lists do not share: what is missing in
// got, and what is there in addition.
func difference(want, got []string) (missing, extra []string) {
	for len(want) > 0 || len(got) > 0 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0] < got[0]:
			missing, want = append(missing, want[0]), want[1:]
		case len(want) == 0 || got[0] < want[0]:
			extra, got = append(extra, got[0]), got[1:]
		default:
			want, got = want[1:], got[1:]
		}
	}
	return missing, extra
}

// inState returns the objects in the state file of a directory, with their IDs.
// The error is that of a file that the CLI did not finish. An empty file is one: a
// CLI takes it for a state without objects.
func inState(dir string) (map[string]string, error) {
	content, err := os.ReadFile(filepath.Join(dir, stateFile))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var state struct {
		Resources []struct {
			Mode, Type string
			Instances  []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return nil, fmt.Errorf("%s: %w", stateFile, err)
	}
	ids := map[string]string{}
	for _, resource := range state.Resources {
		if resource.Mode != "managed" {
			continue
		}
		for _, instance := range resource.Instances {
			name := instance.Attributes[types[resource.Type]]
			ids[object(resource.Type, fmt.Sprint(name))] = fmt.Sprint(instance.Attributes["id"])
		}
	}
	return ids, nil
}
