package settings

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
)

// The settings of a gateway that are objects. Shapes are documented (API documents
// and SDKs of 2026). Responses have the same shape.

var (
	boolean     = apischema.Boolean{}
	text        = apischema.String{}
	textList    = apischema.List{Item: text}
	flagOrBlock = apischema.Enum{"FLAG", "BLOCK"}
)

// dlpSchema has two shapes: one action for all profiles, or policies.
var dlpSchema = apischema.Union{
	apischema.Object{
		{Name: "enabled", Schema: boolean},
		{Name: "action", Schema: flagOrBlock},
		{Name: "profiles", Schema: textList},
	},
	apischema.Object{
		{Name: "enabled", Schema: boolean},
		{Name: "policies", Schema: apischema.List{Item: apischema.Object{
			{Name: "id", Schema: text},
			{Name: "action", Schema: flagOrBlock},
			{Name: "check", Schema: apischema.List{Item: apischema.Enum{"REQUEST", "RESPONSE"}}},
			{Name: "enabled", Schema: boolean},
			{Name: "profiles", Schema: textList},
		}}},
	},
}

// guardrailsSchema has one action for each category of prompts and responses. The
// service ignores categories that are not named.
var guardrailsSchema = apischema.Object{
	{Name: "prompt", Schema: guardrailCategories()},
	{Name: "response", Schema: guardrailCategories()},
}

func guardrailCategories() apischema.Object {
	var categories apischema.Object
	for _, name := range []string{
		"S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "P1",
	} {
		categories = append(categories, apischema.Member{Name: name, Schema: flagOrBlock, Optional: true})
	}
	return categories
}

var otelSchema = apischema.List{Item: apischema.Object{
	{Name: "url", Schema: apischema.String{URL: true}},
	{Name: "headers", Schema: apischema.Map{Item: text}},
	{Name: "authorization", Schema: text, Optional: true},
	{Name: "content_type", Schema: apischema.Enum{"json", "protobuf"}, Optional: true, Default: apischema.Always("json")},
}}

var stripeSchema = apischema.Object{
	{Name: "authorization", Schema: text},
	{Name: "usage_events", Schema: apischema.List{Item: apischema.Object{
		{Name: "payload", Schema: text},
	}}},
}

// spendLimitsSchema has limits in US dollars and windows in seconds (observed live
// in the service's error texts), and at most 20 rules (documented).
var spendLimitsSchema = apischema.Object{
	{Name: "enabled", Schema: boolean, Optional: true, Default: apischema.Always(false)},
	{Name: "rules", Optional: true, Default: func() any { return []any{} }, Schema: apischema.List{Max: 20, Item: apischema.Object{
		// A rule without an id gets a new one with every write.
		{Name: "id", Schema: text, Optional: true, Default: func() any { return newRuleID() }},
		{Name: "enabled", Schema: boolean, Optional: true, Default: apischema.Always(true)},
		{Name: "limit", Schema: apischema.Number{Min: 0, Max: apischema.NoMax}},
		{Name: "limitType", Schema: apischema.Enum{"cost"}},
		{Name: "window", Schema: apischema.Integer(0, apischema.NoMax)},
		{Name: "technique", Schema: apischema.Enum{"fixed", "sliding"}, Optional: true, Default: apischema.Always("sliding")},
		{Name: "metadata", Schema: apischema.Map{Item: dimension}, Optional: true},
		{Name: "model", Schema: dimension, Optional: true},
		{Name: "provider", Schema: dimension, Optional: true},
	}}},
}

var filterRule = apischema.Object{
	{Name: "mode", Schema: apischema.Enum{"filter"}},
	{Name: "values", Schema: textList},
}

// dimension has a budget for each value of a metadata key, of the models or of the
// providers, or counts only some values. The documentation has both for all three; the
// word for a budget of each model or provider is inferred from metadata.
var dimension = apischema.Union{
	apischema.Object{{Name: "mode", Schema: apischema.Enum{"partition"}}},
	filterRule,
}

// newRuleID returns an id as the service gives it to a spend limit rule without one:
// eight hexadecimal digits (observed live).
func newRuleID() string {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
