package client

import (
	"fmt"
	"maps"
	"slices"
)

// This file is the codec of the features: guardrails, DLP, OpenTelemetry,
// spend limits and Stripe. A feature that is off has many forms on the wire
// (null, absent, empty, disabled and empty); here it is nil.

// The wire's forms.
type (
	guardrailsWire struct {
		Prompt   map[string]string `json:"prompt"`
		Response map[string]string `json:"response"`
	}
	dlpProfilesWire struct {
		Enabled  boolean  `json:"enabled"`
		Action   string   `json:"action"`
		Profiles []string `json:"profiles"`
	}
	// dlpAnswer is either of the two forms.
	dlpAnswer struct {
		Enabled  boolean          `json:"enabled"`
		Action   string           `json:"action"`
		Profiles []string         `json:"profiles"`
		Policies *[]dlpPolicyWire `json:"policies"`
	}
	dlpPoliciesWire struct {
		Enabled  boolean         `json:"enabled"`
		Policies []dlpPolicyWire `json:"policies"`
	}
	dlpPolicyWire struct {
		ID       string   `json:"id"`
		Enabled  boolean  `json:"enabled"`
		Action   string   `json:"action"`
		Check    []string `json:"check"`
		Profiles []string `json:"profiles"`
	}
	otelWire struct {
		URL           string            `json:"url"`
		Headers       map[string]string `json:"headers"`
		Authorization string            `json:"authorization,omitempty"`
		ContentType   string            `json:"content_type,omitempty"`
	}
	spendLimitsWire struct {
		Enabled boolean         `json:"enabled"`
		Rules   []spendRuleWire `json:"rules"`
	}
	spendRuleWire struct {
		ID        string                     `json:"id"`
		Enabled   *boolean                   `json:"enabled"` // absent means true
		Limit     float64                    `json:"limit"`
		LimitType string                     `json:"limitType"`
		Window    integer                    `json:"window"`
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

// dlpOff is what an update says to switch DLP off, since the API refuses null:
// the older of the two forms, which every version knows.
var dlpOff = dlpProfilesWire{Action: "FLAG", Profiles: []string{}}

// encodeFeatures adds the features to an update. What is off is null, so that
// an update says the whole of what is wanted; DLP that is off is left out as
// long as it never was on, since the form for that may need an entitlement.
func encodeFeatures(b body, settings, was Settings) {
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

func (g *Guardrails) off() bool { return g == nil || len(g.Prompt) == 0 && len(g.Response) == 0 }

func (d *DLP) off() bool {
	return d == nil || !d.Enabled && len(d.Profiles) == 0 && len(d.Policies) == 0
}

func (d *DLP) wire() any {
	if d.Policies == nil {
		return dlpProfilesWire{Enabled: boolean(d.Enabled), Action: d.Action, Profiles: notNilSlice(d.Profiles)}
	}
	wire := dlpPoliciesWire{Enabled: boolean(d.Enabled), Policies: []dlpPolicyWire{}}
	for _, id := range slices.Sorted(maps.Keys(d.Policies)) {
		policy := d.Policies[id]
		wire.Policies = append(wire.Policies, dlpPolicyWire{
			ID: id, Enabled: boolean(policy.Enabled), Action: policy.Action,
			Check: notNilSlice(policy.Check), Profiles: notNilSlice(policy.Profiles),
		})
	}
	return wire
}

func (s *SpendLimits) off() bool { return s == nil || !s.Enabled && len(s.Rules) == 0 }

func (s *SpendLimits) wire() spendLimitsWire {
	wire := spendLimitsWire{Enabled: boolean(s.Enabled), Rules: []spendRuleWire{}}
	for _, id := range slices.Sorted(maps.Keys(s.Rules)) {
		rule := s.Rules[id]
		out := spendRuleWire{
			ID: id, Enabled: ptr(boolean(rule.Enabled)), Limit: rule.Limit, LimitType: rule.LimitType,
			Window: integer(rule.Window), Technique: rule.Technique,
			Model: (*spendFilterWire)(rule.Model), Provider: (*spendFilterWire)(rule.Provider),
		}
		for key, filter := range rule.Metadata {
			if out.Metadata == nil {
				out.Metadata = map[string]spendFilterWire{}
			}
			out.Metadata[key] = spendFilterWire(filter)
		}
		wire.Rules = append(wire.Rules, out)
	}
	return wire
}

// featuresAnswer is what the service says of the features.
type featuresAnswer struct {
	Guardrails  *guardrailsWire  `json:"guardrails"`
	DLP         *dlpAnswer       `json:"dlp"`
	OTel        []otelWire       `json:"otel"`
	SpendLimits *spendLimitsWire `json:"spend_limits"`
	Stripe      *stripeWire      `json:"stripe"`
}

// features sets what the answer says; what is off stays nil.
func (a featuresAnswer) features(settings *Settings) {
	if g := a.Guardrails; g != nil {
		read := &Guardrails{Prompt: named(g.Prompt), Response: named(g.Response)}
		if !read.off() {
			settings.Guardrails = read
		}
	}
	if d := a.DLP; d != nil {
		read := d.read()
		if !read.off() {
			settings.DLP = read
		}
	}
	for _, receiver := range a.OTel {
		if receiver.ContentType == "" {
			receiver.ContentType = "json" // the API's default
		}
		settings.OTel = append(settings.OTel, OTel(receiver))
	}
	if s := a.SpendLimits; s != nil {
		read := s.read()
		if !read.off() {
			settings.SpendLimits = read
		}
	}
	if s := a.Stripe; s != nil && (s.Authorization != "" || s.UsageEvents != nil) {
		settings.Stripe = &Stripe{Authorization: s.Authorization, UsageEvents: []string{}}
		for _, event := range s.UsageEvents {
			settings.Stripe.UsageEvents = append(settings.Stripe.UsageEvents, event.Payload)
		}
	}
}

// named are the categories that have an action.
func named(categories map[string]string) map[string]string {
	read := map[string]string{}
	for category, action := range categories {
		if action != "" {
			read[category] = action
		}
	}
	return read
}

// read takes an answer that has policies for the form with policies, unless
// there are none and the other form has something to say.
func (d *dlpAnswer) read() *DLP {
	if d.Policies == nil || len(*d.Policies) == 0 && len(d.Profiles) > 0 {
		return &DLP{Enabled: bool(d.Enabled), Action: d.Action, Profiles: d.Profiles}
	}
	read := &DLP{Enabled: bool(d.Enabled), Policies: map[string]DLPPolicy{}}
	for _, policy := range *d.Policies {
		read.Policies[freeKey(read.Policies, policy.ID)] = DLPPolicy{
			Enabled: bool(policy.Enabled), Action: policy.Action, Check: policy.Check, Profiles: policy.Profiles,
		}
	}
	return read
}

func (s *spendLimitsWire) read() *SpendLimits {
	read := &SpendLimits{Enabled: bool(s.Enabled), Rules: map[string]SpendRule{}}
	for _, rule := range s.Rules {
		if rule.Technique == "" {
			rule.Technique = "sliding" // the API's default
		}
		in := SpendRule{
			Enabled: rule.Enabled == nil || bool(*rule.Enabled), Limit: rule.Limit, LimitType: rule.LimitType,
			Window: int64(rule.Window), Technique: rule.Technique,
			Model: (*SpendFilter)(rule.Model), Provider: (*SpendFilter)(rule.Provider),
		}
		for key, filter := range rule.Metadata {
			if in.Metadata == nil {
				in.Metadata = map[string]SpendFilter{}
			}
			in.Metadata[key] = SpendFilter(filter)
		}
		read.Rules[freeKey(read.Rules, rule.ID)] = in
	}
	return read
}

// freeKey is id, or a key like it where m has it already or it is empty: what
// the service holds must not get lost for want of a name of its own.
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

// SameFeatures tells feature by feature whether two gateways agree.
type SameFeatures struct{ Guardrails, DLP, OTel, SpendLimits, Stripe bool }

// CompareFeatures compares what two settings say of the features, as the wire
// has them. Secrets do not count: what a service answers of them may be masked.
func CompareFeatures(a, b Settings) SameFeatures {
	left, right := body{}, body{}
	encodeFeatures(left, a.withoutSecrets(), Settings{})
	encodeFeatures(right, b.withoutSecrets(), Settings{})
	same := func(field string) bool { return sameJSON(left[field], right[field]) }
	return SameFeatures{
		Guardrails: same("guardrails"), DLP: same("dlp"), OTel: same("otel"),
		SpendLimits: same("spend_limits"), Stripe: same("stripe"),
	}
}

// withoutSecrets is s without the values of secrets, and without the names of
// headers, which a service that hides secrets may leave out as well.
func (s Settings) withoutSecrets() Settings {
	s.OTel = slices.Clone(s.OTel)
	for i := range s.OTel {
		s.OTel[i].Headers, s.OTel[i].Authorization = nil, ""
	}
	if s.Stripe != nil {
		s.Stripe = &Stripe{UsageEvents: s.Stripe.UsageEvents}
	}
	return s
}
