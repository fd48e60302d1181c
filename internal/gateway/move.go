package gateway

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
)

var _ resource.ResourceWithMoveState = (*Resource)(nil)

// cloudflareType is the name of the resource in Cloudflare's own provider.
const cloudflareType = "cloudflare_ai_gateway"

// MoveState accepts gateways that Cloudflare's own provider manages, for moved
// blocks. It sends no request: the source state has everything, secrets included,
// and the resource is not configured when it is called.
func (r *Resource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{SourceSchema: cloudflareSchema(), StateMover: moveFromCloudflare}}
}

func moveFromCloudflare(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != cloudflareType || !crud.IsCloudflareProvider(req.SourceProviderAddress) {
		return // another mover or the framework's error handles it
	}
	refuse := func(why string) {
		resp.Diagnostics.AddError("Unable to move gateway", why+" Nothing was changed. You can import the gateway instead: remove the "+
			cloudflareType+" from state with a removed block (destroy = false), and import the gateway as "+ResourceType+
			" with an import block and the ID \"account_id/name\".")
	}
	if v := req.SourceSchemaVersion; !crud.IsCloudflareVersion(v) {
		refuse(fmt.Sprintf("The state of this %s has schema version %d, and this version of the provider knows %d. "+
			"A newer version of one of the two providers may help.", cloudflareType, v, crud.CloudflareVersion))
		return
	}
	var source cloudflareModel
	if req.SourceState == nil || req.SourceState.Get(ctx, &source).HasError() {
		// The error is not quoted, since it may quote a secret.
		refuse(fmt.Sprintf("The state of this %s does not have the form that version %d of its schema has.", cloudflareType, crud.CloudflareVersion))
		return
	}
	if source.AccountID.ValueString() == "" || source.ID.ValueString() == "" {
		refuse("The state of this " + cloudflareType + " does not say which gateway it is: account_id or id is missing.")
		return
	}
	moved := source.model()
	resp.Diagnostics.Append(crud.Publish(ctx, &resp.TargetState, resp.TargetIdentity, &moved)...)
	tflog.Info(ctx, "moved gateway from "+cloudflareType, map[string]any{"account_id": moved.AccountID.ValueString(), "id": moved.ID.ValueString()})
}

// model converts the gateway. A setting that the source state lacks stays null
// until the next read, since only the service knows its value. Where the API writes
// null for "none", the value is the same as after a read.
func (c cloudflareModel) model() model {
	var m model
	m.AccountID, m.ID, m.Name, m.Slug = c.AccountID, c.ID, c.ID, c.ID
	m.IsDefault, m.CreatedAt, m.ModifiedAt = c.IsDefault, timeOf(c.CreatedAt), timeOf(c.ModifiedAt)
	// The configured address is not known here. If it is not the default, the next
	// plan corrects this.
	m.setURLs(types.StringValue(client.DefaultGatewayBaseURL))

	// Limit and interval are kept, also where only one of them is above 0.
	m.RateLimitingLimit, m.RateLimitingInterval = c.RateLimitingLimit, c.RateLimitingInterval
	cached, limited := isAbove0(c.CacheTTL), isAbove0(c.RateLimitingLimit) && isAbove0(c.RateLimitingInterval)
	str := func(value types.String) *string { return pointer(value.ValueString()) }
	number := func(value types.Int64) *int64 { return pointer(value.ValueInt64()) }
	from := gateways.Settings{
		CacheEnabled:            &cached,
		CacheTTL:                convert.Int64(c.CacheTTL),
		RateLimitingEnabled:     &limited,
		RateLimitingTechnique:   nonEmpty(c.RateLimitingTechnique),
		LogEnabled:              convert.Bool(c.CollectLogs),
		Authentication:          convert.Bool(c.Authentication),
		CacheInvalidateOnUpdate: convert.Bool(c.CacheInvalidateOnUpdate),
		LogManagement:           convert.Int64(c.LogManagement),
		LogManagementStrategy:   nonEmpty(c.LogManagementStrategy),
		LogClassification:       convert.Bool(c.LogClassification),
		Logpush:                 convert.Bool(c.Logpush),
		LogpushPublicKey:        str(c.LogpushPublicKey),
		RetryMaxAttempts:        number(c.RetryMaxAttempts),
		RetryDelay:              number(c.RetryDelay),
		RetryBackoff:            str(c.RetryBackoff),
		StoreID:                 str(c.StoreID),
		ZDR:                     convert.Bool(c.ZDR),
		BYOKOnly:                convert.Bool(c.BYOKOnly),
		WorkersAIBillingMode:    nonEmpty(c.WorkersAIBillingMode),
		Guardrails:              c.guardrails(),
		DLP:                     c.dlp(),
		SpendLimits:             c.spendLimits(),
	}
	m.settings.fromAPI(&from, true)

	// A feature that is off is null, whatever its form in the source state.
	off := gateways.CompareFeatures(gateways.Settings{}, from)
	if !off.Guardrails {
		m.Guardrails = guardrailsFromAPI(from.Guardrails)
	}
	if !off.DLP {
		m.DLP = dlpFromAPI(from.DLP)
	}
	if !off.SpendLimits {
		m.SpendLimits = spendLimitsFromAPI(from.SpendLimits)
	}
	// These hold secrets, which fromAPI would drop.
	m.OTel, m.Stripe = c.otel(), c.stripe()
	return m
}

