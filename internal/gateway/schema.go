package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// maxCacheTTL is a month of 30 days in seconds. The API's schema has no bound;
// the documented limit of caching is one month.
const maxCacheTTL = 30 * 24 * 60 * 60

// Bounds of the API's schema.
const (
	minLogs, maxLogs           = 10_000, 10_000_000
	minKeyLength, maxKeyLength = 16, 1024
	maxAttempts                = 5
)

// Descriptions that resource and data sources share, by attribute. What the
// resource adds about defaults and rules is in its schema.
var descriptions = map[string]string{
	"account_id":                 attributes.AccountDescription,
	"name":                       "Name of the gateway; the API's `id`.",
	"cache_enabled":              "Whether answers are cached. On the wire, caching is on when the API's `cache_ttl` is above 0.",
	"cache_ttl":                  "How long an answer is cached, in seconds.",
	"rate_limiting_enabled":      "Whether requests are limited. On the wire, rate limiting is on when limit and interval are above 0.",
	"rate_limiting_limit":        "How many requests are let through in one interval.",
	"rate_limiting_interval":     "The interval of rate limiting, in seconds.",
	"rate_limiting_technique":    "`fixed`: intervals follow each other by the clock. `sliding`: the interval is always the last seconds.",
	"log_enabled":                "Whether requests are logged; the API's `collect_logs`.",
	"authentication":             "Whether a request must carry a Cloudflare API token with the permission *AI Gateway Run*.",
	"cache_invalidate_on_update": "The API's field of this name. What it does is not documented.",
	"log_management":             "How many logs are kept: 10000 to 10000000.",
	"log_management_strategy":    "What happens when that many logs are kept: `STOP_INSERTING` records no more (requests are still served), `DELETE_OLDEST` makes room.",
	"log_classification":         "Whether logs are classified (beta). Needs `log_enabled`.",
	"logpush":                    "Whether logs are handed to Logpush, which needs logs and a paid Workers plan.",
	"logpush_public_key":         "RSA public key in PEM, of 16 to 1024 characters, with which logs for Logpush are encrypted; empty when there is none.",
	"retry_max_attempts":         "How often a request to a provider is tried: 1 to 5; 0 when the service decides.",
	"retry_delay":                "Pause between these tries, in milliseconds; 0 when the service decides.",
	"retry_backoff":              "How that pause grows: `constant`, `linear` or `exponential`; empty when the service decides.",
	"store_id":                   "Id of the Secrets Store that holds the keys of providers, which `aigateway_secrets_stores` lists; empty when there is none.",
	"zdr":                        "Zero data retention, for requests to OpenAI and Anthropic with Unified Billing.",
	"byok_only":                  "Whether requests need a provider's key of your own, so that none falls back to Unified Billing.",
	"workers_ai_billing_mode":    "How Workers AI is billed: `postpaid` or `unified`.",
	"guardrails":                 "Which content is flagged or blocked.",
	"dlp":                        "Data loss prevention: which data in requests and responses is flagged or blocked.",
	"otel":                       "Receivers of OpenTelemetry traces of requests.",
	"spend_limits":               "Budgets: requests beyond them are refused with status 429.",
	"stripe":                     "Reports usage to Stripe.",
	"id":                         "Id of the gateway, by which the API addresses it. Refer to this attribute from whatever needs the gateway to exist.",
	"slug":                       "URL-friendly name: the id.",
	"is_default":                 "Whether this is the gateway that takes requests which name none.",
	"created_at":                 "When the gateway was created (RFC 3339, UTC).",
	"modified_at":                "When the gateway was last changed (RFC 3339, UTC).",
	"gateway_url":                "Address of the gateway, to which a provider's name and native path are appended.",
	"compat_base_url":            "Base URL for OpenAI SDKs: `gateway_url` with `/compat`.",
}

