package dynamicroute_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/dynamicroute"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const deployType = dynamicroute.DeployActionType

// again is the end of every error after which the action can be invoked again.
const again = "terraform apply -invoke=action.aigateway_deploy_route_version.<name>"

// twoVersions returns a route whose second version is deployed, and the
// configuration of an action that deploys the first.
func twoVersions(t *testing.T, quirks ...emulator.Quirk) (*acctest.Service, *protocol.Resource, attrs) {
	t.Helper()
	s := service(t, quirks...)
	r, id := exists(t, s, s.Protocol(t, once), gated())
	s.Emulator.Clock().Advance(time.Hour)
	r.MustApply(next())
	s.Emulator.ResetRequests()
	return s, r, attrs{"gateway_id": gatewayID, "route_id": id, "version_id": only(t, s).Versions[0]}
}

// requireProgress fails the test unless each message contains the text in its place.
func requireProgress(t *testing.T, progress []string, want ...string) {
	t.Helper()
	same := len(progress) == len(want)
	for i := range min(len(progress), len(want)) {
		same = same && strings.Contains(progress[i], want[i])
	}
	if !same {
		t.Errorf("progress:\n  %s\nwant:\n  %s", strings.Join(progress, "\n  "), strings.Join(want, "\n  "))
	}
}

// TestDeployAction deploys the previous version. The next plan shows it as drift, and
// applying goes back, or takes it over.
func TestDeployAction(t *testing.T) {
	t.Parallel()
	s, r, config := twoVersions(t)
	stored := only(t, s)
	progress, diags := s.Protocol(t, nil).InvokeAction(deployType, config)
	requireNone(t, diags)
	one := routes + "/" + stored.ID
	s.RequireRequests(t, "GET "+one, "GET "+one+versions, "POST "+one+deployments)
	if now := only(t, s); now.Deployed != stored.Versions[0] || len(now.Versions) != 2 {
		t.Errorf("version %s of %v is deployed", now.Deployed, now.Versions)
	}
	requireProgress(t, progress,
		`Dynamic route "support" of gateway "main" in account `+s.AccountID+": deploying version "+stored.Versions[0]+" of 20",
		"is deployed, deployment "+only(t, s).Deployments[len(only(t, s).Deployments)-1].ID)
	if want := "in place of version " + stored.Versions[1] + " of 20"; !strings.Contains(progress[0], want) {
		t.Errorf("%q does not say %q", progress[0], want)
	}

	requireNone(t, r.Refresh())
	plan := planOf(t, r, next())
	if plan.Action != protocol.Update {
		t.Errorf("%s, want the drift as an update", plan.Action)
	}
	r.MustPlanEmpty(gated())
	r.MustApply(next())
	requireHistory(t, s, 2)
}

// TestDeployActionAgain: what is deployed is not deployed again.
func TestDeployActionAgain(t *testing.T) {
	t.Parallel()
	s, _, config := twoVersions(t)
	config["version_id"] = only(t, s).Deployed
	progress, diags := s.Protocol(t, nil).InvokeAction(deployType, config)
	requireNone(t, diags)
	requireProgress(t, progress, "is already deployed. Nothing was sent.")
	s.RequireRequests(t, "GET "+routes+"/"+only(t, s).ID)
}

// TestDeployActionQuirks invokes the action under every quirk of routes.
func TestDeployActionQuirks(t *testing.T) {
	t.Parallel()
	for _, quirk := range []emulator.Quirk{
		emulator.VersionsRefusePaging, emulator.RouteRepliesBare, emulator.RouteElementsTop, emulator.RouteListLags,
	} {
		t.Run(string(quirk), func(t *testing.T) {
			t.Parallel()
			s, _, config := twoVersions(t, quirk)
			_, diags := s.Protocol(t, nil).InvokeAction(deployType, config)
			requireNone(t, diags)
			if now := only(t, s); now.Deployed != now.Versions[0] {
				t.Errorf("version %s of %v is deployed", now.Deployed, now.Versions)
			}
		})
	}
}

