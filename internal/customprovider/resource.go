package customprovider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "aigateway_custom_provider"

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// A Resource manages custom providers.
type Resource struct {
	providerdata.Resource
}

// NewResource returns the resource aigateway_custom_provider.
func NewResource() resource.Resource { return &Resource{} }

// support says which wire formats have custom providers.
var support = crud.Support{
	Objects: "Custom providers", In: func(c client.Capabilities) bool { return c.Providers },
}

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// ValidateConfig checks the headers. Its errors have no path: the CLI would print the
// line of the configuration, which may hold a secret.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	warnOfPrefix(ctx, req, &resp.Diagnostics)
	var headers types.Map
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("headers"), &headers)...)
	const summary = "Invalid header of a custom provider"
	elements := headers.Elements()
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		value, _ := elements[name].(types.String)
		switch {
		case !headerPattern.MatchString(name):
			resp.Diagnostics.AddError(summary, "One of the names in headers is not a valid name of an HTTP header. A name consists of letters, "+
				"digits and some punctuation such as hyphens, without spaces, colons and line breaks. The name is not shown, because it may "+
				"be a secret in the wrong place.")
		case strings.ContainsFunc(value.ValueString(), isControl):
			resp.Diagnostics.AddError(summary, fmt.Sprintf("The value of the header %q in headers is not valid: it must be one line without "+
				"control characters. The value is not shown, because it may be a secret.", name))
		}
	}
}

// slugPrefix is what requests put before the slug.
const slugPrefix = "custom-"

// warnOfPrefix warns of a slug that already has the prefix of requests. The service is
// not known to refuse it.
func warnOfPrefix(ctx context.Context, req resource.ValidateConfigRequest, diags *diag.Diagnostics) {
	var slug types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("slug"), &slug)...)
	if bare, ok := strings.CutPrefix(slug.ValueString(), slugPrefix); ok {
		diags.AddAttributeWarning(path.Root("slug"), "Slug with the prefix of requests", fmt.Sprintf(
			"Requests put %[1]q before the slug, so they must name this custom provider %[1]s%[2]s. If that is not intended, set slug = %[3]q.",
			slugPrefix, slug.ValueString(), bare))
	}
}

// isControl reports whether the value of a header must not contain r (RFC 9110).
func isControl(r rune) bool { return r != '\t' && unicode.IsControl(r) }

// ModifyPlan plans the computed values.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var headers types.Map
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("headers"), &headers)...)
	crud.ModifyPlan(ctx, r.Data, support, req, resp, func(plan, state *model) {
		plan.RequestSlug = requestSlug(plan.Slug)
		if state == nil && headers.IsNull() {
			plan.Headers = headers
		}
		switch {
		case state == nil:
		case plan.changes(*state):
			// The service derives the logo from the name.
			plan.Logo, plan.ModifiedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
		default:
			plan.Logo, plan.ModifiedAt = state.Logo, state.ModifiedAt
		}
	})
}

// Create creates the custom provider.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, input := plan.AccountID.ValueString(), plan.toAPI()
	ctx = client.WithSecrets(ctx, input.Secrets()...)
	created, err := customproviders.Create(ctx, api, accountID, input)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	planned := plan
	plan.fromAPI(created)
	compare(planned, plan, &resp.Diagnostics)
	crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error {
		return customproviders.Delete(ctx, api, accountID, created.ID)
	})
}

// compare adds an error for every attribute that the service stored with another value
// than planned.
func compare(planned, stored model, diags *diag.Diagnostics) {
	wanted, got := planned.attributes(), stored.attributes()
	for _, name := range crud.Different(wanted, got) {
		if name == "headers" {
			// No path: the CLI would print the line, which may hold a secret.
			diags.AddError("The service stored other headers",
				"The request that set headers succeeded, but the custom provider now has other headers, or none. The API does not document that "+
					"headers can be changed. To change them, replace the custom provider (terraform apply -replace=…).")
			continue
		}
		crud.AddNotStored("custom provider", name, wanted[name], got[name], "Configure the value that the service accepts. If the service "+
			"accepts this attribute only at creation, replace the custom provider (terraform apply -replace=…).", diags)
	}
}

// Read updates the state from the service.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		provider, err := customproviders.Get(ctx, api, state.AccountID.ValueString(), state.ID.ValueString())
		if err == nil {
			state.fromAPI(provider)
		}
		return err
	})
}

// Update changes the custom provider in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.changes(state) {
		resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
		return
	}
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	changed, err := customproviders.Update(ctx, api, accountID, id, state.toAPI(), plan.toAPI())
	if errors.Is(err, client.ErrAlreadyExists) {
		resp.Diagnostics.AddAttributeError(path.Root("slug"), "Slug of another custom provider", fmt.Sprintf(
			"Custom provider %[3]q was not changed, because account %[1]s has another custom provider with the slug %[2]q. Choose another slug, "+
				"or delete the other custom provider (aigateway_custom_providers lists it), and apply again.",
			accountID, plan.Slug.ValueString(), state.Slug.ValueString()))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(state.Subject("update"), err)...)
		return
	}
	tflog.Info(ctx, "updated custom provider", state.Identity().Fields())
	planned := plan
	plan.fromAPI(changed)
	compare(planned, plan, &resp.Diagnostics)
	warnOfUnconfirmed(state, planned, changed, &resp.Diagnostics)
	resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
}

// warnOfUnconfirmed adds a warning about changes that the API does not document and that
// the response does not confirm. It has no path, since headers may hold secrets.
func warnOfUnconfirmed(before, planned model, response *customproviders.Provider, diags *diag.Diagnostics) {
	var names []string
	if !response.HasHeaders && !crud.Same(planned.Headers, before.Headers) {
		names = append(names, "headers")
	}
	if response.Position == nil && !planned.Position.IsUnknown() && !crud.Same(planned.Position, before.Position) {
		names = append(names, "position")
	}
	if len(names) == 0 {
		return
	}
	what := strings.Join(names, " and ")
	diags.AddWarning("Unconfirmed change of a custom provider", fmt.Sprintf(
		"The request that changed %s of custom provider %q succeeded, but the response does not confirm the change. The API does not document "+
			"that %s can be changed. If requests show the old value, replace the custom provider (terraform apply -replace=…).",
		what, planned.Slug.ValueString(), what))
}

// Delete deletes the custom provider.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	crud.Delete(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		return customproviders.Delete(ctx, api, state.AccountID.ValueString(), state.ID.ValueString())
	})
}
