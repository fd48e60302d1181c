// Package settings holds the tables of what can be set: the settings of gateways and
// the fields of custom providers.
package settings

import (
	"regexp"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
)

// gatewayIDPattern is the form of a gateway's id (documented in the OpenAPI
// document; sources disagree on underscores, and that document allows them).
var gatewayIDPattern = regexp.MustCompile(`^[a-z0-9_]+(?:-[a-z0-9_]+)*$`)

// Use says which request bodies have a setting.
type Use int

// The uses of settings.
const (
	// CreateOnly settings are required on create and unknown on update.
	CreateOnly Use = iota
	// Required settings are required on create and update.
	Required
	// Optional settings are optional on create and update.
	Optional
	// UpdateOnly settings are optional on update. A create drops them silently,
	// unless [quirk.CreateAcceptsAll] is on.
	UpdateOnly
)

// Setting is one setting of a gateway. Validation, the values of new gateways,
// storage and rendering follow from it.
type Setting struct {
	Name   string
	Schema apischema.Schema
	Use    Use
	// Nullable settings accept null.
	Nullable bool
	// Default is the value of a setting that a create omits.
	Default any
	// NullAs is what a stored null reads back as, if not as null.
	NullAs any
}

// Gateway returns the table of all settings, in the order of responses.
// To add a setting, add a row. Types, bounds and required settings are documented
// (API documents and SDKs of 2026). Defaults and what null reads back as were
// observed live unless a comment says otherwise.
func Gateway(quirks quirk.Set) []Setting {
	var (
		boolean = apischema.Boolean{}
		integer = apischema.Setting
		noMax   = apischema.NoMax
	)
	type enum = apischema.Enum
	type text = apischema.String

	retention, strategy := 100000.0, "STOP_INSERTING"
	if quirks[quirk.PaidPlan] {
		retention, strategy = 10000000.0, "DELETE_OLDEST"
	}
	settings := []Setting{
		{Name: "id", Schema: text{Min: 1, Max: 64, Pattern: gatewayIDPattern}, Use: CreateOnly},
		{Name: "cache_invalidate_on_update", Schema: boolean, Use: Required},
		{Name: "cache_ttl", Schema: integer(0, noMax), Use: Required, Nullable: true, NullAs: 0.0},
		{Name: "collect_logs", Schema: boolean, Use: Required},
		// Null for authentication and zdr was observed to be accepted on PUT,
		// though the documents do not call them nullable. That it means false
		// is inferred.
		{Name: "authentication", Schema: boolean, Use: Optional, Nullable: true, Default: false, NullAs: false},
		{Name: "byok_only", Schema: boolean, Use: Optional, Default: false},
		{Name: "rate_limiting_interval", Schema: integer(0, noMax), Use: Required, Nullable: true, NullAs: 0.0},
		{Name: "rate_limiting_limit", Schema: integer(0, noMax), Use: Required, Nullable: true, NullAs: 0.0},
		{Name: "rate_limiting_technique", Schema: enum{"fixed", "sliding"}, Use: Optional, Nullable: true, Default: "fixed"},
		{Name: "log_classification", Schema: boolean, Use: UpdateOnly, Default: false},
		{Name: "log_management", Schema: integer(10000, 10000000), Use: Optional, Nullable: true, Default: retention},
		{Name: "log_management_strategy", Schema: enum{"STOP_INSERTING", "DELETE_OLDEST"}, Use: Optional, Nullable: true, Default: strategy},
		{Name: "logpush", Schema: boolean, Use: Optional, Default: false},
		{Name: "logpush_public_key", Schema: text{Min: 16, Max: 1024}, Use: Optional, Nullable: true},
		{Name: "dlp", Schema: dlpSchema, Use: UpdateOnly},
		{Name: "guardrails", Schema: guardrailsSchema, Use: UpdateOnly, Nullable: true},
		{Name: "otel", Schema: otelSchema, Use: UpdateOnly, Nullable: true},
		{Name: "stripe", Schema: stripeSchema, Use: UpdateOnly, Nullable: true},
		{Name: "spend_limits", Schema: spendLimitsSchema, Use: UpdateOnly, Nullable: true},
		{Name: "retry_max_attempts", Schema: integer(1, 5), Use: Optional, Nullable: true},
		// The maximum was 5000 in documents of August 2026 and is 60000 since.
		{Name: "retry_delay", Schema: integer(0, 60000), Use: Optional, Nullable: true},
		{Name: "retry_backoff", Schema: enum{"constant", "linear", "exponential"}, Use: Optional, Nullable: true},
		{Name: "store_id", Schema: text{}, Use: Optional, Nullable: true, NullAs: ""},
		{Name: "zdr", Schema: boolean, Use: Optional, Nullable: true, Default: false, NullAs: false},
		{Name: "workers_ai_billing_mode", Schema: enum{"postpaid", "unified"}, Use: Optional, Default: "postpaid"},
	}
	return slices.DeleteFunc(settings, func(f Setting) bool { return f.Name == "byok_only" && quirks[quirk.NoBYOKOnly] })
}

// CreateSchema returns the schema of the body that creates a gateway.
func CreateSchema(quirks quirk.Set) apischema.Schema {
	var members apischema.Object
	for _, f := range Gateway(quirks) {
		if f.Use != UpdateOnly || quirks[quirk.CreateAcceptsAll] {
			members = append(members, f.member(f.Use == Optional || f.Use == UpdateOnly))
		}
	}
	return unknownKeys(quirks, members)
}

// UpdateSchema returns the schema of the body that updates a gateway.
func UpdateSchema(quirks quirk.Set) apischema.Schema {
	var members apischema.Object
	for _, f := range Gateway(quirks) {
		if f.Use != CreateOnly {
			members = append(members, f.member(f.Use != Required))
		}
	}
	return unknownKeys(quirks, members)
}

func (f Setting) member(optional bool) apischema.Member {
	return apischema.Member{Name: f.Name, Schema: f.Schema, Nullable: f.Nullable, Optional: optional}
}
