package gateway

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the resource's name in configurations.
const ResourceType = "aigateway_gateway"

// Resource is the resource aigateway_gateway.
type Resource struct {
	providerdata.Resource
}

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// NewResource returns the resource aigateway_gateway.
func NewResource() resource.Resource { return &Resource{} }

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// Schema sets the attributes.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InAccountSchema("Id of the gateway, which is its name.")
}

// ValidateConfig checks values that contradict each other.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	// What cannot be read, such as a fraction for an integer, is reported by the
	// framework's own validation, which knows the exact path.
	if diags := whole.Read(ctx, req.Config.Raw, &config); !diags.HasError() {
		check(&config, &resp.Diagnostics)
	}
}

// ImportState accepts "name", "account_id/name", or an identity. It sets what Read
// needs. Read does the rest, and finds out whether the gateway exists.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	target := identity.InAccount{ID: types.StringValue(req.ID)}
	if identity.HasIdentity(req) {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &target)...)
	} else if accountID, id, found := strings.Cut(req.ID, "/"); found {
		target = identity.InAccount{AccountID: types.StringValue(accountID), ID: types.StringValue(id)}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	target.AccountID = r.Data.KnownAccount(target.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	valid := validName
	if !r.Data.Client.Capabilities().NamesAreIDs {
		valid = client.ValidID
	}
	if !client.AccountIDPattern.MatchString(target.AccountID.ValueString()) || !valid(target.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf(
			"%q does not identify a gateway. Use its name, such as \"my-gateway\". For another account than the provider's, put "+
				"the account ID first, such as \"0123456789abcdef0123456789abcdef/my-gateway\".", req.ID))
		return
	}
	target.Import(ctx, resp)
}

// Read refreshes the gateway, or removes it from state if it is gone.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		gateway, err := gateways.Get(ctx, api, state.AccountID.ValueString(), state.ID.ValueString())
		if err != nil {
			return err
		}
		imported := state.Name.IsNull()
		state.fromAPI(state.AccountID, r.Data.GatewayBaseURL, gateway)
		warnOfSecrets(state, gateway, imported, &resp.Diagnostics)
		return nil
	})
}

// warnOfSecrets warns of secrets that an import does not bring, and of those that
// the service holds and state lacks: an update sends the whole gateway, and so
// without them.
func warnOfSecrets(m *model, gateway *gateways.Gateway, imported bool, diags *diag.Diagnostics) {
	const consequence = "Set them in the configuration. Otherwise the next change of this gateway, whatever the setting, removes them."
	if imported && !m.Stripe.IsNull() {
		diags.AddWarning("Secrets are not imported", fmt.Sprintf(
			"The gateway %q has stripe, whose secrets were not imported, because the service may return them masked. "+
				"Set them in the configuration; the next apply sends them.", m.ID.ValueString()))
	}
	if imported && !m.OTel.IsNull() {
		diags.AddWarning("Secrets are not imported", fmt.Sprintf(
			"The gateway %q has otel, whose secrets (headers, authorization) were not imported, because the service may return them masked. %s",
			m.ID.ValueString(), consequence))
		return
	}
	for i, element := range m.OTel.Elements() {
		receiver, _ := element.(types.Object)
		if i < len(gateway.OTel) && !knowsSecrets(receiver) && (len(gateway.OTel[i].Headers) > 0 || gateway.OTel[i].Authorization != "") {
			diags.AddWarning("Secrets that are not in state", fmt.Sprintf(
				"The gateway %q has headers or an authorization for otel[%d] that are not in state. %s",
				m.ID.ValueString(), i, consequence))
		}
	}
}

