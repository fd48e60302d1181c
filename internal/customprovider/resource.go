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
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/rollback"
)

// ResourceType is the resource's name in configurations.
const ResourceType = "aigateway_custom_provider"

type customResource struct {
	providerdata.Resource
}

var (
	_ resource.ResourceWithConfigure   = (*customResource)(nil)
	_ resource.ResourceWithIdentity    = (*customResource)(nil)
	_ resource.ResourceWithImportState = (*customResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*customResource)(nil)

	_ resource.ResourceWithValidateConfig = (*customResource)(nil)
)

// NewResource is the resource aigateway_custom_provider.
func NewResource() resource.Resource { return &customResource{} }

func (r *customResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// ValidateConfig looks at headers. Its errors have no path: the CLI would print
// the line, which may hold a secret.
func (r *customResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var headers types.Map
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("headers"), &headers)...)
	const summary = "Invalid header of a custom provider"
	elements := headers.Elements()
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		value, _ := elements[name].(types.String)
		switch {
		case !headerPattern.MatchString(name):
			resp.Diagnostics.AddError(summary, "headers has a name that cannot be that of an HTTP header. It must consist of letters, digits and "+
				"hyphens, mostly, and have no spaces, colons and line ends. It is not shown here, as a secret may stand in the wrong place.")
		case strings.ContainsFunc(value.ValueString(), isControl):
			resp.Diagnostics.AddError(summary, fmt.Sprintf("The header %q in headers has a value that cannot be sent: it must be one line without "+
				"control characters. The value is not shown here, as it may be a secret.", name))
		}
	}
}

// isControl tells what cannot be in a header's value (RFC 9110).
func isControl(r rune) bool { return r != '\t' && unicode.IsControl(r) }

func (r *customResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // to be destroyed
	}
	// What is unset, and not only unknown yet, would be missing in the apply too.
	if r.Data.AddUnset(&resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if r.Data.AddUnsupported("Custom providers", r.Data.Client.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	var plan, state model
	var own types.String
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("account_id"), &own)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.RequestSlug = requestSlug(plan.Slug)
	if req.State.Raw.IsNull() {
		if own.IsNull() {
			plan.AccountID = r.Data.Account(own, &resp.Diagnostics)
		}
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Data.WarnOfAccount("custom provider", state.Slug.ValueString(), own, state.AccountID, &resp.Diagnostics)
	if plan.changes(state) {
		// The service makes the logo of the name.
		plan.Logo, plan.ModifiedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	} else {
		plan.Logo, plan.ModifiedAt = state.Logo, state.ModifiedAt
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// attributes are all that can be set, by their names.
func (m model) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"name": m.Name, "slug": m.Slug, "base_url": m.BaseURL, "description": m.Description, "link": m.Link, "enable": m.Enable, "beta": m.Beta,
		"curl_example": m.CurlExample, "js_example": m.JSExample, "headers": m.Headers, "position": m.Position,
	}
}

// changes tells whether going from a state to this plan is anything to the
// service. An empty text is the same as none.
func (m model) changes(state model) bool {
	before := state.attributes()
	for name, value := range m.attributes() {
		if !same(value, before[name]) {
			return true
		}
	}
	return false
}

func same(a, b attr.Value) bool {
	if a.Equal(b) {
		return true
	}
	x, isText := a.(types.String)
	y, _ := b.(types.String)
	return isText && !x.IsUnknown() && !y.IsUnknown() && x.ValueString() == y.ValueString()
}

func (r *customResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID := plan.AccountID.ValueString()
	created, err := customproviders.Create(ctx, api, accountID, plan.toAPI())
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("create", plan), err)...)
		return
	}
	tflog.Info(ctx, "created custom provider", map[string]any{"account_id": accountID, "id": created.ID})
	planned := plan
	plan.fromAPI(created)
	if compare(planned, plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
		remove := func(ctx context.Context) error {
			return customproviders.Delete(ctx, api, accountID, created.ID, planned.toAPI().Secrets()...)
		}
		if rollback.TakeBack(ctx, "custom provider", created.Slug, remove, &resp.Diagnostics) {
			return
		}
	}
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
}

