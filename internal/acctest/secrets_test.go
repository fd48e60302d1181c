package acctest_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// secretsOfTheSchema are the values that the test below gives to every
// attribute that the schema marks as sensitive or write-only, by the
// attribute's place.
var secretsOfTheSchema = map[string]string{
	"provider.api_token":                        emulator.DefaultToken,
	"provider.gateway_token":                    "marker-gateway-token-1",
	"provider.test_request_headers":             "marker-test-request-header-1",
	"aigateway_gateway.otel.headers":            "marker-otel-header-plain-1",
	"aigateway_gateway.otel.headers_wo":         "marker-otel-header-written-1",
	"aigateway_gateway.otel.authorization":      "marker-otel-authorization-plain-1",
	"aigateway_gateway.otel.authorization_wo":   "marker-otel-authorization-written-1",
	"aigateway_gateway.stripe.authorization":    "marker-stripe-plain-1",
	"aigateway_gateway.stripe.authorization_wo": "marker-stripe-written-1",
	"aigateway_provider_config.secret_wo":       "marker-provider-key-stored-1",
	"aigateway_custom_provider.headers":         "marker-custom-header-own-1",
}

// sensitiveOnly are attributes that are sensitive and no credentials: what a
// model was asked and said. They are meant to be in state.
var sensitiveOnly = []string{
	"data.aigateway_log.request_body", "data.aigateway_log.response_body",
	"data.aigateway_log.request_head", "data.aigateway_log.response_head",
}

// TestSecretsAreKnown holds the list above to the schema.
func TestSecretsAreKnown(t *testing.T) {
	t.Parallel()
	schema := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil).Schema()
	gone := maps.Clone(secretsOfTheSchema)
	for _, at := range sensitiveOnly {
		gone[at] = ""
	}
	check := func(at string, attribute *tfprotov6.SchemaAttribute) {
		if !attribute.Sensitive && !attribute.WriteOnly {
			return
		}
		if secretsOfTheSchema[at] == "" && !slices.Contains(sensitiveOnly, at) {
			t.Errorf("%s is a secret that no test looks for", at)
		}
		delete(gone, at)
	}
	acctest.EachAttribute("provider", schema.Provider.Block.Attributes, check)
	for name, resource := range schema.ResourceSchemas {
		acctest.EachAttribute(name, resource.Block.Attributes, check)
	}
	for name, source := range schema.DataSourceSchemas {
		acctest.EachAttribute("data."+name, source.Block.Attributes, check)
	}
	for name, list := range schema.ListResourceSchemas {
		acctest.EachAttribute("list."+name, list.Block.Attributes, check)
	}
	for name, resource := range schema.EphemeralResourceSchemas {
		acctest.EachAttribute("ephemeral."+name, resource.Block.Attributes, check)
	}
	for name, action := range schema.ActionSchemas {
		acctest.EachAttribute("action."+name, action.Schema.Block.Attributes, check)
	}
	for at := range gone {
		t.Errorf("%s is no secret of the schema", at)
	}
}

// TestAccSecrets takes objects with every secret through a whole lifecycle of a CLI,
// with faults whose responses repeat the secrets. It searches all that is
// printed, the state, and the log at TRACE.
func TestAccSecrets(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	for _, quirk := range []emulator.Quirk{"", emulator.SecretsMasked, emulator.SecretsOmitted} {
		t.Run("echo "+string(quirk), func(t *testing.T) {
			t.Parallel()
			options := emulator.Options{GatewayLimit: -1}
			if quirk != "" {
				options.Quirks = []emulator.Quirk{quirk}
			}
			service := acctest.Emulate(t, options)
			log := filepath.Join(t.TempDir(), "trace.log")
			w := service.NewWorkspace(t, "TF_LOG=TRACE", "TF_LOG_PATH="+log, "AIGATEWAY_ALLOW_TEST_REQUESTS=true", "AIGATEWAY_MAX_RETRIES=0")
			variables, config := secretConfiguration()
			w.Write("secrets.auto.tfvars", variables)
			w.Write("main.tf", config)

			var printed strings.Builder
			run := func(wantStatus int, args ...string) {
				t.Helper()
				status, out := w.Try(args...)
				if status != wantStatus {
					t.Errorf("%v: exit status %d\n%s", args, status, out)
				}
				printed.WriteString(out)
			}
			run(0, "init", "-no-color")
			run(0, "plan", "-no-color")
			for _, e := range firstEchoes {
				e.inject(service, "1")
			}
			run(1, "apply", "-auto-approve", "-no-color")
			run(0, "apply", "-auto-approve", "-no-color")
			run(0, "plan", "-detailed-exitcode", "-no-color")
			w.Write("secrets.auto.tfvars", strings.ReplaceAll(variables, "-1\"", "-2\""))
			w.Write("main.tf", strings.ReplaceAll(config, "wo_version = 1", "wo_version = 2"))
			for _, e := range laterEchoes {
				e.inject(service, "2")
			}
			run(1, "apply", "-auto-approve", "-no-color")
			run(0, "apply", "-auto-approve", "-no-color")
			state := w.Read("terraform.tfstate")
			backup := w.Read("terraform.tfstate.backup")
			run(0, "destroy", "-auto-approve", "-no-color")

			trace, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(trace), "request answered") {
				t.Error("the log has no requests: is it the right one?")
			}
			if n, want := strings.Count(printed.String(), "Invalid:"), len(firstEchoes)+len(laterEchoes); n != want {
				t.Errorf("%d answers repeated secrets, want %d", n, want)
			}
			for _, marker := range markers() {
				for where, content := range map[string]string{"output": printed.String(), "log": string(trace)} {
					if at := strings.Index(content, marker); at >= 0 {
						t.Errorf("%s is in the %s: …%s…", marker, where, content[max(0, at-300):min(len(content), at+100)])
					}
				}
				if strings.Contains(marker, "-plain-") || strings.Contains(marker, "-own-") {
					if !strings.Contains(state+backup, marker) {
						t.Errorf("%s is not in state, where the schema has it", marker)
					}
				} else if strings.Contains(state+backup, marker) {
					t.Errorf("%s is in state", marker)
				}
			}
		})
	}
}

