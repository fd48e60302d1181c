package gateways

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// This file is the codec of the features in the cloudflare format.

type (
	guardrailsWire struct {
		Prompt   map[string]string `json:"prompt"`
		Response map[string]string `json:"response"`
	}
	dlpProfilesWire struct {
		Enabled  wire.Boolean `json:"enabled"`
		Action   string       `json:"action"`
		Profiles []string     `json:"profiles"`
	}
	// dlpResponse has either of the two forms.
	dlpResponse struct {
		Enabled  wire.Boolean     `json:"enabled"`
		Action   string           `json:"action"`
		Profiles []string         `json:"profiles"`
		Policies *[]dlpPolicyWire `json:"policies"`
	}
	dlpPoliciesWire struct {
		Enabled  wire.Boolean    `json:"enabled"`
		Policies []dlpPolicyWire `json:"policies"`
	}
	dlpPolicyWire struct {
		ID       string       `json:"id"`
		Enabled  wire.Boolean `json:"enabled"`
		Action   string       `json:"action"`
		Check    []string     `json:"check"`
		Profiles []string     `json:"profiles"`
	}
	otelWire struct {
		URL           string            `json:"url"`
		Headers       map[string]string `json:"headers"`
		Authorization string            `json:"authorization,omitempty"`
		ContentType   string            `json:"content_type,omitempty"`
	}
	spendLimitsWire struct {
		Enabled wire.Boolean    `json:"enabled"`
		Rules   []spendRuleWire `json:"rules"`
	}
	spendRuleWire struct {
		ID        string        `json:"id"`
		Enabled   *wire.Boolean `json:"enabled"` // absent means true
		Limit     float64       `json:"limit"`
		LimitType string        `json:"limitType"`
		// Spelling is read as LimitType, and never sent: some responses are said to
		// have it.
		Spelling  string                     `json:"limit_type,omitempty"`
		Window    wire.Integer               `json:"window"`
		Technique string                     `json:"technique,omitempty"`
		Metadata  map[string]spendFilterWire `json:"metadata,omitempty"`
		Model     *spendFilterWire           `json:"model,omitempty"`
		Provider  *spendFilterWire           `json:"provider,omitempty"`
	}
	spendFilterWire struct {
		Mode   string   `json:"mode"`
		Values []string `json:"values,omitempty"`
	}
	stripeWire struct {
		Authorization string            `json:"authorization"`
		UsageEvents   []stripeEventWire `json:"usage_events"`
	}
	stripeEventWire struct {
		Payload string `json:"payload"`
	}
)

// dlpOff switches DLP off in an update, since the API refuses null. It is the
// older of the two forms, which every version knows.
var dlpOff = dlpProfilesWire{Action: "FLAG", Profiles: []string{}}

// encodeFeatures adds the features to an update. What is off is null, so that an
// update describes the whole gateway. DLP that is off and never was on is left
// out, since its form may need an entitlement.
func encodeFeatures(b wire.Body, settings, was Settings) {
	b["guardrails"], b["otel"], b["spend_limits"], b["stripe"] = nil, nil, nil, nil
	if g := settings.Guardrails; !g.off() {
		b["guardrails"] = guardrailsWire{Prompt: notNil(g.Prompt), Response: notNil(g.Response)}
	}
	switch d := settings.DLP; {
	case !d.off():
		b["dlp"] = d.wire()
	case !was.DLP.off():
		b["dlp"] = dlpOff
	}
	if len(settings.OTel) > 0 {
		receivers := make([]otelWire, 0, len(settings.OTel))
		for _, receiver := range settings.OTel {
			receivers = append(receivers, otelWire{
				URL: receiver.URL, Headers: notNil(receiver.Headers),
				Authorization: receiver.Authorization, ContentType: receiver.ContentType,
			})
		}
		b["otel"] = receivers
	}
	if s := settings.SpendLimits; !s.off() {
		b["spend_limits"] = s.wire()
	}
	if s := settings.Stripe; s != nil {
		events := []stripeEventWire{}
		for _, payload := range s.UsageEvents {
			events = append(events, stripeEventWire{payload})
		}
		b["stripe"] = stripeWire{Authorization: s.Authorization, UsageEvents: events}
	}
}

func (d *DLP) wire() any {
	if d.Policies == nil {
		return dlpProfilesWire{Enabled: wire.Boolean(d.Enabled), Action: d.Action, Profiles: notNilSlice(d.Profiles)}
	}
	policies := dlpPoliciesWire{Enabled: wire.Boolean(d.Enabled), Policies: []dlpPolicyWire{}}
	for _, id := range slices.Sorted(maps.Keys(d.Policies)) {
		policy := d.Policies[id]
		policies.Policies = append(policies.Policies, dlpPolicyWire{
			ID: id, Enabled: wire.Boolean(policy.Enabled), Action: policy.Action,
			Check: notNilSlice(policy.Check), Profiles: notNilSlice(policy.Profiles),
		})
	}
	return policies
}

