package identity_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

const (
	account = "0123456789abcdef0123456789abcdef"
	uuid    = "01a1fdcd-304c-7000-8c69-8c1215e64c1d"
)

// what describes an attribute of an identity schema.
type what struct {
	description string
	required    bool
}

func TestOwnerSchemas(t *testing.T) {
	const id = "ID of the thing, as the service chose it."
	inAccount := map[string]what{
		"account_id": {"ID of the Cloudflare account. Defaults to the provider's account_id.", false},
		"id":         {id, true},
	}
	inGateway := map[string]what{
		"account_id": inAccount["account_id"], "id": inAccount["id"],
		"gateway_id": {"ID of the gateway, which is its name.", true},
	}
	for name, test := range map[string]struct {
		got  identityschema.Schema
		want map[string]what
	}{
		"account": {identity.InAccountSchema(id), inAccount}, "gateway": {identity.InGatewaySchema(id), inGateway},
	} {
		if len(test.got.Attributes) != len(test.want) {
			t.Errorf("%s: %d attributes, want %d", name, len(test.got.Attributes), len(test.want))
		}
		for attribute, want := range test.want {
			got, ok := test.got.Attributes[attribute].(identityschema.StringAttribute)
			if !ok || got.Description != want.description || got.RequiredForImport != want.required || got.OptionalForImport == want.required {
				t.Errorf("%s: %s is %+v", name, attribute, got)
			}
		}
	}
	if _, shared := identity.InAccountSchema(id).Attributes["gateway_id"]; shared {
		t.Error("an account's identity has a gateway")
	}
}

// imported returns an import response without values.
func imported(t *testing.T, its identityschema.Schema) *resource.ImportStateResponse {
	t.Helper()
	attributes := map[string]schema.Attribute{"name": schema.StringAttribute{Required: true}}
	for name := range its.Attributes {
		attributes[name] = schema.StringAttribute{Computed: true}
	}
	state := schema.Schema{Attributes: attributes}
	return &resource.ImportStateResponse{
		State:    tfsdk.State{Schema: state, Raw: tftypes.NewValue(state.Type().TerraformType(t.Context()), nil)},
		Identity: &tfsdk.ResourceIdentity{Schema: its, Raw: tftypes.NewValue(its.Type().TerraformType(t.Context()), nil)},
	}
}

// importer is implemented by identities that can be imported.
type importer interface {
	Import(ctx context.Context, resp *resource.ImportStateResponse)
}

func inAccount(accountID, id string) identity.InAccount {
	return identity.InAccount{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
}

func inGateway(accountID, gatewayID, id string) identity.InGateway {
	return identity.InGateway{AccountID: types.StringValue(accountID), GatewayID: types.StringValue(gatewayID), ID: types.StringValue(id)}
}

// An import sets only the given parts in state and identity.
func TestImport(t *testing.T) {
	for name, test := range map[string]struct {
		its    identityschema.Schema
		object importer
		parts  string
	}{
		"account": {identity.InAccountSchema(""), inAccount(account, uuid), "account_id=" + account + " id=" + uuid},
		"gateway": {identity.InGatewaySchema(""), inGateway(account, "my-gateway_1", "54442216"), "account_id=" + account + " gateway_id=my-gateway_1 id=54442216"},
	} {
		resp := imported(t, test.its)
		test.object.Import(t.Context(), resp)
		if len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %v", name, resp.Diagnostics)
		}
		if got := texts(t, resp.State.Raw); got != test.parts {
			t.Errorf("%s: state has %s, want %s", name, got, test.parts)
		}
		if got := texts(t, resp.Identity.Raw); got != test.parts {
			t.Errorf("%s: the identity has %s, want %s", name, got, test.parts)
		}
	}
}

// texts returns the attributes of an object that are set, as name=value.
func texts(t *testing.T, object tftypes.Value) string {
	t.Helper()
	values := map[string]tftypes.Value{}
	if err := object.As(&values); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range []string{"account_id", "gateway_id", "id", "name"} {
		if value, has := values[name]; has && !value.IsNull() {
			var text string
			if err := value.As(&text); err != nil {
				t.Fatal(err)
			}
			all = append(all, name+"="+text)
		}
	}
	return strings.Join(all, " ")
}

// The error names all invalid parts of an ID at once, and nothing is set.
func TestImportRefused(t *testing.T) {
	const noAccount, noObject = `account_id is "%". It must be 32 hexadecimal digits in lower case.`, `, which cannot be the ID of an object.`
	wrongAccount := func(value string) string { return strings.Replace(noAccount, "%", value, 1) }
	for name, test := range map[string]struct {
		its    identityschema.Schema
		object importer
		says   []string
	}{
		"account":         {identity.InAccountSchema(""), inAccount("x", uuid), []string{wrongAccount("x")}},
		"account's case":  {identity.InAccountSchema(""), inAccount(strings.ToUpper(account), uuid), []string{wrongAccount(strings.ToUpper(account))}},
		"no id":           {identity.InAccountSchema(""), inAccount(account, ""), []string{`id is ""` + noObject}},
		"id":              {identity.InAccountSchema(""), inAccount(account, "a/b"), []string{`id is "a/b"` + noObject}},
		"null":            {identity.InAccountSchema(""), identity.InAccount{AccountID: types.StringValue(account)}, []string{`id is ""` + noObject}},
		"gateway":         {identity.InGatewaySchema(""), inGateway(account, "..", uuid), []string{`gateway_id is ".."` + noObject}},
		"id in a gateway": {identity.InGatewaySchema(""), inGateway(account, "main", "../x"), []string{`id is "../x"` + noObject}},
		"no account":      {identity.InGatewaySchema(""), inGateway("", "main", uuid), []string{wrongAccount("")}},
		"all": {
			identity.InGatewaySchema(""), inGateway("x", "a b", "a?b"),
			[]string{wrongAccount("x"), `gateway_id is "a b"` + noObject, `id is "a?b"` + noObject},
		},
	} {
		resp := imported(t, test.its)
		test.object.Import(t.Context(), resp)
		var said []string
		for _, d := range resp.Diagnostics {
			if d.Summary() != "Invalid import identity" {
				t.Errorf("%s: %s", name, d.Summary())
			}
			said = append(said, d.Detail())
		}
		if got, want := strings.Join(said, "\n"), strings.Join(test.says, "\n"); got != want {
			t.Errorf("%s: it says\n%s\nwant\n%s", name, got, want)
		}
		if !resp.State.Raw.IsNull() || !resp.Identity.Raw.IsNull() {
			t.Errorf("%s: state %s, identity %s", name, resp.State.Raw, resp.Identity.Raw)
		}
	}
}
