package gateway

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
)

// descriptions holds what resource and data sources say about the attributes
// that are not in the table [scalars].
var descriptions = map[string]string{
	"account_id":      attributes.AccountDescription,
	"name":            "Name of the gateway; the API's `id`.",
	"guardrails":      "Which content is flagged or blocked.",
	"dlp":             "Data loss prevention: which data in requests and responses is flagged or blocked.",
	"otel":            "Receivers of OpenTelemetry traces of requests.",
	"spend_limits":    "Budgets: requests beyond them are refused with status 429.",
	"stripe":          "Reports usage to Stripe.",
	"id":              "ID of the gateway, which is its name. Refer to this attribute from resources that need the gateway to exist.",
	"slug":            "The API's `slug`, which equals `id`.",
	"is_default":      "Whether requests that name no gateway use this one.",
	"created_at":      "When the gateway was created (RFC 3339, UTC).",
	"modified_at":     "When the gateway was last changed (RFC 3339, UTC).",
	"gateway_url":     "Base URL of the gateway, to which a request appends the provider's name and the provider's own path.",
	"compat_base_url": "Base URL for OpenAI SDKs: `gateway_url` followed by `/compat`.",
}

func resourceSchema() schema.Schema {
	all := map[string]schema.Attribute{
		"account_id": attributes.ResourceAccount("gateway"),
		"name": schema.StringAttribute{
			MarkdownDescription: descriptions["name"] + " 1 to 64 lower-case letters, digits and underscores, in groups joined by " +
				"single hyphens, which the plan checks. Changing it replaces the gateway.",
			Required: true,
			// The plan checks the pattern, since only then is the wire format known.
			Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"id":   attributes.Kept(descriptions["id"]),
		"slug": attributes.Kept(descriptions["slug"]),
		"is_default": schema.BoolAttribute{
			MarkdownDescription: descriptions["is_default"],
			Computed:            true,
			PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"created_at": attributes.KeptTime(descriptions["created_at"]),
		"modified_at": schema.StringAttribute{
			MarkdownDescription: descriptions["modified_at"],
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"gateway_url":     schema.StringAttribute{MarkdownDescription: descriptions["gateway_url"], Computed: true},
		"compat_base_url": schema.StringAttribute{MarkdownDescription: descriptions["compat_base_url"], Computed: true},
	}
	for _, s := range scalars {
		all[s.attributeName()] = s.resourceAttribute()
	}
	maps.Copy(all, featureSchemas())
	return schema.Schema{
		MarkdownDescription: "A gateway of Cloudflare AI Gateway. Requests to models pass through it, with its caching, " +
			"rate limiting, logging and authentication.\n\n" +
			"**Unset means not managed here.** A setting that the configuration omits gets its default when the gateway is " +
			"created. Afterwards it keeps the value that the service has, even if it is changed in the dashboard or removed from the " +
			"configuration. The features `guardrails`, `dlp`, `otel`, `spend_limits` and `stripe` are different: " +
			"unset means off, so a feature that was switched on elsewhere shows as drift, and removing the attribute switches it off.\n\n" +
			"Settings that this version of the provider does not know are kept as well: an update reads the gateway first and sends them back. " +
			"If the service does not accept them, a warning names them.\n\n" +
			"A gateway is created with `authentication = true` unless the configuration says otherwise, as in the dashboard: " +
			"a gateway without it forwards anybody's requests, and where provider keys are stored, pays for them with those keys.\n\n" +
			"~> **Note:** Destroying a gateway deletes what is in it, such as its logs, dynamic routes and provider configs. So does a change of `name` or `account_id`, which replaces the gateway.\n\n" +
			"~> **Note:** Terraform and OpenTofu silently ignore unknown keys inside an object, so a misspelled key has no effect. " +
			"That applies to the attributes of `dlp`, `otel`, `stripe` and of each spend rule: check in the plan that every " +
			"attribute you wrote appears. The keys of `guardrails.prompt`, `guardrails.response` and `dimensions` are checked.\n\n" +
			"The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: all,
	}
}

func featureSchemas() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"guardrails":   guardrailsSchema(),
		"dlp":          dlpSchema(),
		"otel":         otelSchema(),
		"spend_limits": spendLimitsSchema(),
		"stripe":       stripeSchema(),
	}
}

// dataSourceAttributes returns a gateway's attributes in a data source. With
// readOnly they are those of a list; otherwise account and name are arguments.
func dataSourceAttributes(readOnly bool) map[string]datasource.Attribute {
	all := map[string]datasource.Attribute{
		"is_default": datasource.BoolAttribute{MarkdownDescription: descriptions["is_default"], Computed: true},
	}
	for _, name := range []string{"account_id", "name", "id", "slug", "gateway_url", "compat_base_url"} {
		all[name] = datasource.StringAttribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	for _, name := range []string{"created_at", "modified_at"} {
		all[name] = datasource.StringAttribute{MarkdownDescription: descriptions[name], Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	for _, s := range scalars {
		all[s.attributeName()] = s.dataSourceAttribute()
	}
	for name, feature := range featureSchemas() {
		all[name] = readOnlyFeature(name, feature)
	}
	if !readOnly {
		all["account_id"] = attributes.Account()
		all["name"] = datasource.StringAttribute{
			MarkdownDescription: descriptions["name"],
			Required:            true,
			// The pattern is checked when the data source is read and the wire format is known.
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	return all
}

// readOnlyFeature returns a feature's attribute in a data source: computed, without
// secrets and with the description that both share.
func readOnlyFeature(name string, of schema.Attribute) datasource.Attribute {
	switch a := attributes.ReadOnly(of).(type) {
	case datasource.SingleNestedAttribute:
		a.MarkdownDescription = descriptions[name]
		return a
	case datasource.ListNestedAttribute:
		a.MarkdownDescription = descriptions[name]
		return a
	default:
		return a
	}
}
