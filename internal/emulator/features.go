package emulator

// The features of a gateway that are objects of their own. Shapes are
// documented (API documents and SDKs of 2026); answers have the same shape.

var (
	flagOrBlock = oneOf{"FLAG", "BLOCK"}
	textList    = list{item: text{}}
)

// dlpSchema has two shapes: one action for all profiles, or policies.
var dlpSchema = union{
	object{
		{name: "enabled", schema: boolean{}},
		{name: "action", schema: flagOrBlock},
		{name: "profiles", schema: textList},
	},
	object{
		{name: "enabled", schema: boolean{}},
		{name: "policies", schema: list{item: object{
			{name: "id", schema: text{}},
			{name: "action", schema: flagOrBlock},
			{name: "check", schema: list{item: oneOf{"REQUEST", "RESPONSE"}}},
			{name: "enabled", schema: boolean{}},
			{name: "profiles", schema: textList},
		}}},
	},
}

// guardrailsSchema gives every category one action, for prompts and for
// responses. A category that is not named is ignored by the service.
var guardrailsSchema = object{
	{name: "prompt", schema: guardrailCategories()},
	{name: "response", schema: guardrailCategories()},
}

func guardrailCategories() object {
	var categories object
	for _, name := range []string{
		"S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "P1",
	} {
		categories = append(categories, member{name: name, schema: flagOrBlock, optional: true})
	}
	return categories
}

var otelSchema = list{item: object{
	{name: "url", schema: text{url: true}},
	{name: "headers", schema: record{item: text{}}},
	{name: "authorization", schema: text{}, optional: true},
	{name: "content_type", schema: oneOf{"json", "protobuf"}, optional: true, fallback: always("json")},
}}

var stripeSchema = object{
	{name: "authorization", schema: text{}},
	{name: "usage_events", schema: list{item: object{
		{name: "payload", schema: text{}},
	}}},
}

// spendLimitsSchema: limits are US dollars, windows are seconds (observed live
// in the service's error texts), at most 20 rules (documented).
var spendLimitsSchema = object{
	{name: "enabled", schema: boolean{}, optional: true, fallback: always(false)},
	{name: "rules", optional: true, fallback: func() any { return []any{} }, schema: list{max: 20, item: object{
		// A rule without an id gets a new one at every write.
		{name: "id", schema: text{}, optional: true, fallback: func() any { return newRuleID() }},
		{name: "enabled", schema: boolean{}, optional: true, fallback: always(true)},
		{name: "limit", schema: number{min: 0, max: noMax}},
		{name: "limitType", schema: oneOf{"cost"}},
		{name: "window", schema: integer(0, noMax)},
		{name: "technique", schema: oneOf{"fixed", "sliding"}, optional: true, fallback: always("sliding")},
		{name: "metadata", schema: record{item: metadataRule}, optional: true},
		{name: "model", schema: filterRule, optional: true},
		{name: "provider", schema: filterRule, optional: true},
	}}},
}

var filterRule = object{
	{name: "mode", schema: oneOf{"filter"}},
	{name: "values", schema: textList},
}

// metadataRule counts per value of a metadata key, or only some values.
var metadataRule = union{
	object{{name: "mode", schema: oneOf{"partition"}}},
	filterRule,
}

func always(v any) func() any { return func() any { return v } }
