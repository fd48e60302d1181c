package gateways

import (
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Guardrails holds actions, "FLAG" or "BLOCK", by the code of a category: "S1" to
// "S13", "P1". The service ignores a category without an action.
type Guardrails struct {
	Prompt, Response map[string]string
}

// DLP configures data loss prevention, in one of two forms: an action for some
// profiles, or policies. Policies is nil in the first form only.
type DLP struct {
	Enabled bool
	// Action is "BLOCK" or "FLAG".
	Action string
	// Profiles are ids of DLP profiles.
	Profiles []string
	// Policies are by their ids, which the user chooses.
	Policies map[string]DLPPolicy
}

// A DLPPolicy is one policy of [DLP].
type DLPPolicy struct {
	Enabled bool
	// Action is "FLAG" or "BLOCK".
	Action string
	// Check is what is scanned: "REQUEST", "RESPONSE".
	Check []string
	// Profiles are ids of DLP profiles.
	Profiles []string
}

// OTel configures one receiver of OpenTelemetry traces.
type OTel struct {
	URL string
	// Headers may hold secrets.
	Headers map[string]string
	// Authorization refers to a secret in the Secrets Store, by the
	// documentation; it is treated as a secret itself. Empty is none.
	Authorization string
	// ContentType is "json" or "protobuf".
	ContentType string
}

// SpendLimits holds budgets.
type SpendLimits struct {
	Enabled bool
	// Rules are by their ids.
	Rules map[string]SpendRule
}

// A SpendRule is one budget.
type SpendRule struct {
	Enabled bool
	// Limit is in US dollars, by the documentation.
	Limit float64
	// LimitType is "cost".
	LimitType string
	// Window is in seconds.
	Window int64
	// Technique is "fixed" or "sliding".
	Technique string
	// Metadata, Model and Provider select the requests that count. With
	// "partition", each value has a budget of its own.
	Metadata        map[string]SpendFilter
	Model, Provider *SpendFilter
}

// A SpendFilter selects requests.
type SpendFilter struct {
	// Mode is "filter" or "partition". The latter is documented for all three
	// dimensions, but the API's specification has it for metadata only: that the word
	// is the same for models and providers is inferred.
	Mode string
	// Values are those that count, with "filter".
	Values []string
}

// Stripe configures reporting of usage to Stripe.
type Stripe struct {
	// Authorization is Stripe's key.
	Authorization string
	// UsageEvents are templates, each of the payload of one event.
	UsageEvents []string
}

// A feature that is off has many forms on the wire: null, absent, empty, or
// disabled and empty. Here it is nil, or off.

func (g *Guardrails) off() bool { return g == nil || len(g.Prompt) == 0 && len(g.Response) == 0 }

func (d *DLP) off() bool {
	return d == nil || !d.Enabled && len(d.Profiles) == 0 && len(d.Policies) == 0
}

func (s *SpendLimits) off() bool { return s == nil || !s.Enabled && len(s.Rules) == 0 }

// SameFeatures tells for each feature whether two gateways agree.
type SameFeatures struct{ Guardrails, DLP, OTel, SpendLimits, Stripe bool }

// CompareFeatures compares the features of two settings by what a request would
// say. Secrets do not count: a service may mask them in responses.
func CompareFeatures(a, b Settings) SameFeatures {
	left, right := wire.Body{}, wire.Body{}
	encodeFeatures(left, a.withoutSecrets(), Settings{})
	encodeFeatures(right, b.withoutSecrets(), Settings{})
	same := func(field string) bool { return wire.Same(left[field], right[field]) }
	return SameFeatures{
		Guardrails: same("guardrails"), DLP: same("dlp"), OTel: same("otel"),
		SpendLimits: same("spend_limits"), Stripe: same("stripe"),
	}
}

// withoutSecrets returns s without secrets and without the names of headers,
// which a service that hides secrets may leave out as well.
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