func (c cloudflareModel) guardrails() *gateways.Guardrails {
	if c.Guardrails.IsNull() {
		return nil
	}
	of := func(name string) map[string]string {
		actions := map[string]string{}
		chosen := convert.Part[types.Object](c.Guardrails, name)
		for _, category := range categories {
			if action := convert.Part[types.String](chosen, cloudflareCode(category.code)).ValueString(); action != "" {
				actions[category.code] = action
			}
		}
		return actions
	}
	return &gateways.Guardrails{Prompt: of("prompt"), Response: of("response")}
}

// cloudflareCode returns the code of a category as that provider writes it.
func cloudflareCode(code string) string { return strings.ToLower(code) }

func (c cloudflareModel) dlp() *gateways.DLP {
	if c.DLP.IsNull() {
		return nil
	}
	dlp := &gateways.DLP{
		Enabled:  convert.Part[types.Bool](c.DLP, "enabled").ValueBool(),
		Action:   convert.Part[types.String](c.DLP, "action").ValueString(),
		Profiles: stringsOf(convert.Part[types.List](c.DLP, "profiles")),
	}
	policies := convert.Part[types.List](c.DLP, "policies")
	if policies.IsNull() || len(policies.Elements()) == 0 && len(dlp.Profiles) > 0 {
		return dlp
	}
	dlp.Action, dlp.Profiles, dlp.Policies = "", nil, map[string]gateways.DLPPolicy{}
	for _, policy := range objectsOf(policies) {
		dlp.Policies[freeKey(dlp.Policies, convert.Part[types.String](policy, "id").ValueString())] = gateways.DLPPolicy{
			Enabled:  convert.Part[types.Bool](policy, "enabled").ValueBool(),
			Action:   convert.Part[types.String](policy, "action").ValueString(),
			Check:    stringsOf(convert.Part[types.List](policy, "check")),
			Profiles: stringsOf(convert.Part[types.List](policy, "profiles")),
		}
	}
	return dlp
}

func (c cloudflareModel) spendLimits() *gateways.SpendLimits {
	if c.SpendLimits.IsNull() {
		return nil
	}
	filter := func(from types.Object) *gateways.SpendFilter {
		if from.IsNull() {
			return nil
		}
		selected := &gateways.SpendFilter{Mode: convert.Part[types.String](from, "mode").ValueString()}
		if values := stringsOf(convert.Part[types.List](from, "values")); len(values) > 0 {
			selected.Values = values
		}
		return selected
	}
	limits := &gateways.SpendLimits{
		Enabled: convert.Part[types.Bool](c.SpendLimits, "enabled").ValueBool(), Rules: map[string]gateways.SpendRule{},
	}
	for _, rule := range objectsOf(convert.Part[types.List](c.SpendLimits, "rules")) {
		enabled := convert.Part[types.Bool](rule, "enabled")
		moved := gateways.SpendRule{
			Enabled:   enabled.IsNull() || enabled.ValueBool(),
			Limit:     convert.Part[types.Float64](rule, "limit").ValueFloat64(),
			LimitType: textOr(convert.Part[types.String](rule, "limit_type"), "cost"),
			Window:    convert.Part[types.Int64](rule, "window").ValueInt64(),
			Technique: textOr(convert.Part[types.String](rule, "technique"), "sliding"),
			Model:     filter(convert.Part[types.Object](rule, "model")),
			Provider:  filter(convert.Part[types.Object](rule, "ai_gateway_provider")),
		}
		for key, element := range convert.Part[types.Map](rule, "metadata").Elements() {
			if selected, ok := element.(types.Object); ok && !selected.IsNull() {
				if moved.Metadata == nil {
					moved.Metadata = map[string]gateways.SpendFilter{}
				}
				moved.Metadata[key] = *filter(selected)
			}
		}
		// That provider gives all rules without an id the same id.
		limits.Rules[freeKey(limits.Rules, convert.Part[types.String](rule, "id").ValueString())] = moved
	}
	return limits
}