// echo is a request that carries secrets of a kind.
type echo struct{ method, path, kind string }

// Those of a first apply, and those of another one that rotates.
var (
	firstEchoes = []echo{
		{http.MethodPut, "/gateways/plain$", "plain"}, {http.MethodPut, "/gateways/written$", "written"},
		{http.MethodPost, "/provider_configs$", "stored"}, {http.MethodPost, "/custom-providers$", "own"},
	}
	laterEchoes = []echo{
		{http.MethodPut, "/gateways/plain$", "plain"}, {http.MethodPut, "/gateways/written$", "written"},
		{http.MethodPut, "/provider_configs/[^/]+$", "stored"}, {http.MethodPatch, "/custom-providers/[^/]+$", "own"},
	}
)

// inject makes the service refuse the request once and repeat what it was sent:
// secrets of a version.
func (e echo) inject(service *acctest.Service, version string) {
	secrets := []string{emulator.DefaultToken}
	for _, secret := range secretsOfTheSchema {
		if strings.Contains(secret, "-"+e.kind+"-") {
			secrets = append(secrets, strings.TrimSuffix(secret, "1")+version)
		}
	}
	service.Emulator.Inject(emulator.Fault{
		Method: e.method, Path: e.path, Status: http.StatusBadRequest,
		Body: `{"success":false,"errors":[{"code":7001,"message":"Invalid: ` + strings.Join(secrets, " ") + `","path":["body","otel"]}]}`,
	})
}

// markers returns all secrets, before and after their rotation.
func markers() []string {
	var all []string
	for _, secret := range secretsOfTheSchema {
		switch {
		case secret == "":
		case strings.HasSuffix(secret, "-1"):
			all = append(all, secret, strings.TrimSuffix(secret, "1")+"2")
		default:
			all = append(all, secret)
		}
	}
	return all
}

// secretConfiguration has every secret in a variable of its own.
func secretConfiguration() (variables, config string) {
	var values, declarations strings.Builder
	of := func(place string) string {
		name := strings.NewReplacer(".", "_").Replace(place)
		values.WriteString(name + ` = "` + secretsOfTheSchema[place] + "\"\n")
		declarations.WriteString(`variable "` + name + "\" {\n  type      = string\n  sensitive = true\n}\n")
		return "var." + name
	}
	config = `
provider "aigateway" {
  api_token            = ` + of("provider.api_token") + `
  gateway_token        = ` + of("provider.gateway_token") + `
  test_request_headers = { "x-provider-key" = ` + of("provider.test_request_headers") + ` }
}

resource "aigateway_gateway" "plain" {
  name           = "plain"
  authentication = false
  otel = [{
    url           = "https://otel.example.com"
    headers       = { "x-key" = ` + of("aigateway_gateway.otel.headers") + ` }
    authorization = ` + of("aigateway_gateway.otel.authorization") + `
  }]
  stripe = {
    authorization = ` + of("aigateway_gateway.stripe.authorization") + `
    usage_events  = [{ payload = "{}" }]
  }
}

resource "aigateway_gateway" "written" {
  name           = "written"
  authentication = false
  otel = [{
    url                      = "https://otel.example.com"
    headers_wo               = { "x-key" = ` + of("aigateway_gateway.otel.headers_wo") + ` }
    headers_wo_version       = 1
    authorization_wo         = ` + of("aigateway_gateway.otel.authorization_wo") + `
    authorization_wo_version = 1
  }]
  stripe = {
    authorization_wo         = ` + of("aigateway_gateway.stripe.authorization_wo") + `
    authorization_wo_version = 1
    usage_events             = [{ payload = "{}" }]
  }
}

data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "keyed" {
  name           = "keyed"
  store_id       = one(data.aigateway_secrets_stores.all.secrets_stores).id
  authentication = true
}

resource "aigateway_provider_config" "stored" {
  gateway_id        = aigateway_gateway.keyed.id
  provider_slug     = "openai"
  secret_wo         = ` + of("aigateway_provider_config.secret_wo") + `
  secret_wo_version = 1
}

resource "aigateway_custom_provider" "own" {
  name     = "Our own"
  slug     = "own"
  base_url = "https://llm.example.com"
  headers  = { "x-key" = ` + of("aigateway_custom_provider.headers") + ` }
}

data "aigateway_chat_completion" "test" {
  gateway_id = aigateway_gateway.plain.id
  model      = "openai/gpt-5.2"
  prompt     = "Hello"
}
`
	return values.String(), declarations.String() + config
}