func (r *gatewayResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A gateway of Cloudflare AI Gateway: the place that requests to models pass through, with its caching, " +
			"rate limiting, logging and authentication.\n\n" +
			"**Unset means not managed here.** A setting that the configuration does not name gets its default when the gateway is " +
			"created, and afterwards stays whatever the service has, also when it is changed in the dashboard or when it is removed " +
			"from the configuration. The features `guardrails`, `dlp`, `otel`, `spend_limits` and `stripe` are different: " +
			"unset means off, so what is switched on elsewhere shows as a difference, and removing the attribute switches it off.\n\n" +
			"A gateway is created with `authentication = true` unless the configuration says otherwise, as the dashboard does: " +
			"a gateway without it forwards anybody's requests, and where provider keys are stored, pays for them with those keys.\n\n" +
			"~> **Destroying a gateway deletes its logs.** So does a change of `name` or `account_id`, which replaces it.\n\n" +
			"The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("gateway"),
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"] + " 1 to 64 lower-case letters, digits and underscores, in groups joined by " +
					"single hyphens, which the plan checks. Changing it replaces the gateway.",
				Required: true,
				// The pattern is checked in the plan, when the wire format is known.
				Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"cache_enabled": schema.BoolAttribute{
				MarkdownDescription: descriptions["cache_enabled"] + " Default at creation: `false`. When only `cache_ttl` is set, " +
					"caching is on exactly if that is above 0.",
				Optional: true,
				Computed: true,
			},
			"cache_ttl": schema.Int64Attribute{
				MarkdownDescription: descriptions["cache_ttl"] + " 0 to 2592000 (30 days). Must be above 0, here or already in the gateway, " +
					"when `cache_enabled = true`. With `cache_enabled = false` it is kept for later, in state alone.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.Int64{int64validator.Between(0, maxCacheTTL)},
			},
			"rate_limiting_enabled": schema.BoolAttribute{
				MarkdownDescription: descriptions["rate_limiting_enabled"] + " Default at creation: `false`. When only limit and interval " +
					"are set, rate limiting is on exactly if both are above 0.",
				Optional: true,
				Computed: true,
			},
			"rate_limiting_limit": schema.Int64Attribute{
				MarkdownDescription: descriptions["rate_limiting_limit"] + " Goes with `rate_limiting_interval`. Must be above 0, here or " +
					"already in the gateway, when `rate_limiting_enabled = true`. With `rate_limiting_enabled = false` it is kept for later, in state alone.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"rate_limiting_interval": schema.Int64Attribute{
				MarkdownDescription: descriptions["rate_limiting_interval"] + " Goes with `rate_limiting_limit`, whose rules apply.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"rate_limiting_technique": schema.StringAttribute{
				MarkdownDescription: descriptions["rate_limiting_technique"] + " Default at creation: the service's, which is `fixed`.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.OneOf("fixed", "sliding")},
			},
			"log_enabled": schema.BoolAttribute{
				MarkdownDescription: descriptions["log_enabled"] + " Default at creation: `true`.",
				Optional:            true,
				Computed:            true,
			},
			"authentication": schema.BoolAttribute{
				MarkdownDescription: descriptions["authentication"] + " Default at creation: `true`, as in the dashboard (the API alone would " +
					"choose `false`).",
				Optional: true,
				Computed: true,
			},
			"cache_invalidate_on_update": schema.BoolAttribute{
				MarkdownDescription: descriptions["cache_invalidate_on_update"] + " Default at creation: `false`.",
				Optional:            true,
				Computed:            true,
			},
			"log_management": schema.Int64Attribute{
				MarkdownDescription: descriptions["log_management"] + " Default at creation: the service's, by the account's plan.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Int64{int64validator.Between(minLogs, maxLogs)},
			},
			"log_management_strategy": serviceString("log_management_strategy", ", by the account's plan", "STOP_INSERTING", "DELETE_OLDEST"),
			"log_classification": schema.BoolAttribute{
				MarkdownDescription: descriptions["log_classification"] + " Default at creation: the service's, which is `false`. " +
					"The service switches it off together with `log_enabled`.",
				Optional: true,
				Computed: true,
			},
			"logpush": serviceBool("logpush"),
			"logpush_public_key": schema.StringAttribute{
				MarkdownDescription: descriptions["logpush_public_key"] + " Set it to an empty text to remove a key.",
				Optional:            true,
				Computed:            true,
				Validators: []validator.String{stringvalidator.Any(
					stringvalidator.OneOf(""), stringvalidator.LengthBetween(minKeyLength, maxKeyLength),
				)},
			},
			"retry_max_attempts": schema.Int64Attribute{
				MarkdownDescription: descriptions["retry_max_attempts"],
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Int64{int64validator.Between(0, maxAttempts)},
			},
			"retry_delay": schema.Int64Attribute{
				MarkdownDescription: descriptions["retry_delay"] + " The upper bound differs between versions of the API: 5000 or 60000.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"retry_backoff": schema.StringAttribute{
				MarkdownDescription: descriptions["retry_backoff"],
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.OneOf("", "constant", "linear", "exponential")},
			},
			"store_id": schema.StringAttribute{
				MarkdownDescription: descriptions["store_id"] + " Set it to an empty text to detach the store.",
				Optional:            true,
				Computed:            true,
			},
			"zdr":                     serviceBool("zdr"),
			"byok_only":               serviceBool("byok_only"),
			"workers_ai_billing_mode": serviceString("workers_ai_billing_mode", ", which is `postpaid`", "postpaid", "unified"),
			"guardrails":              guardrailsSchema(),
			"dlp":                     dlpSchema(),
			"otel":                    otelSchema(),
			"spend_limits":            spendLimitsSchema(),
			"stripe":                  stripeSchema(),
			"id":                      attributes.Kept(descriptions["id"]),
			"slug":                    attributes.Kept(descriptions["slug"]),
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
		},
	}
}

// serviceBool is a switch of which the service knows the default: false.
func serviceBool(name string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: descriptions[name] + " Default at creation: the service's, which is `false`.",
		Optional:            true,
		Computed:            true,
	}
}

// serviceString is a choice of which the service knows the default.
func serviceString(name, which string, choices ...string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: descriptions[name] + " Default at creation: the service's" + which + ".",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{stringvalidator.OneOf(choices...)},
	}
}

func (r *gatewayResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InAccountSchema("Id of the gateway, which is its name.")
}
