package customdomain

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "aigateway_custom_domain"

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
)

// A Resource manages custom domains.
type Resource struct {
	providerdata.Resource
}

// NewResource returns the resource aigateway_custom_domain.
func NewResource() resource.Resource { return &Resource{} }

// support says which wire formats have custom domains.
var support = crud.Support{
	Objects: "Custom domains", In: func(c client.Capabilities) bool { return c.Providers },
}

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// ModifyPlan requires a zone for a new domain, and keeps what is not configured.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config model
	if !req.Config.Raw.IsNull() {
		resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	}
	crud.ModifyPlan(ctx, r.Data, support, req, resp, func(plan, state *model) {
		if state == nil {
			if config.ZoneID.IsNull() {
				resp.Diagnostics.AddAttributeError(zonePath, "Custom domain without a zone", fmt.Sprintf(
					"Custom domain %q is to be created, which needs zone_id. Set it to the ID of the Cloudflare zone that the hostname belongs to.",
					plan.Hostname.ValueString()))
			}
			return
		}
		if config.ZoneID.IsNull() {
			plan.ZoneID = state.ZoneID
		}
		if config.MinTLS.IsNull() {
			plan.MinTLS = state.MinTLS
		}
		plan.facts = state.facts.after(plan.facts)
	})
}

// after returns the facts of a planned domain. Nothing changes a domain in place, so what
// the service returned stays, whatever it was.
func (f facts) after(planned facts) facts {
	f.Hostname = planned.Hostname
	return f
}

// Create creates the custom domain. It does not wait until the domain is active: the DNS
// record that this needs can only follow.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID := plan.AccountID.ValueString(), plan.GatewayID.ValueString()
	created, err := customdomains.Create(ctx, api, accountID, gatewayID, plan.toAPI())
	if errors.Is(err, client.ErrNotFound) {
		err = noEndpoint(ctx, api, accountID, gatewayID)
	}
	switch {
	case errors.Is(err, client.ErrAlreadyExists):
		addTaken(ctx, api, plan, err, diags)
		return
	case err != nil:
		diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	planned := plan
	plan.fromAPI(created)
	compare(planned, plan, diags)
	crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error {
		return customdomains.Delete(ctx, api, accountID, gatewayID, created.Hostname)
	})
}

// addTaken adds the error that the hostname has a custom domain already: with an import
// block, if it belongs to the same gateway.
func addTaken(ctx context.Context, api *client.Client, plan model, err error, diags *diag.Diagnostics) {
	_, readErr := customdomains.Get(ctx, api, plan.AccountID.ValueString(), plan.GatewayID.ValueString(), plan.Hostname.ValueString())
	if !errors.Is(readErr, client.ErrNotFound) {
		diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	diags.AddAttributeError(hostnamePath, "Hostname of another gateway", fmt.Sprintf(
		"%s: %s\n\nAnother gateway, of this account or of another one, has a custom domain with this hostname. Nothing was changed. Choose another "+
			"hostname, or delete that custom domain (aigateway_custom_domains lists those of a gateway), and apply again.",
		plan.Subject("create"), diagnostics.Sentence(err.Error())))
}

// compare adds an error for every attribute that the service stored with another value
// than planned.
func compare(planned, stored model, diags *diag.Diagnostics) {
	wanted, got := planned.settings(), stored.settings()
	for _, name := range crud.Different(wanted, got) {
		crud.AddNotStored("custom domain", name, wanted[name], got[name], "Configure the value that the service accepts.", diags)
	}
}

// Read updates the state from the service.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		accountID, gatewayID := state.AccountID.ValueString(), state.GatewayID.ValueString()
		domain, err := customdomains.Get(ctx, api, accountID, gatewayID, state.Hostname.ValueString())
		if errors.Is(err, client.ErrNotFound) {
			err = missing(ctx, api, accountID, gatewayID)
		}
		switch {
		case err == nil:
			state.fromAPI(domain)
		case errors.Is(err, client.ErrNotFound) && state.Status.IsNull():
			// An import, of which the CLI would say less. No ErrNotFound, which removes the state.
			return errors.New(err.Error() + ", so there is nothing to import. The data source aigateway_custom_domains lists the custom domains of a gateway")
		}
		return err
	})
}

// Update takes over values that were not known, without a request. Every other change
// replaces the custom domain.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
}

// Delete deletes the custom domain. The DNS record stays.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	crud.Delete(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return customdomains.Delete(ctx, api, state.AccountID.ValueString(), state.GatewayID.ValueString(), state.Hostname.ValueString())
	})
}

// ImportState accepts "gateway_id/hostname", optionally after "account_id/", or an
// identity. It writes to state what Read needs.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	diags := &resp.Diagnostics
	if !support.Check(r.Data, diags) {
		return
	}
	var target identity.ByHostname
	if identity.HasIdentity(req) {
		diags.Append(req.Identity.Get(ctx, &target)...)
	} else {
		target = parseImportID(req.ID, diags)
	}
	if diags.HasError() {
		return
	}
	target.AccountID = r.Data.KnownAccount(target.AccountID, diags)
	if !diags.HasError() {
		target.Import(ctx, resp)
	}
}
