package gateway

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// ModifyPlan completes the plan. It reads the features only where one changes,
// and writes nothing where the framework's plan is right already.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, state, plan model
	resp.Diagnostics.Append(withoutFeatures.Read(ctx, req.State.Raw, &state)...)
	resp.Diagnostics.Append(withoutFeatures.Read(ctx, req.Plan.Raw, &plan)...)
	resp.Diagnostics.Append(withoutFeatures.Read(ctx, req.Config.Raw, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	exists, destroyed := !req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	replaced := exists && !destroyed && replaces(state.facts, plan.facts)
	if exists && state.ID.ValueString() == defaultGateway && (destroyed || replaced) {
		warnOfReturn(&resp.Diagnostics)
	}
	if replaced {
		// The CLI drops the warnings of the second plan, which creates the other gateway.
		warnOfReplacement(state.facts, &resp.Diagnostics)
	}
	if !crud.BeginPlan(r.Data, crud.Support{}, req, resp) {
		return
	}
	capabilities := r.Data.Client.Capabilities()
	checkFormat(config, req.Config.Raw, capabilities, &resp.Diagnostics)
	planned := plan
	before := state.settings
	if exists {
		r.Data.WarnOfAccount("gateway", state.ID.ValueString(), config.AccountID, state.AccountID, &resp.Diagnostics)
	} else {
		before = creationDefaults(capabilities)
		if config.AccountID.IsNull() {
			planned.AccountID = r.Data.Account(config.AccountID, &resp.Diagnostics)
		}
		planned.planNew(capabilities)
	}
	planned.settings = resolve(&config.settings, &before, capabilities, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if exists {
		planned.ModifiedAt = state.ModifiedAt
		if r.updates(ctx, &state, &planned, req, &resp.Diagnostics) {
			planned.ModifiedAt = timetypes.NewRFC3339Unknown()
			planned.leaveUnread(capabilities)
		}
		planned.GatewayURL, planned.CompatBaseURL = types.StringUnknown(), types.StringUnknown()
		planned.setURLs(r.Data.GatewayBaseURL)
	}
	if planned.facts == plan.facts && planned.settings == plan.settings {
		return
	}
	value, diags := withoutFeatures.Replace(ctx, req.Plan.Raw, &planned)
	if resp.Diagnostics.Append(diags...); !diags.HasError() {
		resp.Plan.Raw = value
	}
}

// updates reports whether the plan needs an update request, as far as known.
// The models are without features.
func (r *Resource) updates(ctx context.Context, state, plan *model, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	before, errBefore := raw.Attributes(req.State.Raw)
	after, errAfter := raw.Attributes(req.Plan.Raw)
	if errBefore != nil || errAfter != nil {
		return true
	}
	same := plan.settings == state.settings
	for _, name := range featureNames {
		if !after[name].IsFullyKnown() {
			return true
		}
		same = same && sameRaw(before[name], after[name])
	}
	if plan.unknown() {
		return true
	}
	if same {
		return false
	}
	from, to := *state, *plan
	diags.Append(onlyFeatures.Read(ctx, req.State.Raw, &from)...)
	diags.Append(onlyFeatures.Read(ctx, req.Plan.Raw, &to)...)
	return changes(r.Data.Client, &from, &to)
}

func sameRaw(a, b tftypes.Value) bool {
	return a.IsNull() && b.IsNull() || a.Equal(b)
}

// defaultGateway is the id of the gateway that the service creates by itself,
// with the first authenticated request that names it or names none.
const defaultGateway = "default"

func warnOfReturn(diags *diag.Diagnostics) {
	diags.AddWarning("The default gateway comes back", "Destroying the gateway \"default\" deletes its settings and its logs. The service "+
		"recreates it, with its own settings, on the next authenticated request that names it or names no gateway. To only stop "+
		"managing it here, use a removed block with destroy = false (or terraform state rm).")
}

func warnOfReplacement(before facts, diags *diag.Diagnostics) {
	diags.AddWarning("Replacing a gateway deletes what is in it", fmt.Sprintf("The gateway %q in account %s is to be deleted, and with it its logs, "+
		"dynamic routes, policies, custom domains and stored keys (provider configs). Another gateway is created, without them. What of these "+
		"is a resource of this configuration is created again if its gateway_id refers to the id of this gateway. To keep the gateway, restore "+
		"its name and account_id.", before.ID.ValueString(), before.AccountID.ValueString()))
}

// planNew plans what is known of a gateway before it exists. A server that chooses
// ids chooses slugs, too.
//
// The id and the addresses are known as well, but stay unknown: whoever uses them needs
// the gateway to exist. If a data source got a known value through a local value or
// the output of a module, the CLI would read it before it creates the gateway.
func (f *facts) planNew(capabilities client.Capabilities) {
	if !capabilities.NamesAreIDs || f.Name.IsUnknown() {
		return
	}
	f.Slug = f.Name
	if f.Name.ValueString() != defaultGateway { // of that one, the service decides
		f.IsDefault = types.BoolValue(false)
	}
}

// keepPromised keeps is_default as it was planned, if the service contradicts that
// after an apply: the CLI would report an error of the provider. The next refresh
// shows the service's value.
func (f *facts) keepPromised(planned facts) {
	if !planned.IsDefault.IsUnknown() {
		f.IsDefault = planned.IsDefault
	}
}

// replaces reports whether a plan replaces a gateway. An unknown value counts as
// the same, since the CLI plans again when it is known.
func replaces(before, plan facts) bool {
	differs := func(was, is types.String) bool { return !is.IsUnknown() && !is.Equal(was) }
	return differs(before.Name, plan.Name) || differs(before.AccountID, plan.AccountID)
}

// checkFormat refuses what the wire format cannot carry. This belongs to the
// plan, since validation runs before the provider is configured. The
// configuration's value holds the features, which the model lacks.
func checkFormat(config model, value tftypes.Value, capabilities client.Capabilities, diags *diag.Diagnostics) {
	if !config.Name.IsUnknown() {
		checkName(config.Name.ValueString(), capabilities, diags)
	}
	configured, _ := raw.Attributes(value)
	refuse := func(name string) {
		if configured[name].IsNull() || gateways.Carries(capabilities, name) {
			return
		}
		summary := "Setting not supported by the wire format"
		detail := fmt.Sprintf("The provider's wire_format is %q, which has no %s. Remove the attribute, or use the format %q, "+
			"Cloudflare's own.", capabilities.Format, name, client.WireCloudflare)
		if secretAttributes[name] {
			diags.AddError(summary, detail)
			return
		}
		diags.AddAttributeError(path.Root(name), summary, detail)
	}
	for _, s := range scalars {
		refuse(s.attributeName())
	}
	for _, name := range featureNames {
		refuse(name)
	}
}

// creationDefaults returns the settings of a new gateway that the configuration
// does not name. Unknown values are chosen by the service.
func creationDefaults(capabilities client.Capabilities) settings {
	var defaults settings
	for _, s := range scalars {
		switch {
		case capabilities.NamesAreIDs:
			s.create(&defaults)
		case gateways.Carries(capabilities, s.attributeName()):
			s.setUnknown(&defaults) // the server's defaults are not documented
		}
	}
	return defaults
}

// leaveUnread leaves the settings to the service that neither the configuration
// nor the state knows, such as after a move without a refresh. The response to
// the request that is due tells them.
func (s *settings) leaveUnread(capabilities client.Capabilities) {
	for _, scalar := range scalars {
		if scalar.value(s).IsNull() && gateways.Carries(capabilities, scalar.attributeName()) {
			scalar.setUnknown(s)
		}
	}
}

func (s *settings) unknown() bool {
	for _, scalar := range scalars {
		if scalar.value(s).IsUnknown() {
			return true
		}
	}
	return false
}

// resolve returns the planned settings: those that are configured, and otherwise
// those from before, which are the state or the defaults of a new gateway.
func resolve(config, before *settings, capabilities client.Capabilities, diags *diag.Diagnostics) settings {
	var plan settings
	for _, s := range scalars {
		s.resolve(&plan, config, before)
	}
	// What another configured attribute determines.
	if config.CacheEnabled.IsNull() && !config.CacheTTL.IsNull() {
		plan.CacheEnabled = allAbove0(config.CacheTTL)
	}
	if config.RateLimitingEnabled.IsNull() && !config.RateLimitingLimit.IsNull() && !config.RateLimitingInterval.IsNull() {
		plan.RateLimitingEnabled = allAbove0(config.RateLimitingLimit, config.RateLimitingInterval)
	}
	if config.LogClassification.IsNull() && before.LogClassification.ValueBool() {
		// The service switches it off together with logging.
		switch {
		case plan.LogEnabled.IsUnknown():
			plan.LogClassification = types.BoolUnknown()
		case !plan.LogEnabled.ValueBool():
			plan.LogClassification = types.BoolValue(false)
		}
	}
	if capabilities.NamesAreIDs { // another server may have its own defaults
		checkResolved(config, &plan, diags)
	}
	return plan
}