func (c cloudflareModel) otel() types.List {
	receivers := []attr.Value{}
	for _, receiver := range objectsOf(c.OTel) {
		headers := convert.Part[types.Map](receiver, "headers")
		if len(headers.Elements()) == 0 {
			headers = types.MapNull(types.StringType) // required there, and optional here
		}
		receivers = append(receivers, types.ObjectValueMust(otelReceiverType.AttrTypes, map[string]attr.Value{
			"url":                      convert.Part[types.String](receiver, "url"),
			"headers":                  headers,
			"headers_wo":               types.MapNull(types.StringType),
			"headers_wo_version":       types.NumberNull(),
			"authorization":            types.StringPointerValue(nonEmpty(convert.Part[types.String](receiver, "authorization"))),
			"authorization_wo":         types.StringNull(),
			"authorization_wo_version": types.NumberNull(),
			"content_type":             types.StringValue(textOr(convert.Part[types.String](receiver, "content_type"), "json")),
		}))
	}
	if len(receivers) == 0 {
		return types.ListNull(otelReceiverType)
	}
	return types.ListValueMust(otelReceiverType, receivers)
}

func (c cloudflareModel) stripe() types.Object {
	authorization, events := convert.Part[types.String](c.Stripe, "authorization"), convert.Part[types.List](c.Stripe, "usage_events")
	if authorization.ValueString() == "" && len(events.Elements()) == 0 {
		return types.ObjectNull(stripeType.AttrTypes)
	}
	payloads := []attr.Value{}
	for _, event := range objectsOf(events) {
		payloads = append(payloads, types.ObjectValueMust(stripeEventType.AttrTypes, map[string]attr.Value{"payload": convert.Part[types.String](event, "payload")}))
	}
	return types.ObjectValueMust(stripeType.AttrTypes, map[string]attr.Value{
		"authorization":            authorization,
		"authorization_wo":         types.StringNull(),
		"authorization_wo_version": types.NumberNull(),
		"usage_events":             types.ListValueMust(stripeEventType, payloads),
	})
}

// objectsOf returns the elements of a list of objects, without null elements.
func objectsOf(list types.List) []types.Object {
	var objects []types.Object
	for _, element := range list.Elements() {
		if object, ok := element.(types.Object); ok && !object.IsNull() {
			objects = append(objects, object)
		}
	}
	return objects
}

// freeKey returns id, or a variant of it where it is empty or the map already has
// it. A read of the gateway makes the same keys.
func freeKey[V any](m map[string]V, id string) string {
	key := id
	for n := 1; ; n++ {
		if _, taken := m[key]; !taken && key != "" {
			return key
		}
		key = fmt.Sprintf("%s#%d", id, n)
	}
}

// nonEmpty returns nil for an empty string, which is one of the ways to write
// "none".
func nonEmpty(text types.String) *string {
	if text.ValueString() == "" {
		return nil
	}
	return convert.String(text)
}

func textOr(text types.String, otherwise string) string {
	if text.ValueString() == "" {
		return otherwise
	}
	return text.ValueString()
}

// timeOf parses a time. Other strings become null.
func timeOf(text types.String) timetypes.RFC3339 {
	t, err := time.Parse(time.RFC3339, text.ValueString())
	if err != nil {
		return timetypes.NewRFC3339Null()
	}
	return convert.Time(t)
}

func pointer[T any](value T) *T { return &value }
