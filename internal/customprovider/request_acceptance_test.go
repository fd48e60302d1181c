package customprovider_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// upstream is a provider on this machine, over TLS, that notes what it is asked.
type upstream struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
}

func newUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		u.mu.Lock()
		u.seen = append(u.seen, r.Method+" "+r.URL.Path+" key "+r.Header.Get("X-Key")+" "+string(body))
		u.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello from here."},`+
			`"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":3}}`)
	}))
	t.Cleanup(u.Close)
	return u
}

// requests returns those since the last look.
func (u *upstream) requests() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	seen := u.seen
	u.seen = nil
	return seen
}

const requestConfiguration = `
variable "key" {
  type      = string
  sensitive = true
}

resource "aigateway_gateway" "test" {
  name = "own"
}

resource "aigateway_custom_provider" "test" {
  name     = "Own"
  slug     = "own"
  base_url = "BASE_URL"
  enable   = ENABLE
  headers  = { "X-Key" = var.key }
}

data "aigateway_chat_completion" "test" {
  gateway_id = aigateway_gateway.test.id
  model      = "${aigateway_custom_provider.test.request_slug}/own-model"
  prompt     = "Is anybody there?"
  depends_on = [aigateway_custom_provider.test] # it is to be asked after changes
}

output "text" {
  value = data.aigateway_chat_completion.test.response_text
}
`

// TestAccCustomProvider_request: a request through a gateway reaches the custom
// provider, with its headers, and no longer when it is disabled. The value of
// the header is nowhere but in state, also when the service repeats it.
func TestAccCustomProvider_request(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	own := newUpstream(t)
	service := acctest.Emulate(t, emulator.Options{})
	log := filepath.Join(t.TempDir(), "trace.log")
	w := service.NewWorkspace(t, "AIGATEWAY_ALLOW_TEST_REQUESTS=true", "AIGATEWAY_MAX_RETRIES=0", "TF_LOG=TRACE", "TF_LOG_PATH="+log)
	var printed strings.Builder
	apply := func(enable, key string, wantStatus int) string {
		t.Helper()
		w.Write("main.tf", strings.NewReplacer("BASE_URL", own.URL+"/v1", "ENABLE", enable).Replace(requestConfiguration))
		w.Write("key.auto.tfvars", "key = \""+key+"\"\n")
		status, out := w.Try("apply", "-auto-approve", "-no-color")
		if status != wantStatus {
			t.Errorf("exit status %d, want %d:\n%s", status, wantStatus, out)
		}
		printed.WriteString(out)
		return out
	}
	reached := func(key string) {
		t.Helper()
		got := own.requests()
		for _, want := range []string{"POST /v1/chat/completions key " + key + " ", `"model":"own-model"`, "Is anybody there?"} {
			if len(got) != 1 || !strings.Contains(got[0], want) {
				t.Errorf("the custom provider saw %q, want one request with %q", got, want)
			}
		}
	}
	w.Run("init", "-no-color")
	for method, echo := range map[string]string{http.MethodPost: "header-hush-1", http.MethodPatch: "header-hush-2, not header-hush-1"} {
		service.Emulator.Inject(emulator.Fault{
			Method: method, Path: "custom-providers", Status: 400, Body: failed(7001, "bad "+echo, "body", "headers"),
		})
	}

	apply("true", "header-hush-1", 1)
	if out := apply("true", "header-hush-1", 0); !strings.Contains(out, `text = "Hello from here."`) {
		t.Errorf("the answer is not the provider's:\n%s", out)
	}
	reached("header-hush-1")
	w.RequireEmptyPlan()
	reached("header-hush-1")
	apply("true", "header-hush-2", 1)
	apply("true", "header-hush-2", 0)
	reached("header-hush-2")

	out := apply("false", "header-hush-2", 1)
	if !acctest.Wrapped("code 2008").MatchString(out) || len(own.requests()) != 0 {
		t.Errorf("a provider that is disabled was asked, or the error has not the code 2008:\n%s", out)
	}
	apply("true", "header-hush-2", 0)
	reached("header-hush-2")
	if state := w.Read("terraform.tfstate"); !strings.Contains(state, "header-hush-2") {
		t.Error("the header is not in state, where the schema has it")
	}
	printed.WriteString(w.Run("destroy", "-auto-approve", "-no-color"))

	raw, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	trace := string(raw)
	if !strings.Contains(trace, "request answered") {
		t.Error("the log has no requests: is it the right one?")
	}
	requireSecret(t, printed.String())
	if at := strings.Index(trace, "hush"); at >= 0 {
		t.Errorf("the value of a header is in the log: …%s…", trace[max(0, at-300):min(len(trace), at+100)])
	}
}