// TestDeployActionMissing: the error says what is missing, and nothing is deployed.
func TestDeployActionMissing(t *testing.T) {
	t.Parallel()
	s, _, config := twoVersions(t)
	stored := only(t, s)
	one := routes + "/" + stored.ID
	for name, test := range map[string]struct {
		change   attrs
		at       string
		says     []string
		requests []string
	}{
		"version": {
			attrs{"version_id": "01a1fdbe-0000-7000-8000-000000000000"}, "version_id",
			[]string{
				`Dynamic route "support" of gateway "main" in account ` + s.AccountID + ` has no version "01a1fdbe-0000-7000-8000-000000000000"`,
				"newest first:\n\n  - " + stored.Versions[1] + " of 20", "Z, deployed\n  - " + stored.Versions[0] + " of 20", again,
			},
			[]string{"GET " + one, "GET " + one + versions, "GET " + one + versions + "/01a1fdbe-0000-7000-8000-000000000000"},
		},
		"route": {
			attrs{"route_id": "01a1fdbe"}, "route_id",
			[]string{"Dynamic route not found", `Dynamic route "01a1fdbe" of gateway "main"`, "nothing was deployed", again},
			[]string{"GET " + routes + "/01a1fdbe"},
		},
		"gateway": {
			attrs{"gateway_id": "nobody"}, "gateway_id", []string{"Gateway not found", `has no gateway "nobody"`},
			[]string{"GET " + strings.Replace(one, "/"+gatewayID+"/", "/nobody/", 1)},
		},
	} {
		changed := maps.Clone(config)
		maps.Copy(changed, test.change)
		progress, diags := s.Protocol(t, nil).InvokeAction(deployType, changed)
		requireSays(t, diags.At(test.at), test.says...)
		requireProgress(t, progress)
		s.RequireRequests(t, test.requests...)
		if now := only(t, s); now.Deployed != stored.Deployed {
			t.Errorf("%s: version %s is deployed", name, now.Deployed)
		}
	}
}

// TestDeployActionFaults: each fault of the deployment fails the action, or is
// recovered from, and never leaves the outcome unsaid.
func TestDeployActionFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range acctest.Faults(`{"success":true,"result":{}}`) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, config := twoVersions(t)
			before := only(t, s)
			fault.Method, fault.Path = http.MethodPost, newDeployment
			s.Emulator.Inject(fault.Fault)
			_, diags := s.Protocol(t, once).InvokeAction(deployType, config)
			if now := only(t, s); (now.Deployed == before.Versions[0]) != fault.Done || diags.HasError() == fault.Done {
				t.Errorf("version %s of %v is deployed: %s", now.Deployed, now.Versions, diags)
			}
			if diags.HasError() {
				requireSays(t, diags, "Unable to deploy a version of dynamic route", `Dynamic route "support" of gateway "main"`, again)
			}
		})
	}
}

// TestDeployActionRefused: each request of the action can be refused.
func TestDeployActionRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault emulator.Fault
		says  []string
	}{
		"route":       {emulator.Fault{Method: http.MethodGet, Path: "/routes/[^/]+$"}, []string{"Unable to read dynamic route", "AI Gateway Read"}},
		"versions":    {emulator.Fault{Method: http.MethodGet, Path: newVersion}, []string{"Unable to list versions of dynamic route"}},
		"deployment":  {emulator.Fault{Method: http.MethodPost, Path: newDeployment}, []string{"Unable to deploy a version", "AI Gateway Edit"}},
		"and unknown": {emulator.Fault{Method: http.MethodPost, Path: newDeployment, Status: http.StatusNotFound, Body: missing("").Body}, []string{"Dynamic route not found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, config := twoVersions(t)
			before := only(t, s)
			if test.fault.Status == 0 {
				test.fault.Status = http.StatusForbidden
			}
			s.Emulator.Inject(test.fault)
			_, diags := s.Protocol(t, nil).InvokeAction(deployType, config)
			requireSays(t, diags, append(test.says, again)...)
			if now := only(t, s); now.Deployed != before.Deployed {
				t.Errorf("version %s is deployed", now.Deployed)
			}
		})
	}
}

// TestDeployActionOutcomeUnknown: neither the response nor the look afterwards arrives.
func TestDeployActionOutcomeUnknown(t *testing.T) {
	t.Parallel()
	s, _, config := twoVersions(t)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: newDeployment, Drop: emulator.DropAfter})
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Delay: 1, Times: 2})
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Drop: emulator.DropBefore, Times: -1})
	_, diags := s.Protocol(t, once).InvokeAction(deployType, config)
	requireSays(t, diags, "The request may or may not have been applied", again)
}

