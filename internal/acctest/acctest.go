// Package acctest is the test harness of the provider. It gives each test a
// service of its own: an emulator or, for acceptance tests that ask for it
// explicitly, the real API.
package acctest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

// AccountID is the account that tests against the emulator use.
const AccountID = "0123456789abcdef0123456789abcdef"

// A Service is what a test's provider talks to.
type Service struct {
	// Emulator is the service itself, to look into and to disturb; nil when
	// the service is the real API.
	Emulator *emulator.Server
	// AccountID, Token, BaseURL and GatewayBaseURL are what a provider needs.
	AccountID, Token, BaseURL, GatewayBaseURL string
	// Transport carries the requests of [Service.Provider]; nil means a network.
	Transport http.RoundTripper
	// Clock is the time of [Service.Provider]; nil means the machine's.
	Clock client.Clock
}

// Emulate starts an emulator that runs as long as the test. Its clock runs
// with real time unless the options bring one.
func Emulate(t testing.TB, options emulator.Options) *Service {
	t.Helper()
	s := newService(t, options)
	listener := httptest.NewServer(s.Emulator)
	t.Cleanup(listener.Close)
	s.setURL(listener.URL)
	return s
}

func newService(t testing.TB, options emulator.Options) *Service {
	t.Helper()
	server, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	token := options.Token
	if token == "" {
		token = emulator.DefaultToken
	}
	return &Service{Emulator: server, AccountID: AccountID, Token: token}
}

func (s *Service) setURL(url string) { s.BaseURL, s.GatewayBaseURL = url+"/client/v4", url+"/v1" }

// Getenv returns an environment with what a provider needs for the service, plus
// the extra "NAME=value" pairs. It has nothing of the process's own environment.
func (s *Service) Getenv(extra ...string) func(string) string {
	env := map[string]string{
		"CLOUDFLARE_API_TOKEN":       s.Token,
		"CLOUDFLARE_ACCOUNT_ID":      s.AccountID,
		"CLOUDFLARE_BASE_URL":        s.BaseURL,
		"AIGATEWAY_GATEWAY_BASE_URL": s.GatewayBaseURL,
	}
	for _, pair := range extra {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return func(name string) string { return env[name] }
}

// Provider returns a factory of providers for the service.
func (s *Service) Provider(extraEnv ...string) func() provider.Provider {
	return theprovider.NewWithOptions("test", theprovider.Options{Getenv: s.Getenv(extraEnv...), Transport: s.Transport, Clock: s.Clock})
}

// ProviderFactories is like [Service.Provider], for tests that run a CLI.
func (s *Service) ProviderFactories(extraEnv ...string) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		theprovider.TypeName: providerserver.NewProtocol6WithError(s.Provider(extraEnv...)()),
	}
}

// Protocol returns a provider for the service that needs no CLI. Config is the
// provider block; nil means an empty one.
func (s *Service) Protocol(t testing.TB, config map[string]any) *protocol.Server {
	t.Helper()
	if config == nil {
		config = map[string]any{}
	}
	return protocol.New(t, s.Provider(), config)
}

// Requests returns the requests since the start or the last call of
// Emulator.ResetRequests, such as "PUT /accounts/…/gateways/demo", with the
// account's id as … and without the planes' own prefixes.
func (s *Service) Requests() []string {
	var requests []string
	for _, r := range s.Emulator.Requests() {
		path := strings.ReplaceAll(r.Path, s.AccountID, "…")
		path = strings.TrimPrefix(path, "/client/v4")
		requests = append(requests, r.Method+" "+path)
	}
	return requests
}

// RequireRequests fails the test unless exactly these requests were made since
// the last reset, in this order, and resets.
func (s *Service) RequireRequests(t testing.TB, want ...string) {
	t.Helper()
	got := s.Requests()
	s.Emulator.ResetRequests()
	if len(got) != len(want) {
		t.Errorf("requests made:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("request %d is %s, want %s", i, got[i], want[i])
		}
	}
}

// Combinations returns all sets of the quirks, the empty one first, without those
// in which quirks contradict each other.
func Combinations(quirks ...emulator.Quirk) [][]emulator.Quirk {
	sets := [][]emulator.Quirk{nil}
	for _, quirk := range quirks {
		for _, set := range sets {
			with := append(append([]emulator.Quirk{}, set...), quirk)
			if _, err := emulator.New(emulator.Options{Quirks: with}); err == nil {
				sets = append(sets, with)
			}
		}
	}
	return sets
}

// QuirkSets returns the sets of quirks to test under: all [Combinations] of a
// [Deep] run, and otherwise none and all of them together.
func QuirkSets(quirks ...emulator.Quirk) [][]emulator.Quirk {
	sets := Combinations(quirks...)
	if Deep() || len(sets) < 2 {
		return sets
	}
	return [][]emulator.Quirk{nil, sets[len(sets)-1]}
}

// QuirkName returns the name of a test under a set of quirks.
func QuirkName(quirks []emulator.Quirk) string {
	if len(quirks) == 0 {
		return "none"
	}
	names := make([]string, len(quirks))
	for i, quirk := range quirks {
		names[i] = string(quirk)
	}
	return strings.Join(names, "+")
}

// ResourceBlock returns a resource block with these lines.
func ResourceBlock(typeName, name string, attributes ...string) string {
	return fmt.Sprintf("resource %q %q {\n  %s\n}\n", typeName, name, strings.Join(attributes, "\n  "))
}

// Wrapped returns a regular expression for the text of a diagnostic, which the
// CLI may break into lines anywhere.
func Wrapped(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(strings.Join(words, `[\s│|]+`))
}

// envLive asks for the real API. Only the make targets testacc-live-all and sweep
// set it.
const envLive = "AIGATEWAY_ACC_LIVE"

func isLive() bool { return os.Getenv(envLive) == "1" }
