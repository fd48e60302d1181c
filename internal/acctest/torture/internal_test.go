//go:build unix

package torture

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDifference(t *testing.T) {
	for name, test := range map[string]struct{ want, got, missing, extra []string }{
		"none":     {},
		"same":     {want: []string{"a", "b"}, got: []string{"a", "b"}},
		"orphan":   {got: []string{"a"}, extra: []string{"a"}},
		"twice":    {want: []string{"a", "b"}, got: []string{"a", "a", "b"}, extra: []string{"a"}},
		"missing":  {want: []string{"a", "b", "c"}, got: []string{"b"}, missing: []string{"a", "c"}},
		"replaced": {want: []string{"b"}, got: []string{"a"}, missing: []string{"b"}, extra: []string{"a"}},
	} {
		missing, extra := difference(test.want, test.got)
		if diff := cmp.Diff([][]string{test.missing, test.extra}, [][]string{missing, extra}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What the harness counts is found in the service, also what is there in addition.
func TestStored(t *testing.T) {
	const account = "0123456789abcdef0123456789abcdef"
	server, err := emulator.New(emulator.Options{GatewayLimit: -1})
	if err != nil {
		t.Fatal(err)
	}
	store := server.StoreIDs(account)[0]
	server.PutGateway(account, map[string]any{"id": "gateway-0", "store_id": store})
	server.PutRoute(account, "gateway-0", "route-0", nil)
	server.PutProviderConfig(account, "gateway-0", map[string]any{"provider_slug": "openai", "alias": "alias-0"})
	server.PutSecret(account, store, secretName("gateway-0", "alias-0"), "sk")
	server.PutCustomProvider(account, map[string]any{"slug": "slug-0"})
	if missing, extra := difference(wanted(1), stored(server, account)); len(missing)+len(extra) > 0 {
		t.Errorf("lacks %q and has %q in addition", missing, extra)
	}
	server.PutRoute(account, "gateway-0", "route-1", nil)
	server.PutSecret(account, store, secretName("gateway-0", "alias-1"), "sk")
	_, extra := difference(wanted(1), stored(server, account))
	if !cmp.Equal(extra, []string{"aigateway_dynamic_route route-1", "secret gateway-0_openai_alias-1"}) {
		t.Errorf("a second route and a second secret are %q", extra)
	}
}

// A request is carried out although the client has left, and the interruption
// comes before or after that.
func TestFront(t *testing.T) {
	for _, carryOut := range []bool{false, true} {
		var events []string
		f := &front{service: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := r.Context().Err(); err != nil {
				t.Error(err)
			}
			events = append(events, r.Method)
			w.WriteHeader(http.StatusTeapot)
		})}
		f.arm(2, carryOut, func() { events = append(events, "interrupt") })
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
			w := httptest.NewRecorder()
			f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader("{}")))
			if w.Code != http.StatusTeapot {
				t.Errorf("%s: status %d", method, w.Code)
			}
		}
		want := []string{"GET", "interrupt", "POST", "PUT"}
		if carryOut {
			want = []string{"GET", "POST", "interrupt", "PUT"}
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Errorf("carried out before: %v (-want +got):\n%s", carryOut, diff)
		}
		if requests, interrupted := f.disarm(); requests != 3 || !interrupted {
			t.Errorf("%d requests, interrupted: %v", requests, interrupted)
		}
	}
}

// Both CLIs decorate the lines of an error.
func TestImportBlock(t *testing.T) {
	for _, output := range []string{
		"import {\n  to = aigateway_gateway.example\n  id = \"account/main\"\n}",
		"│ import {\n│   to = aigateway_gateway.example\n│   id = \"account/main\"\n│ }",
	} {
		found := importBlock.FindAllStringSubmatch(output, -1)
		if len(found) != 1 || !cmp.Equal(found[0][1:], []string{"aigateway_gateway", "account/main"}) {
			t.Errorf("found %q in\n%s", found, output)
		}
	}
}

func TestRepairState(t *testing.T) {
	const whole = `{"version":4,"resources":[{"mode":"managed","type":"aigateway_gateway","instances":[{"attributes":{"name":"gateway-0","id":"x"}}]}]}`
	for name, test := range map[string]struct {
		files    map[string]string
		repaired bool
		objects  int
	}{
		"no state":     {nil, false, 0},
		"empty":        {map[string]string{stateFile: "", stateFile + ".backup": whole}, true, 1},
		"whole":        {map[string]string{stateFile: whole}, false, 1},
		"cut":          {map[string]string{stateFile: whole[:40], stateFile + ".backup": whole}, true, 1},
		"cut, no copy": {map[string]string{stateFile: whole[:40]}, true, 0},
	} {
		w := &workspace{Workspace: cli.Workspace{Dir: t.TempDir()}}
		for file, content := range test.files {
			if err := os.WriteFile(filepath.Join(w.Dir, file), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		repaired, err := w.repairState()
		objects, stateErr := inState(w.Dir)
		if err != nil || stateErr != nil || repaired != test.repaired || len(objects) != test.objects {
			t.Errorf("%s: repaired: %v, objects %v, %v, %v", name, repaired, objects, err, stateErr)
		}
	}
}

// A report that hides a loss is worth nothing.
func TestReport(t *testing.T) {
	report := &Report{}
	report.add("a", true, false, recovery{applies: 1})
	report.add("b", true, true, recovery{applies: 2, named: map[string]bool{"x": true}})
	report.add("b", false, false, recovery{applies: 1})
	if err := report.Err(); err != nil {
		t.Error(err)
	}
	want := Row{Kind: "all", Rounds: 2, Uninterrupted: 1, AtOnce: 2, Named: 1, Damaged: 1}
	if diff := cmp.Diff(want, report.Total()); diff != "" {
		t.Errorf("total (-want +got):\n%s", diff)
	}
	var out strings.Builder
	if err := report.Write(&out); err != nil || strings.Count(out.String(), "\n") != 4 {
		t.Errorf("%v\n%s", err, out.String())
	}
	for _, r := range []recovery{{applies: 1, lost: []string{"x"}}, {applies: 4, problem: "the plan is not empty"}} {
		bad := &Report{}
		bad.add("a", true, false, r)
		if bad.Err() == nil {
			t.Errorf("%+v is no error", r)
		}
	}
}