// TestDeployActionInterrupted: a deployment that was carried out is reported as done,
// and without a request nothing is.
func TestDeployActionInterrupted(t *testing.T) {
	t.Parallel()
	s, _, config := twoVersions(t)
	want, _ := config["version_id"].(string)
	server, ctx := (&lifecycle.Interruption{Method: http.MethodPost, Path: newDeployment}).Protocol(t, s, once)
	progress, diags := server.InvokeActionContext(ctx, deployType, config)
	requireNone(t, diags)
	requireProgress(t, progress, "deploying version", "is deployed")
	if now := only(t, s); now.Deployed != want {
		t.Errorf("version %s is deployed", now.Deployed)
	}

	s.Emulator.ResetRequests()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	_, diags = s.Protocol(t, once).InvokeActionContext(ctx, deployType, config)
	requireSays(t, diags, "not sent: interrupted", again)
	s.RequireRequests(t)
}

// TestDeployActionPlan: validation and plan send nothing, take unknown values, and say
// what the invocation cannot do without.
func TestDeployActionPlan(t *testing.T) {
	t.Parallel()
	s, _, config := twoVersions(t)
	server := s.Protocol(t, nil)
	requireNone(t, server.PlanAction(deployType, config))
	requireNone(t, server.PlanAction(deployType, attrs{
		"account_id": protocol.Unknown, "gateway_id": protocol.Unknown, "route_id": protocol.Unknown, "version_id": protocol.Unknown,
	}))
	_, diags := server.InvokeAction(deployType, with(config, "version_id", protocol.Unknown))
	requireSays(t, diags, "Unknown values in an action")
	for _, attribute := range []string{"account_id", "gateway_id", "route_id", "version_id"} {
		if diags := server.ValidateAction(deployType, with(config, attribute, "../up")); !diags.At(attribute).HasError() {
			t.Errorf("%s: %s", attribute, diags)
		}
	}
	diags = s.Protocol(t, attrs{"wire_format": "gateway_input"}).PlanAction(deployType, config)
	requireSays(t, diags, "Dynamic routes are not in the wire format")
	for _, attribute := range []string{"api_token", "base_url", "account_id"} {
		unknown := s.Protocol(t, attrs{attribute: protocol.Unknown})
		requireNone(t, unknown.PlanAction(deployType, config))
		_, diags := unknown.InvokeAction(deployType, config)
		requireSays(t, diags, "known only after apply")
	}
	for _, variable := range []string{"CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"} {
		server := protocol.New(t, s.Provider(variable+"=", "CF_AIG_TOKEN=run-token"), attrs{})
		requireSays(t, server.PlanAction(deployType, config), variable)
	}
	s.RequireRequests(t)
}

// TestDeployActionOfAnInvalidVersion warns, and deploys what it was told to.
func TestDeployActionOfAnInvalidVersion(t *testing.T) {
	t.Parallel()
	s, _, config := twoVersions(t)
	stored := only(t, s)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: newVersion, Status: http.StatusOK, Body: `{"success":true,"data":{"versions":[` +
		`{"version_id":"` + stored.Versions[0] + `","active":false,"is_valid":false,"created_at":"2026-08-03T10:00:00Z","data":"[]"}]}}`})
	_, diags := s.Protocol(t, nil).InvokeAction(deployType, config)
	requireSays(t, diags, "Version that the service calls invalid", stored.Versions[0]+" of 2026-08-03T10:00:00Z")
	if now := only(t, s); diags.HasError() || now.Deployed != stored.Versions[0] {
		t.Errorf("version %s is deployed: %s", now.Deployed, diags)
	}
}

// TestDeployActionSchema: every attribute says what it is.
func TestDeployActionSchema(t *testing.T) {
	t.Parallel()
	schema := service(t).Protocol(t, nil).Schema().ActionSchemas[deployType].Schema
	if !strings.Contains(schema.Block.Description, "drift") {
		t.Errorf("%q", schema.Block.Description)
	}
	var names []string
	acctest.EachAttribute("", schema.Block.Attributes, func(at string, attribute *tfprotov6.SchemaAttribute) {
		names = append(names, at)
		if !strings.HasSuffix(attribute.Description, ".") {
			t.Errorf("%s: %q", at, attribute.Description)
		}
	})
	if want := []string{".account_id", ".gateway_id", ".route_id", ".version_id"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}