func (s *SpendLimits) wire() spendLimitsWire {
	limits := spendLimitsWire{Enabled: wire.Boolean(s.Enabled), Rules: []spendRuleWire{}}
	for _, id := range slices.Sorted(maps.Keys(s.Rules)) {
		rule := s.Rules[id]
		out := spendRuleWire{
			ID: id, Enabled: wire.Ptr(wire.Boolean(rule.Enabled)), Limit: rule.Limit, LimitType: rule.LimitType,
			Window: wire.Integer(rule.Window), Technique: rule.Technique,
			Model: (*spendFilterWire)(rule.Model), Provider: (*spendFilterWire)(rule.Provider),
		}
		for key, filter := range rule.Metadata {
			if out.Metadata == nil {
				out.Metadata = map[string]spendFilterWire{}
			}
			out.Metadata[key] = spendFilterWire(filter)
		}
		limits.Rules = append(limits.Rules, out)
	}
	return limits
}

// decodeFeatures reads the features. What is off stays nil.
func decodeFeatures(f *fields, settings *Settings) {
	if g := read[guardrailsWire](f, "guardrails"); g != nil {
		guardrails := &Guardrails{Prompt: withAction(g.Prompt), Response: withAction(g.Response)}
		if !guardrails.off() {
			settings.Guardrails = guardrails
		}
	}
	if d := read[dlpResponse](f, "dlp"); d != nil {
		if dlp := d.dlp(); !dlp.off() {
			settings.DLP = dlp
		}
	}
	for _, receiver := range wire.Value(read[[]otelWire](f, "otel")) {
		receiver.ContentType = cmp.Or(receiver.ContentType, "json") // the API's default
		settings.OTel = append(settings.OTel, OTel(receiver))
	}
	if s := read[spendLimitsWire](f, "spend_limits"); s != nil {
		if limits := s.limits(); !limits.off() {
			settings.SpendLimits = limits
		}
	}
	if s := read[stripeWire](f, "stripe"); s != nil && (s.Authorization != "" || s.UsageEvents != nil) {
		settings.Stripe = &Stripe{Authorization: s.Authorization, UsageEvents: []string{}}
		for _, event := range s.UsageEvents {
			settings.Stripe.UsageEvents = append(settings.Stripe.UsageEvents, event.Payload)
		}
	}
}

// withAction returns the categories that have an action.
func withAction(categories map[string]string) map[string]string {
	chosen := map[string]string{}
	for category, action := range categories {
		if action != "" {
			chosen[category] = action
		}
	}
	return chosen
}

// dlp reads a response with policies as the form with policies, unless the list
// is empty and the other form has profiles.
func (d *dlpResponse) dlp() *DLP {
	if d.Policies == nil || len(*d.Policies) == 0 && len(d.Profiles) > 0 {
		return &DLP{Enabled: bool(d.Enabled), Action: d.Action, Profiles: d.Profiles}
	}
	dlp := &DLP{Enabled: bool(d.Enabled), Policies: map[string]DLPPolicy{}}
	for _, policy := range *d.Policies {
		dlp.Policies[freeKey(dlp.Policies, policy.ID)] = DLPPolicy{
			Enabled: bool(policy.Enabled), Action: policy.Action, Check: policy.Check, Profiles: policy.Profiles,
		}
	}
	return dlp
}

func (s *spendLimitsWire) limits() *SpendLimits {
	limits := &SpendLimits{Enabled: bool(s.Enabled), Rules: map[string]SpendRule{}}
	for _, rule := range s.Rules {
		in := SpendRule{
			Enabled: rule.Enabled == nil || bool(*rule.Enabled), Limit: rule.Limit,
			LimitType: cmp.Or(rule.LimitType, rule.Spelling), Window: int64(rule.Window), Technique: cmp.Or(rule.Technique, "sliding"), // the API's default

			Model: (*SpendFilter)(rule.Model), Provider: (*SpendFilter)(rule.Provider),
		}
		for key, filter := range rule.Metadata {
			if in.Metadata == nil {
				in.Metadata = map[string]SpendFilter{}
			}
			in.Metadata[key] = SpendFilter(filter)
		}
		limits.Rules[freeKey(limits.Rules, rule.ID)] = in
	}
	return limits
}

// freeKey returns id, or a similar key if id is empty or in m already: what the
// service holds must not get lost for want of a unique id.
func freeKey[V any](m map[string]V, id string) string {
	key := id
	for n := 1; key == "" || has(m, key); n++ {
		key = fmt.Sprintf("%s#%d", id, n)
	}
	return key
}

func has[V any](m map[string]V, key string) bool {
	_, there := m[key]
	return there
}

func notNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func notNilSlice(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
