package gateways_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// secretChanges change nothing but what a service may mask or leave out.
var secretChanges = map[string]func(*gateways.Settings){
	"authorization":          func(s *gateways.Settings) { s.OTel[0].Authorization = "********" },
	"authorization left out": func(s *gateways.Settings) { s.OTel[0].Authorization = "" },
	"headers":                func(s *gateways.Settings) { s.OTel[0].Headers = map[string]string{"x-a": "***", "x-b": "***"} },
	"headers left out":       func(s *gateways.Settings) { s.OTel[0].Headers = nil },
	"names of headers":       func(s *gateways.Settings) { s.OTel[1].Headers = map[string]string{"x-c": "1"} },
	"Stripe's key":           func(s *gateways.Settings) { s.Stripe.Authorization = "sk_***" },
	"Stripe's key, left out": func(s *gateways.Settings) { s.Stripe.Authorization = "" },
	"an empty map for none":  func(s *gateways.Settings) { s.Guardrails.Response = map[string]string{} },
	"an empty list for none": func(s *gateways.Settings) {
		b := s.DLP.Policies["b"]
		b.Check, b.Profiles = []string{}, []string{}
		s.DLP.Policies["b"] = b
	},
	"settings besides, entirely": func(s *gateways.Settings) { s.CacheTTL, s.ZDR, s.LogClassification = nil, nil, nil },
}

func TestCompareFeaturesIgnoresSecrets(t *testing.T) {
	for name, change := range secretChanges {
		a, b := everything(), everything()
		change(&b)
		if one, other := gateways.CompareFeatures(a, b), gateways.CompareFeatures(b, a); one != allSame || other != allSame {
			t.Errorf("%s: %+v, %+v", name, one, other)
		}
	}
}

// The arguments stay as they are.
func TestCompareFeaturesChangesNothing(t *testing.T) {
	a := everything()
	gateways.CompareFeatures(a, a)
	if a.OTel[0].Authorization != "ref" || len(a.OTel[0].Headers) != 2 || a.Stripe.Authorization != "stripe-key" {
		t.Errorf("%+v %+v", a.OTel, a.Stripe)
	}
}

