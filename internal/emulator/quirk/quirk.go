// Package quirk names the behaviors of the emulator that can be switched.
package quirk

import (
	"fmt"
	"slices"
	"strings"
)

// Quirk names one behavior of the service that is not documented, or on which sources
// disagree. Without the quirk the emulator shows the more likely behavior, with it the
// other one. Quirks can be combined freely, except that secrets cannot be both masked
// and omitted.
type Quirk string

// Quirks of gateways.
const (
	// CreateAcceptsAll makes POST store dlp, guardrails, log_classification, otel,
	// spend_limits and stripe, as the newest API document has it. Off: POST drops them
	// silently, since older documents allow them on PUT only.
	CreateAcceptsAll Quirk = "create-accepts-all"

	// PutKeepsOmitted makes PUT keep the optional fields that its body omits (inferred
	// from the service's framework). Off: they return to their defaults, as Cloudflare's
	// staff describe PUT.
	PutKeepsOmitted Quirk = "put-keeps-omitted"

	// UnknownFields makes a service that is newer than its API documents: it stores
	// fields of gateways and of route elements that the documents do not have, and shows
	// them. PUT keeps them only if they are sent back, even with PutKeepsOmitted. A new
	// gateway has one. Off: unknown fields of gateways are dropped.
	UnknownFields Quirk = "unknown-fields"

	// StrictBodies makes POST and PUT of gateways and of versions of routes refuse fields
	// that the API documents do not have. With UnknownFields, the service shows fields
	// that it does not take back. Off: such fields are dropped or stored.
	StrictBodies Quirk = "strict-bodies"

	// PaidPlan gives new gateways the log retention of a paid account:
	// 10000000 logs, DELETE_OLDEST. Off: 100000 logs, STOP_INSERTING. Both were
	// observed live.
	PaidPlan Quirk = "paid-plan"

	// EchoNull makes cache_ttl, rate_limiting_interval, rate_limiting_limit and
	// store_id read back as null if null is stored. Off: they read back as 0 and "",
	// as observed live.
	EchoNull Quirk = "echo-null"

	// OmitUnset leaves optional fields that are null out of responses. Off: responses
	// have them, as null. Live responses vary.
	OmitUnset Quirk = "omit-unset"

	// ExtraFields adds account_id, account_tag, internal_id and wholesale, which older
	// live responses have, and an object that no API document has. It adds such fields
	// to routes, their versions, deployments and elements too. Off: responses have the
	// documented fields only.
	ExtraFields Quirk = "extra-fields"

	// NoBYOKOnly makes an API that does not know byok_only yet: the field is dropped
	// from request bodies and missing from responses.
	NoBYOKOnly Quirk = "no-byok-only"

	// SecretsMasked masks otel[].authorization, the values of otel[].headers and
	// stripe.authorization in responses. Off: responses have them verbatim. Whether the
	// service shows, masks or omits them is not known.
	SecretsMasked Quirk = "secrets-masked"

	// SecretsOmitted leaves the same secrets out of responses.
	SecretsOmitted Quirk = "secrets-omitted"
)

// Quirks of logs.
const (
	// LogMetadataString shows the metadata of a log as a JSON string, as the API
	// documents have it. Off: it is an object, as observed live.
	LogMetadataString Quirk = "log-metadata-string"
)

// Quirks of dynamic routes.
const (
	// RouteElementsTop shows routes as the API documents have them: the graph is in
	// elements beside the name, in lists too, and again in the version's data, as a
	// JSON string; active is the string "true" or "false". Off, as observed live: the
	// graph is in version.data only, as an array, and not in lists; active is a
	// boolean. Elements have the names of the SDKs either way: the documentation's page
	// on JSON has rate_limit, interval and condition, which no client was seen to use.
	RouteElementsTop Quirk = "route-elements-top"

	// RouteRepliesBare makes the responses to new versions, new deployments and
	// deletions what the API documents have: id, name, gateway_id, elements, created_at
	// and modified_at. Off: the response to a new version has its version_id (observed
	// live), that to a new deployment deployment_id and version_id, and that to a
	// deletion all that GET shows (both inferred).
	RouteRepliesBare Quirk = "route-replies-bare"

	// RouteListLags makes each list of routes, versions or deployments the one of the
	// previous list request, whichever page that was for; the first is empty. So the
	// next list does not have new objects yet, and still has deleted ones. Off: lists
	// are up to date. Lists were observed to lag; by how much is not known.
	RouteListLags Quirk = "route-list-lags"

	// RouteNameClash500 refuses the name of another route with HTTP 500, code 7000 and
	// the database's error message. Off: HTTP 400, code 7005. Both were observed live.
	RouteNameClash500 Quirk = "route-name-clash-500"

	// VersionsRefusePaging answers lists of versions and deployments that are asked for
	// with per_page with an empty result and no list. Off: they take it. The API
	// documents no query parameters there, and clients of the live API report both.
	VersionsRefusePaging Quirk = "versions-refuse-paging"
)

// All returns all quirks, always in the same order.
func All() []Quirk {
	var all []Quirk
	for _, q := range slices.Concat(OfGateways(), OfKeys(), []Quirk{LogMetadataString}, OfRoutes(), OfPolicies()) {
		if !slices.Contains(all, q) { // some concern several objects
			all = append(all, q)
		}
	}
	return all
}

// OfGateways returns the quirks that can show in a gateway.
func OfGateways() []Quirk {
	return []Quirk{
		CreateAcceptsAll,
		PutKeepsOmitted,
		UnknownFields,
		StrictBodies,
		PaidPlan,
		EchoNull,
		OmitUnset,
		ExtraFields,
		NoBYOKOnly,
		SecretsMasked,
		SecretsOmitted,
	}
}

// OfRoutes returns the quirks that can show in a dynamic route.
func OfRoutes() []Quirk {
	return []Quirk{
		ExtraFields,
		StrictBodies,
		RouteElementsTop,
		RouteRepliesBare,
		RouteListLags,
		RouteNameClash500,
		VersionsRefusePaging,
	}
}

// Parse returns the quirk of a name. The error for an unknown name lists the known
// ones.
func Parse(name string) (Quirk, error) {
	if q := Quirk(name); slices.Contains(All(), q) {
		return q, nil
	}
	known := make([]string, 0, len(All()))
	for _, q := range All() {
		known = append(known, string(q))
	}
	return "", fmt.Errorf("unknown quirk %q; known quirks: %s", name, strings.Join(known, ", "))
}

// Set is a set of quirks.
type Set map[Quirk]bool

// NewSet returns a set. It fails for quirks that are unknown or contradict each other.
func NewSet(quirks []Quirk) (Set, error) {
	set := Set{}
	for _, q := range quirks {
		if _, err := Parse(string(q)); err != nil {
			return nil, err
		}
		set[q] = true
	}
	if set[SecretsMasked] && set[SecretsOmitted] {
		return nil, fmt.Errorf("quirks %s and %s contradict each other", SecretsMasked, SecretsOmitted)
	}
	return set, nil
}
