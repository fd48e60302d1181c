package store

import (
	"fmt"
	"slices"
	"strings"
)

// Quirk names one behaviour of the service that is not documented, or on which
// sources disagree. Off is the more likely behaviour; a quirk switches the
// emulator to the other one. Quirks compose freely, except that secrets cannot
// be both masked and omitted.
type Quirk string

// The quirks that concern gateways.
const (
	// CreateAcceptsAll makes POST store dlp, guardrails, log_classification,
	// otel, spend_limits and stripe, as the newest API document has it. Off:
	// POST drops them silently, since older documents allow them on PUT only.
	CreateAcceptsAll Quirk = "create-accepts-all"

	// PutResetsOmitted makes PUT return the optional fields that its body omits
	// to their defaults. Off: they keep their value (inferred from the
	// service's framework).
	PutResetsOmitted Quirk = "put-resets-omitted"

	// PaidPlan gives new gateways the log retention of a paid account:
	// 10000000 logs, DELETE_OLDEST. Off: 100000 logs, STOP_INSERTING. Both were
	// observed live.
	PaidPlan Quirk = "paid-plan"

	// EchoNull makes cache_ttl, rate_limiting_interval, rate_limiting_limit and
	// store_id read back as null where null is stored. Off: they read back as 0
	// and "", as observed live.
	EchoNull Quirk = "echo-null"

	// OmitUnset leaves optional fields that are null out of answers. Off: they
	// are there, as null. The live answers vary.
	OmitUnset Quirk = "omit-unset"

	// ExtraFields adds account_id, account_tag, internal_id and wholesale, which
	// older live answers carry, and an object that no API document knows; and to
	// routes, their versions, deployments and elements what no document of theirs
	// knows. Off: answers carry the documented fields only.
	ExtraFields Quirk = "extra-fields"

	// NoBYOKOnly plays an API that does not know byok_only yet: the field is
	// dropped from bodies and missing from answers.
	NoBYOKOnly Quirk = "no-byok-only"

	// SecretsMasked masks otel[].authorization, the values of otel[].headers and
	// stripe.authorization in answers. Off: they are echoed. Which of the three
	// the service does is unknown.
	SecretsMasked Quirk = "secrets-masked"

	// SecretsOmitted leaves the same secrets out of answers.
	SecretsOmitted Quirk = "secrets-omitted"
)

// The quirk that concerns logs.
const (
	// LogMetadataString shows the metadata of a log as the text of a JSON
	// object, as the API documents have it. Off: it is an object, as observed
	// live.
	LogMetadataString Quirk = "log-metadata-string"
)

// The quirks that concern dynamic routes.
const (
	// RouteElementsTop shows routes as the API documents have them: the graph as
	// elements beside the name, in lists too, and in their version once more as
	// the text of a JSON array in data; active is the text "true" or "false".
	// Off, as observed live: the graph is in version.data only, as an array, and
	// not in lists; active is a boolean.
	RouteElementsTop Quirk = "route-elements-top"

	// RouteRepliesBare makes the answers to new versions, new deployments and
	// deletions what the API documents have: id, name, gateway_id, elements,
	// created_at and modified_at. Off: new versions are answered with their
	// version_id (observed live), new deployments with deployment_id and
	// version_id, deletions with all that GET shows (both inferred).
	RouteRepliesBare Quirk = "route-replies-bare"

	// RouteListLags answers each list request for routes, versions or
	// deployments with what that list was when the previous request for it was
	// answered, whichever page was asked for; before the first it was empty. So
	// what is new is missing from the next list, and what is deleted is still in
	// it. Off: lists are up to date. Lists were observed to lag; by how much is
	// not known.
	RouteListLags Quirk = "route-list-lags"

	// RouteNameClash500 refuses the name of another route with HTTP 500, code
	// 7000 and the text of the database. Off: HTTP 400, code 7005. Both were
	// observed live.
	RouteNameClash500 Quirk = "route-name-clash-500"
)

// Quirks returns all known quirks, always in the same order.
func Quirks() []Quirk {
	var all []Quirk
	for _, q := range slices.Concat(GatewayQuirks(), KeyQuirks(), []Quirk{LogMetadataString}, RouteQuirks()) {
		if !slices.Contains(all, q) { // some show in several places
			all = append(all, q)
		}
	}
	return all
}

// GatewayQuirks returns those of [Quirks] that can show in a gateway.
func GatewayQuirks() []Quirk {
	return []Quirk{
		CreateAcceptsAll,
		PutResetsOmitted,
		PaidPlan,
		EchoNull,
		OmitUnset,
		ExtraFields,
		NoBYOKOnly,
		SecretsMasked,
		SecretsOmitted,
	}
}

// RouteQuirks returns those of [Quirks] that can show in a dynamic route.
func RouteQuirks() []Quirk {
	return []Quirk{
		ExtraFields,
		RouteElementsTop,
		RouteRepliesBare,
		RouteListLags,
		RouteNameClash500,
	}
}

// ParseQuirk returns the quirk of that name. The error for an unknown name
// lists the known ones.
func ParseQuirk(name string) (Quirk, error) {
	if q := Quirk(name); slices.Contains(Quirks(), q) {
		return q, nil
	}
	known := make([]string, 0, len(Quirks()))
	for _, q := range Quirks() {
		known = append(known, string(q))
	}
	return "", fmt.Errorf("unknown quirk %q; known quirks: %s", name, strings.Join(known, ", "))
}
