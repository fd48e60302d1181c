package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// created is when every gateway of the stub was made and last changed.
const created = "2026-08-03T10:00:00Z"

// gateway is cloudflare_ai_gateway.
type gateway struct{}

func (gateway) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "cloudflare_ai_gateway"
}

func (gateway) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	attributes := map[string]schema.Attribute{
		"id":           schema.StringAttribute{Required: true, PlanModifiers: replace},
		"account_id":   schema.StringAttribute{Required: true, PlanModifiers: replace},
		"guardrails":   guardrails(),
		"dlp":          dlp(),
		"otel":         otel(),
		"spend_limits": spendLimits(),
		"stripe": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"authorization": schema.StringAttribute{Required: true},
			"usage_events": schema.ListNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{"payload": schema.StringAttribute{Required: true}},
			}},
		}},
		"workers_ai_billing_mode": schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("postpaid")},
		"created_at":              schema.StringAttribute{Computed: true},
		"modified_at":             schema.StringAttribute{Computed: true},
		"is_default":              schema.BoolAttribute{Computed: true},
	}
	for _, name := range []string{"cache_invalidate_on_update", "collect_logs"} {
		attributes[name] = schema.BoolAttribute{Required: true}
	}
	for _, name := range []string{"cache_ttl", "rate_limiting_interval", "rate_limiting_limit"} {
		attributes[name] = schema.Int64Attribute{Required: true}
	}
	for _, name := range []string{"logpush_public_key", "rate_limiting_technique", "retry_backoff"} {
		attributes[name] = schema.StringAttribute{Optional: true}
	}
	for _, name := range []string{"retry_delay", "retry_max_attempts"} {
		attributes[name] = schema.Int64Attribute{Optional: true}
	}
	for _, name := range []string{"authentication", "byok_only", "log_classification", "logpush", "zdr"} {
		attributes[name] = schema.BoolAttribute{Optional: true, Computed: true}
	}
	for _, name := range []string{"log_management_strategy", "store_id"} {
		attributes[name] = schema.StringAttribute{Optional: true, Computed: true}
	}
	attributes["log_management"] = schema.Int64Attribute{Optional: true, Computed: true}
	resp.Schema = schema.Schema{Version: 500, Attributes: attributes}
}

func listOfStrings(required bool) schema.ListAttribute {
	return schema.ListAttribute{Required: required, Optional: !required, ElementType: types.StringType}
}

func guardrails() schema.Attribute {
	codes := map[string]schema.Attribute{"p1": schema.StringAttribute{Optional: true}}
	for i := 1; i <= 13; i++ {
		codes[fmt.Sprintf("s%d", i)] = schema.StringAttribute{Optional: true}
	}
	return schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
		"prompt":   schema.SingleNestedAttribute{Required: true, Attributes: codes},
		"response": schema.SingleNestedAttribute{Required: true, Attributes: codes},
	}}
}

func dlp() schema.Attribute {
	return schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
		"action":   schema.StringAttribute{Optional: true},
		"enabled":  schema.BoolAttribute{Required: true},
		"profiles": listOfStrings(false),
		"policies": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id":       schema.StringAttribute{Required: true},
			"action":   schema.StringAttribute{Required: true},
			"check":    listOfStrings(true),
			"enabled":  schema.BoolAttribute{Required: true},
			"profiles": listOfStrings(true),
		}}},
	}}
}

func otel() schema.Attribute {
	return schema.ListNestedAttribute{Optional: true, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"headers":       schema.MapAttribute{Required: true, ElementType: types.StringType},
		"url":           schema.StringAttribute{Required: true},
		"authorization": schema.StringAttribute{Optional: true},
		"content_type":  schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("json")},
	}}}
}

func spendLimits() schema.Attribute {
	filter := func(values bool) map[string]schema.Attribute {
		return map[string]schema.Attribute{"mode": schema.StringAttribute{Required: true}, "values": listOfStrings(values)}
	}
	rule := map[string]schema.Attribute{
		"limit":      schema.Float64Attribute{Required: true},
		"limit_type": schema.StringAttribute{Required: true},
		"window":     schema.Int64Attribute{Required: true},
		// The same for every rule that names none, as in the real one. There it
		// differs from release to release; this is that of 5.22.0.
		"id":                  schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("6fb25042")},
		"enabled":             schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
		"technique":           schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("sliding")},
		"metadata":            schema.MapNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: filter(false)}},
		"model":               schema.SingleNestedAttribute{Optional: true, Attributes: filter(true)},
		"ai_gateway_provider": schema.SingleNestedAttribute{Optional: true, Attributes: filter(true)},
	}
	return schema.SingleNestedAttribute{Optional: true, Computed: true, Attributes: map[string]schema.Attribute{
		"enabled": schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(false)},
		"rules":   schema.ListNestedAttribute{Optional: true, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: rule}},
	}}
}

// known returns a planned gateway with what the plan left open.
func known(planned tftypes.Value) (tftypes.Value, error) {
	return tftypes.Transform(planned, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		switch {
		case value.IsKnown():
			return value, nil
		case at.Equal(tftypes.NewAttributePath().WithAttributeName("created_at")), at.Equal(tftypes.NewAttributePath().WithAttributeName("modified_at")):
			return tftypes.NewValue(tftypes.String, created), nil
		case at.Equal(tftypes.NewAttributePath().WithAttributeName("is_default")):
			return tftypes.NewValue(tftypes.Bool, false), nil
		default:
			return tftypes.NewValue(value.Type(), nil), nil
		}
	})
}

func (gateway) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	state, err := known(req.Plan.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Stub", err.Error())
		return
	}
	resp.State.Raw = state
}

func (gateway) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (gateway) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, err := known(req.Plan.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Stub", err.Error())
		return
	}
	resp.State.Raw = state
}

func (gateway) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// ImportState takes "account_id/id", as the real one does, and makes the rest
// up.
func (gateway) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	accountID, id, _ := strings.Cut(req.ID, "/")
	for name, value := range map[string]any{
		"account_id": accountID, "id": id, "cache_invalidate_on_update": false, "cache_ttl": int64(0), "collect_logs": true,
		"rate_limiting_interval": int64(0), "rate_limiting_limit": int64(0),
		"created_at": created, "modified_at": created, "is_default": false,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
}
