package emulator

import (
	"math"
	"regexp"
	"slices"
)

// idPattern is what a gateway's id looks like (documented in the OpenAPI
// document; sources disagree on underscores, and that document allows them).
var idPattern = regexp.MustCompile(`^[a-z0-9_]+(?:-[a-z0-9_]+)*$`)

// use says what a request body may do with a field.
type use int

const (
	stripped use = iota // the API does not know the field there
	optional
	required
	updateOnly // optional, but dropped without a word; see CreateAcceptsAll
)

// field is one setting of a gateway.
type field struct {
	name string
	schema
	create, update use
	// nullable fields accept null in both bodies.
	nullable bool
	// initial is the value of a field that a create omits.
	initial any
	// nullAs is what a stored null reads back as, if not as null.
	nullAs any
}

// noMax is the maximum of a number that has none.
var noMax = math.Inf(1)

// gatewayFields is the table of all settings, in the order in which answers
// show them. Types, bounds and required fields are documented (API documents
// and SDKs of 2026); initial values and what null reads back as were observed
// live unless a comment says otherwise.
func gatewayFields(quirks quirkSet) []field {
	retention, strategy := 100000.0, "STOP_INSERTING"
	if quirks[PaidPlan] {
		retention, strategy = 10000000.0, "DELETE_OLDEST"
	}
	fields := []field{
		{name: "id", schema: text{min: 1, max: 64, pattern: idPattern}, create: required},
		{name: "cache_invalidate_on_update", schema: boolean{}, create: required, update: required},
		{name: "cache_ttl", schema: setting(0, noMax), create: required, update: required, nullable: true, nullAs: 0.0},
		{name: "collect_logs", schema: boolean{}, create: required, update: required},
		// Null for authentication and zdr was observed to be accepted on PUT,
		// though the documents do not call them nullable. That it means false
		// is inferred.
		{name: "authentication", schema: boolean{}, create: optional, update: optional, nullable: true, initial: false, nullAs: false},
		{name: "byok_only", schema: boolean{}, create: optional, update: optional, initial: false},
		{name: "rate_limiting_interval", schema: setting(0, noMax), create: required, update: required, nullable: true, nullAs: 0.0},
		{name: "rate_limiting_limit", schema: setting(0, noMax), create: required, update: required, nullable: true, nullAs: 0.0},
		{name: "rate_limiting_technique", schema: oneOf{"fixed", "sliding"}, create: optional, update: optional, nullable: true, initial: "fixed"},
		{name: "log_classification", schema: boolean{}, create: updateOnly, update: optional, initial: false},
		{name: "log_management", schema: setting(10000, 10000000), create: optional, update: optional, nullable: true, initial: retention},
		{name: "log_management_strategy", schema: oneOf{"STOP_INSERTING", "DELETE_OLDEST"}, create: optional, update: optional, nullable: true, initial: strategy},
		{name: "logpush", schema: boolean{}, create: optional, update: optional, initial: false},
		{name: "logpush_public_key", schema: text{min: 16, max: 1024}, create: optional, update: optional, nullable: true},
		{name: "dlp", schema: dlpSchema, create: updateOnly, update: optional},
		{name: "guardrails", schema: guardrailsSchema, create: updateOnly, update: optional, nullable: true},
		{name: "otel", schema: otelSchema, create: updateOnly, update: optional, nullable: true},
		{name: "stripe", schema: stripeSchema, create: updateOnly, update: optional, nullable: true},
		{name: "spend_limits", schema: spendLimitsSchema, create: updateOnly, update: optional, nullable: true},
		{name: "retry_max_attempts", schema: setting(1, 5), create: optional, update: optional, nullable: true},
		// The maximum was 5000 in documents of August 2026 and is 60000 since.
		{name: "retry_delay", schema: setting(0, 60000), create: optional, update: optional, nullable: true},
		{name: "retry_backoff", schema: oneOf{"constant", "linear", "exponential"}, create: optional, update: optional, nullable: true},
		{name: "store_id", schema: text{}, create: optional, update: optional, nullable: true, nullAs: ""},
		{name: "zdr", schema: boolean{}, create: optional, update: optional, nullable: true, initial: false, nullAs: false},
		{name: "workers_ai_billing_mode", schema: oneOf{"postpaid", "unified"}, create: optional, update: optional, initial: "postpaid"},
	}
	return slices.DeleteFunc(fields, func(f field) bool {
		return f.name == "byok_only" && quirks[NoBYOKOnly]
	})
}

// parseGateway checks the body of a create or an update and returns the fields
// that it sets. The caller chooses the body by of, for example
// func(f field) use { return f.create }.
func (s *Server) parseGateway(body any, of func(field) use) (map[string]any, problems) {
	var members object
	for _, f := range s.fields {
		u := of(f)
		if u == updateOnly && s.quirks[CreateAcceptsAll] {
			u = optional
		}
		if u == stripped || u == updateOnly {
			continue
		}
		members = append(members, member{
			name: f.name, schema: f.schema, nullable: f.nullable, optional: u == optional,
		})
	}
	var p problems
	out, _ := members.parse(&p, []any{"body"}, body).(map[string]any)
	if len(p) > 0 {
		return nil, p
	}
	return out, nil
}

// initialValues returns the settings of a gateway that was created with none.
func (s *Server) initialValues() map[string]any {
	values := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		values[f.name] = f.initial
	}
	return values
}
