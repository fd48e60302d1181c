package providerconfig

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// defaultAlias is the alias of requests that name none (documented).
const defaultAlias = "default"

// Descriptions that resource and data source share, by attribute.
var descriptions = map[string]string{
	"gateway_id":    "Id of the gateway, which is its name.",
	"provider_slug": "The gateway's name for the provider, such as `openai`, `anthropic` or `google-ai-studio`; `custom-<slug>` for a custom provider.",
	"alias": "Tells several keys for one provider apart: requests choose one by the header `cf-aig-byok-alias`, and without it use " +
		"`default`.",
	"default_config":    "Whether this is the provider's default key in this gateway.",
	"rate_limit":        "How many requests may use this key in one `rate_limit_period`; null for no limit.",
	"rate_limit_period": "The period of `rate_limit`, in seconds; null without a limit.",
	"id":                "Id of the provider config, chosen by the service.",
	"secret_id":         "Id of the secret in the Secrets Store that holds the key.",
	"secret_preview":    "Masked form of the key, as the service shows it.",
	"modified_at":       "When the provider config was last changed (RFC 3339, UTC).",
}

// namePattern is what may be part of a secret's name, which is made of gateway,
// provider and alias (observed).
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func nameValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(namePattern,
		"must consist of letters, digits, hyphens and underscores, without a dot: it becomes a part of the secret's name in the Secrets "+
			"Store, {gateway}_{provider}_{alias}, which allows no others")}
}

func (r *configResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replaced := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A provider's key that a gateway uses for requests which bring none (BYOK, \"bring your own key\"). The key lives in " +
			"the Secrets Store that the gateway names (`store_id`), under the name `{gateway}_{provider}_{alias}`.\n\n" +
			"The key is given in one of two ways: as `secret_wo`, which is sent and never stored in state or plans (it needs Terraform 1.11 or " +
			"OpenTofu 1.11), or as `secret_id` of a secret that is in the store already.\n\n" +
			"**What the service demands.** The gateway must have a `store_id`, and should have `authentication = true`: the key is used for " +
			"whoever may send requests through the gateway. A secret given by `secret_id` must have the scope `ai_gateway` and the name above.\n\n" +
			"**Changes.** The API can replace the key of a provider config and nothing else. A new `secret_wo_version` sends the key anew, in " +
			"place; every other change deletes the provider config and creates it again, in this order, since a gateway takes one for each " +
			"provider and alias: do not use `create_before_destroy`. Meanwhile requests have no key. Whether the service deletes the secret together with the provider " +
			"config is not documented: if it does not, creating it again says so, and the secret must be deleted in the Secrets Store first.\n\n" +
			"**Waiting.** A new secret is pending for some seconds in the Secrets Store. A new provider config waits until its key can be used, for a " +
			"minute at most and not with `max_retries = 0`; where it cannot tell, it warns.\n\n" +
			"**Imports.** The key cannot be read back. With `secret_wo`, the first apply after an import sends the key, which replaces the one in " +
			"the store; with `secret_id`, nothing changes. A configuration that the CLI writes has `secret_id`, also where the service made the " +
			"secret: better set `secret_wo` instead, since a later replacement may delete that secret.\n\n" +
			"The API token needs the account permissions *AI Gateway Read*, *AI Gateway Edit* and *Secrets Store Write*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("provider config"),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: descriptions["gateway_id"] + " It must have a `store_id`. Refer to `id` of the resource directly, so that the " +
					"key is stored after its gateway exists. Changing it replaces the provider config.",
				Required:      true,
				Validators:    validate.GatewayName(),
				PlanModifiers: replaced,
			},
			"provider_slug": schema.StringAttribute{
				MarkdownDescription: descriptions["provider_slug"] + " Letters, digits, hyphens and underscores. Changing it replaces the provider config.",
				Required:            true,
				Validators:          nameValidators(),
				PlanModifiers:       replaced,
			},
			"alias": schema.StringAttribute{
				MarkdownDescription: descriptions["alias"] + " Letters, digits, hyphens and underscores. Default: `default`. Changing it replaces the " +
					"provider config.",
				Optional:      true,
				Computed:      true,
				Default:       stringdefault.StaticString(defaultAlias),
				Validators:    nameValidators(),
				PlanModifiers: replaced,
			},
			"default_config": schema.BoolAttribute{
				MarkdownDescription: descriptions["default_config"] + " Default: `false`. Changing it replaces the provider config.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.RequiresReplace()},
			},
			"rate_limit": schema.Int64Attribute{
				MarkdownDescription: descriptions["rate_limit"] + " At least 1. Changing it replaces the provider config.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, validate.MaxExact)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplace()},
			},
			"rate_limit_period": schema.Int64Attribute{
				MarkdownDescription: descriptions["rate_limit_period"] + " At least 1. Needs `rate_limit`. Default: the service's, which is 60. " +
					"Changing it replaces the provider config.",
				Optional:      true,
				Computed:      true,
				Validators:    []validator.Int64{int64validator.Between(1, validate.MaxExact), int64validator.AlsoRequires(path.MatchRoot("rate_limit"))},
				PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown(), int64planmodifier.RequiresReplaceIfConfigured()},
			},
			"secret_wo": schema.StringAttribute{
				MarkdownDescription: "The provider's key. Write-only: neither state nor plans have it, so a new key is sent only when " +
					"`secret_wo_version` changes. Exactly one of `secret_wo` and `secret_id` must be set.",
				Optional:  true,
				Sensitive: true,
				WriteOnly: true,
			},
			"secret_wo_version": schema.NumberAttribute{
				MarkdownDescription: "Any number that belongs to the value of `secret_wo`: change both together to rotate the key.",
				Optional:            true,
			},
			"secret_id": schema.StringAttribute{
				MarkdownDescription: descriptions["secret_id"] + " Set it to use a secret that is there already; otherwise it is the one that the " +
					"service made of `secret_wo`. Setting another one replaces the provider config.",
				Optional:      true,
				Computed:      true,
				Validators:    validate.ServerID("a secret"),
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"id":             attributes.Kept(descriptions["id"]),
			"secret_preview": schema.StringAttribute{MarkdownDescription: descriptions["secret_preview"], Computed: true},
			"modified_at": schema.StringAttribute{
				MarkdownDescription: descriptions["modified_at"],
				Computed:            true,
				CustomType:          timetypes.RFC3339Type{},
			},
		},
	}
}

func (r *configResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InGatewaySchema("Id of the provider config, as the service chose it.")
}