// Create creates the gateway, and deletes it again if the service stored other
// settings.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(whole.Read(ctx, req.Plan.Raw, &plan)...)
	resp.Diagnostics.Append(whole.Read(ctx, req.Config.Raw, &config)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = client.WithSecrets(ctx, plan.toAPI(config.features).Secrets()...)
	accountID, name := plan.AccountID.ValueString(), plan.Name.ValueString()
	gateway, err := gateways.Create(ctx, api, accountID, name, plan.toAPI(config.features))
	if err != nil {
		created := plan.Subject("create")
		created.ServerChoosesID = !api.Capabilities().NamesAreIDs
		resp.Diagnostics.Append(diagnostics.FromError(created, err)...)
	}
	if gateway == nil {
		return
	}
	// With an error, this is what was created and could not be deleted again.
	planned := plan
	diagnostics.AddCarried(fmt.Sprintf("gateway %q", name), gateway.Carried, &resp.Diagnostics)
	plan.fromAPI(plan.AccountID, r.Data.GatewayBaseURL, gateway)
	plan.keepPromised(planned.facts)
	if err == nil {
		compare(&planned, &plan, &resp.Diagnostics)
	}
	crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error { return gateways.Delete(ctx, api, accountID, gateway.ID) })
}

// Update sends the whole gateway if anything changes on the wire.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(whole.Read(ctx, req.Plan.Raw, &plan)...)
	resp.Diagnostics.Append(whole.Read(ctx, req.State.Raw, &state)...)
	resp.Diagnostics.Append(whole.Read(ctx, req.Config.Raw, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !changes(r.Data.Client, &state, &plan) {
		// Only what the service does not know of has changed, such as the TTL of a
		// cache that is off.
		plan.setURLs(r.Data.GatewayBaseURL)
		resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
		return
	}
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx = client.WithSecrets(ctx, append(state.Secrets(), plan.toAPI(config.features).Secrets()...)...)
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	gateway, err := gateways.Update(ctx, api, accountID, id, plan.Name.ValueString(), plan.toAPI(config.features), state.toAPIStored())
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(state.Subject("update"), err)...)
		return
	}
	tflog.Info(ctx, "updated gateway", state.Identity().Fields())
	diagnostics.AddCarried(fmt.Sprintf("gateway %q", plan.Name.ValueString()), gateway.Carried, &resp.Diagnostics)
	planned := plan
	plan.fromAPI(plan.AccountID, r.Data.GatewayBaseURL, gateway)
	plan.keepPromised(planned.facts)
	compare(&planned, &plan, &resp.Diagnostics)
	resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
}

// Delete deletes the gateway and its logs.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	crud.Delete(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return gateways.Delete(ctx, api, state.AccountID.ValueString(), state.ID.ValueString())
	})
}

// checkName refuses a name that Cloudflare would refuse.
func checkName(name string, capabilities client.Capabilities, diags *diag.Diagnostics) {
	if capabilities.NamesAreIDs && !validName(name) {
		diags.AddAttributeError(path.Root("name"), "Invalid name of a gateway", fmt.Sprintf(
			"%q cannot be the name of a gateway: it must consist of 1 to %d lower-case letters, digits and underscores, "+
				"in groups joined by single hyphens, such as \"my-gateway_1\".", name, gateways.NameMaxLength))
	}
}

func validName(name string) bool {
	return len(name) <= gateways.NameMaxLength && gateways.NamePattern.MatchString(name)
}

// subject describes a gateway in errors. An error about a field is placed at its
// attribute, unless that holds secrets.
func subject(verb, accountID, id string) diagnostics.Subject {
	attributes := map[string]path.Path{
		"id": path.Root("name"), "name": path.Root("name"), "collect_logs": path.Root("log_enabled"),
	}
	for _, a := range (&model{}).attributes() {
		if !secretAttributes[a.name] {
			attributes[a.name] = path.Root(a.name)
		}
	}
	return diagnostics.Subject{
		Verb: verb, Object: "gateway", AccountID: accountID, ID: id, ResourceType: ResourceType, Attributes: attributes,
		ImportHint: "The data source aigateway_gateways lists the gateways of an account.",
	}
}
