package providerdata_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

func requireNone(t *testing.T, diags diag.Diagnostics) {
	t.Helper()
	if len(diags) != 0 {
		t.Errorf("%v", diags)
	}
}

// requireErrors fails the test unless there are exactly these errors, all of them
// without a path.
func requireErrors(t *testing.T, diags diag.Diagnostics, summaries ...string) {
	t.Helper()
	var got []string
	for _, d := range diags {
		got = append(got, d.Summary())
		if d.Severity() != diag.SeverityError || d.Detail() == "" {
			t.Errorf("%+v", d)
		}
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			t.Errorf("it has the path %s: %s", located.Path(), d.Summary())
		}
	}
	if strings.Join(got, "; ") != strings.Join(summaries, "; ") {
		t.Errorf("errors %q, want %q", got, summaries)
	}
}

func TestFrom(t *testing.T) {
	var diags diag.Diagnostics
	if d := providerdata.From(nil, &diags); d != nil {
		t.Errorf("%+v", d)
	}
	requireNone(t, diags) // validation runs before the provider is configured
	given := &providerdata.Data{}
	if d := providerdata.From(given, &diags); d != given {
		t.Errorf("%+v", d)
	}
	requireNone(t, diags)
	for _, odd := range []any{"data", providerdata.Data{}, 7} {
		var diags diag.Diagnostics
		if d := providerdata.From(odd, &diags); d != nil {
			t.Errorf("%+v", d)
		}
		requireErrors(t, diags, "Unexpected provider data")
	}
}

func TestClients(t *testing.T) {
	api, err := client.New(client.Config{APIToken: "api-token-1"})
	if err != nil {
		t.Fatal(err)
	}
	settings := providerdata.Missing{Summary: "No token for settings", Detail: "Why."}
	models := providerdata.Missing{Summary: "No token for models", Detail: "Why."}
	for name, test := range map[string]struct {
		data             *providerdata.Data
		control, through []string // summaries of errors, nil if there is a client
	}{
		"not configured": {nil, []string{"Provider not configured"}, []string{"Provider not configured"}},
		"complete":       {&providerdata.Data{Client: api}, nil, nil},
		"models alone": {
			&providerdata.Data{Client: api, ControlPlaneMissing: []providerdata.Missing{settings}}, []string{settings.Summary}, nil,
		},
		"settings alone": {
			&providerdata.Data{Client: api, DataPlaneMissing: []providerdata.Missing{models}}, nil, []string{models.Summary},
		},
		"neither": {
			&providerdata.Data{
				Client: api, ControlPlaneMissing: []providerdata.Missing{settings, models}, DataPlaneMissing: []providerdata.Missing{models},
			}, []string{settings.Summary, models.Summary}, []string{models.Summary},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, plane := range []struct {
				of   func(*diag.Diagnostics) *client.Client
				want []string
			}{{test.data.ControlPlane, test.control}, {test.data.DataPlane, test.through}} {
				var diags diag.Diagnostics
				got := plane.of(&diags)
				requireErrors(t, diags, plane.want...)
				if (got == api) != (plane.want == nil) || (got == nil) != (plane.want != nil) {
					t.Errorf("client %v beside the errors %q", got, plane.want)
				}
			}
		})
	}
}