// compare says where the service stored something else than was planned. State
// then has what is stored; without this, the CLI would blame the provider.
func compare(planned, stored model, diags *diag.Diagnostics) {
	wanted, got := planned.attributes(), stored.attributes()
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		want := wanted[name]
		switch {
		case want.IsUnknown(), same(want, got[name]):
		case name == "headers":
			// Without its path: the CLI would print the line, which may hold a secret.
			diags.AddError("The service stored other headers",
				"The request that set headers succeeded, but the custom provider now has others, which may be none. The API's documents name no "+
					"change of headers: to change them, replace the custom provider (terraform apply -replace=…).")
		default:
			diags.AddAttributeError(path.Root(name), "The service stored another value", fmt.Sprintf(
				"The request said %s = %s and succeeded, but the custom provider now has %s. Configure the value that the service accepts; what it "+
					"takes only at creation changes when the custom provider is replaced (terraform apply -replace=…).", name, want, got[name]))
		}
	}
}

// warnOfUntold says which changes nobody can be sure of: those that the API's
// documents do not name, and that the service's answer does not speak of. It has
// no path, as [compare] has none for headers.
func warnOfUntold(before, planned model, answer *customproviders.Provider, diags *diag.Diagnostics) {
	var untold []string
	if !answer.HasHeaders && !same(planned.Headers, before.Headers) {
		untold = append(untold, "headers")
	}
	if answer.Position == nil && !planned.Position.IsUnknown() && !same(planned.Position, before.Position) {
		untold = append(untold, "position")
	}
	if len(untold) == 0 {
		return
	}
	what := strings.Join(untold, " and ")
	diags.AddWarning("Unconfirmed change of a custom provider", fmt.Sprintf(
		"The request that changed %s of custom provider %q succeeded, but the service's answer does not say whether it took the change. The API's "+
			"documents name no change of %s. If requests show that it did not, replace the custom provider (terraform apply -replace=…).",
		what, planned.Slug.ValueString(), what))
}

func (r *customResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	provider, err := customproviders.Get(ctx, api, accountID, id, state.toAPI().Secrets()...)
	if errors.Is(err, client.ErrNotFound) {
		tflog.Warn(ctx, "custom provider is gone: removing it from state", map[string]any{"account_id": accountID, "id": id})
		resp.Diagnostics.Append(identity.Remove(ctx, &resp.State, resp.Identity, state.identity())...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("read", state), err)...)
		return
	}
	state.fromAPI(provider)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &state, resp.Identity, state.identity())...)
}

func (r *customResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.changes(state) {
		resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
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
			"Account %s has another custom provider with the slug %q, so custom provider %q was not changed. Choose another slug, or delete the "+
				"other one (aigateway_custom_providers lists it), and apply again.", accountID, plan.Slug.ValueString(), state.Slug.ValueString()))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("update", state), err)...)
		return
	}
	tflog.Info(ctx, "updated custom provider", map[string]any{"account_id": accountID, "id": id})
	planned := plan
	plan.fromAPI(changed)
	compare(planned, plan, &resp.Diagnostics)
	warnOfUntold(state, planned, changed, &resp.Diagnostics)
	resp.Diagnostics.Append(identity.Publish(ctx, &resp.State, &plan, resp.Identity, plan.identity())...)
}

func (r *customResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, id := state.AccountID.ValueString(), state.ID.ValueString()
	if err := customproviders.Delete(ctx, api, accountID, id, state.toAPI().Secrets()...); err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("delete", state), err)...)
		return
	}
	tflog.Info(ctx, "deleted custom provider", map[string]any{"account_id": accountID, "id": id})
}

// subject is a custom provider as errors speak of it. Its headers are no
// attribute of it: the CLI would print the line.
func subject(verb string, m model) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: "custom provider", AccountID: m.AccountID.ValueString(), ID: m.Slug.ValueString(), ResourceType: ResourceType,
		Attributes: map[string]path.Path{},
	}
	for name := range m.attributes() {
		if name != "headers" {
			s.Attributes[name] = path.Root(name)
		}
	}
	if s.ID == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
	}
	return s
}