func TestCompareFeaturesSeesTheRest(t *testing.T) {
	policy := func(change func(*gateways.DLPPolicy)) func(*gateways.Settings) {
		return func(s *gateways.Settings) {
			p := s.DLP.Policies["a"]
			change(&p)
			s.DLP.Policies["a"] = p
		}
	}
	rule := func(change func(*gateways.SpendRule)) func(*gateways.Settings) {
		return func(s *gateways.Settings) {
			r := s.SpendLimits.Rules["monthly"]
			change(&r)
			s.SpendLimits.Rules["monthly"] = r
		}
	}
	notGuardrails, notDLP, notOTel, notLimits, notStripe := allSame, allSame, allSame, allSame, allSame
	notGuardrails.Guardrails, notDLP.DLP, notOTel.OTel, notLimits.SpendLimits, notStripe.Stripe = false, false, false, false, false
	for want, changes := range map[gateways.SameFeatures]map[string]func(*gateways.Settings){
		notGuardrails: {
			"off":                func(s *gateways.Settings) { s.Guardrails = nil },
			"action":             func(s *gateways.Settings) { s.Guardrails.Prompt["S1"] = "BLOCK" },
			"one more":           func(s *gateways.Settings) { s.Guardrails.Prompt["S2"] = "FLAG" },
			"one less":           func(s *gateways.Settings) { delete(s.Guardrails.Prompt, "S1") },
			"of the response":    func(s *gateways.Settings) { s.Guardrails.Response = map[string]string{"S1": "FLAG"} },
			"the other way":      func(s *gateways.Settings) { s.Guardrails.Prompt, s.Guardrails.Response = nil, s.Guardrails.Prompt },
			"nothing left of it": func(s *gateways.Settings) { s.Guardrails.Prompt = nil },
		},
		notDLP: {
			"off":      func(s *gateways.Settings) { s.DLP = nil },
			"disabled": func(s *gateways.Settings) { s.DLP.Enabled = false },
			"by profiles": func(s *gateways.Settings) {
				s.DLP = &gateways.DLP{Enabled: true, Action: "BLOCK", Profiles: []string{"p1"}}
			},
			"no policy":        func(s *gateways.Settings) { s.DLP.Policies = map[string]gateways.DLPPolicy{} },
			"one less":         func(s *gateways.Settings) { delete(s.DLP.Policies, "b") },
			"another id":       func(s *gateways.Settings) { s.DLP.Policies["c"] = s.DLP.Policies["b"]; delete(s.DLP.Policies, "b") },
			"policy's enabled": policy(func(p *gateways.DLPPolicy) { p.Enabled = false }),
			"policy's action":  policy(func(p *gateways.DLPPolicy) { p.Action = "FLAG" }),
			"policy's check":   policy(func(p *gateways.DLPPolicy) { p.Check = []string{"REQUEST"} }),
			"policy's profile": policy(func(p *gateways.DLPPolicy) { p.Profiles = []string{"p1"} }),
		},
		notOTel: {
			"off":          func(s *gateways.Settings) { s.OTel = nil },
			"one less":     func(s *gateways.Settings) { s.OTel = s.OTel[:1] },
			"one more":     func(s *gateways.Settings) { s.OTel = append(s.OTel, gateways.OTel{}) },
			"order":        func(s *gateways.Settings) { s.OTel[0], s.OTel[1] = s.OTel[1], s.OTel[0] },
			"url":          func(s *gateways.Settings) { s.OTel[0].URL = "https://c.example" },
			"content type": func(s *gateways.Settings) { s.OTel[0].ContentType = "json" },
		},
		notLimits: {
			"off":              func(s *gateways.Settings) { s.SpendLimits = nil },
			"disabled":         func(s *gateways.Settings) { s.SpendLimits.Enabled = false },
			"no rule":          func(s *gateways.Settings) { s.SpendLimits.Rules = nil },
			"one less":         func(s *gateways.Settings) { delete(s.SpendLimits.Rules, "daily") },
			"rule's enabled":   rule(func(r *gateways.SpendRule) { r.Enabled = false }),
			"rule's limit":     rule(func(r *gateways.SpendRule) { r.Limit = 12.51 }),
			"rule's type":      rule(func(r *gateways.SpendRule) { r.LimitType = "tokens" }),
			"rule's window":    rule(func(r *gateways.SpendRule) { r.Window++ }),
			"rule's technique": rule(func(r *gateways.SpendRule) { r.Technique = "sliding" }),
			"rule's metadata":  rule(func(r *gateways.SpendRule) { r.Metadata = nil }),
			"metadata's mode":  rule(func(r *gateways.SpendRule) { r.Metadata["user"] = gateways.SpendFilter{Mode: "filter"} }),
			"metadata's value": rule(func(r *gateways.SpendRule) { r.Metadata["team"].Values[0] = "z" }),
			"rule's model":     rule(func(r *gateways.SpendRule) { r.Model = nil }),
			"model's value":    rule(func(r *gateways.SpendRule) { r.Model.Values = []string{"gpt-5", "gpt-6"} }),
			"rule's provider":  rule(func(r *gateways.SpendRule) { r.Provider.Values[0] = "anthropic" }),
		},
		notStripe: {
			"off":        func(s *gateways.Settings) { s.Stripe = nil },
			"one less":   func(s *gateways.Settings) { s.Stripe.UsageEvents = s.Stripe.UsageEvents[:1] },
			"payload":    func(s *gateways.Settings) { s.Stripe.UsageEvents[0] = "{}" },
			"order":      func(s *gateways.Settings) { e := s.Stripe.UsageEvents; e[0], e[1] = e[1], e[0] },
			"none of it": func(s *gateways.Settings) { s.Stripe.UsageEvents = nil },
		},
	} {
		for name, change := range changes {
			a, b := everything(), everything()
			change(&b)
			if one, other := gateways.CompareFeatures(a, b), gateways.CompareFeatures(b, a); one != want || other != want {
				t.Errorf("%s: %+v, %+v, want %+v", name, one, other, want)
			}
		}
	}
}

// A feature that is off is off in all its forms.
func TestCompareFeaturesThatAreOff(t *testing.T) {
	off := map[string]gateways.Settings{
		"unset":  {},
		"empty":  {Guardrails: &gateways.Guardrails{}, DLP: &gateways.DLP{}, OTel: []gateways.OTel{}, SpendLimits: &gateways.SpendLimits{}},
		"listed": {DLP: &gateways.DLP{Action: "FLAG", Profiles: []string{}}, SpendLimits: &gateways.SpendLimits{Rules: map[string]gateways.SpendRule{}}},
		"mapped": {
			Guardrails: &gateways.Guardrails{Prompt: map[string]string{}, Response: map[string]string{}},
			DLP:        &gateways.DLP{Policies: map[string]gateways.DLPPolicy{}},
		},
	}
	for one, a := range off {
		for other, b := range off {
			if same := gateways.CompareFeatures(a, b); same != allSame {
				t.Errorf("%s and %s: %+v", one, other, same)
			}
		}
	}
}