// Earlier errors do not prevent the use of the client.
func TestClientBesideOtherErrors(t *testing.T) {
	api, err := client.New(client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var diags diag.Diagnostics
	diags.AddError("Of something else", "Why.")
	if got := (&providerdata.Data{Client: api}).ControlPlane(&diags); got != api {
		t.Errorf("%v", got)
	}
	requireErrors(t, diags, "Of something else")
}

func TestAccount(t *testing.T) {
	own, providers := types.StringValue(strings.Repeat("a", 32)), types.StringValue(strings.Repeat("b", 32))
	with := func(account types.String) *providerdata.Data { return &providerdata.Data{AccountID: account} }
	for name, test := range map[string]struct {
		data      *providerdata.Data
		own, want types.String
	}{
		"its own":                      {with(providers), own, own},
		"its own, provider has none":   {with(types.StringNull()), own, own},
		"its own, provider unknown":    {with(types.StringUnknown()), own, own},
		"its own, not configured":      {nil, own, own},
		"its own is unknown":           {with(providers), types.StringUnknown(), types.StringUnknown()},
		"the provider's":               {with(providers), types.StringNull(), providers},
		"the provider's, unknown":      {with(types.StringUnknown()), types.StringNull(), types.StringUnknown()},
		"not configured, so not known": {nil, types.StringNull(), types.StringUnknown()},
	} {
		var diags diag.Diagnostics
		if got := test.data.Account(test.own, &diags); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		requireNone(t, diags)
	}

	var diags diag.Diagnostics
	if got := with(types.StringNull()).Account(types.StringNull(), &diags); !got.IsNull() {
		t.Errorf("%s", got)
	}
	requireErrors(t, diags, "Missing account ID")
	for _, source := range []string{"account_id of the object", "account_id of the provider", "CLOUDFLARE_ACCOUNT_ID"} {
		if !strings.Contains(diags[0].Detail(), source) {
			t.Errorf("%q does not name %q", diags[0].Detail(), source)
		}
	}
}

func TestKnownAccount(t *testing.T) {
	own, providers := types.StringValue(strings.Repeat("a", 32)), types.StringValue(strings.Repeat("b", 32))
	for name, test := range map[string]struct {
		data      *providerdata.Data
		own, want types.String
	}{
		"its own":                   {&providerdata.Data{AccountID: providers}, own, own},
		"its own, provider unknown": {&providerdata.Data{AccountID: types.StringUnknown()}, own, own},
		"the provider's":            {&providerdata.Data{AccountID: providers}, types.StringNull(), providers},
	} {
		var diags diag.Diagnostics
		if got := test.data.KnownAccount(test.own, &diags); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		requireNone(t, diags)
	}
	for name, test := range map[string]struct {
		data *providerdata.Data
		own  types.String
		want string
	}{
		"its own is unknown":      {&providerdata.Data{AccountID: providers}, types.StringUnknown(), "Unknown account ID"},
		"the provider's, unknown": {&providerdata.Data{AccountID: types.StringUnknown()}, types.StringNull(), "Unknown account ID"},
		"not configured":          {nil, types.StringNull(), "Unknown account ID"},
		"none":                    {&providerdata.Data{AccountID: types.StringNull()}, types.StringNull(), "Missing account ID"},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			test.data.KnownAccount(test.own, &diags)
			requireErrors(t, diags, test.want)
		})
	}
}

func TestAddUnset(t *testing.T) {
	var diags diag.Diagnostics
	(*providerdata.Data)(nil).AddUnset(&diags)
	(&providerdata.Data{
		ControlPlaneMissing: []providerdata.Missing{{Summary: "Not known yet", Detail: "Why."}, {Summary: "No token", Detail: "Why.", Unset: true}},
		DataPlaneMissing:    []providerdata.Missing{{Summary: "Of no concern", Detail: "Why.", Unset: true}},
	}).AddUnset(&diags)
	requireErrors(t, diags, "No token")
}

func TestWarnOfAccount(t *testing.T) {
	here, there := types.StringValue(strings.Repeat("a", 32)), types.StringValue(strings.Repeat("b", 32))
	for name, test := range map[string]struct {
		providers, own, current types.String
		warns                   bool
	}{
		"the same":             {here, types.StringNull(), here, false},
		"another":              {here, types.StringNull(), there, true},
		"its own":              {here, there, there, false},
		"its own, not known":   {here, types.StringUnknown(), there, false},
		"the provider's":       {types.StringUnknown(), types.StringNull(), there, false},
		"the provider has no":  {types.StringNull(), types.StringNull(), there, false},
		"the provider's empty": {types.StringValue(""), types.StringNull(), there, false},
	} {
		var diags diag.Diagnostics
		(&providerdata.Data{AccountID: test.providers}).WarnOfAccount("dynamic route", "support", test.own, test.current, &diags)
		if !test.warns {
			requireNone(t, diags)
			continue
		}
		want := diag.NewAttributeWarningDiagnostic(path.Root("account_id"), "Dynamic route in another account",
			`The dynamic route "support" is in account `+there.ValueString()+" and stays there, although the provider's account_id is "+
				here.ValueString()+". Set account_id of this resource to the former to keep it there, or to the latter to replace the dynamic route.")
		if len(diags) != 1 || !diags[0].Equal(want) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestAddUnsupported(t *testing.T) {
	api, err := client.New(client.Config{APIToken: "api-token-1", WireFormat: client.WireGatewayInput})
	if err != nil {
		t.Fatal(err)
	}
	d := &providerdata.Data{Client: api}
	var diags diag.Diagnostics
	d.AddUnsupported("Dynamic routes", true, &diags)
	requireNone(t, diags)
	d.AddUnsupported("Dynamic routes", false, &diags)
	requireErrors(t, diags, "Dynamic routes are not in the wire format")
	for _, part := range []string{`The provider's wire_format is "` + string(client.WireGatewayInput) + `"`, `Use the format "` + string(client.WireCloudflare) + `"`} {
		if !strings.Contains(diags[0].Detail(), part) {
			t.Errorf("%q does not say %q", diags[0].Detail(), part)
		}
	}
}
