package providerconfig

import (
	"context"
	"regexp"

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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// defaultAlias is the alias that requests use if they name none (documented).
const defaultAlias = "default"

// descriptions are shared by the resource and the data source.
var descriptions = map[string]string{
	"provider_slug": "Name of the provider in AI Gateway, such as `openai`, `anthropic` or `google-ai-studio`; `custom-<slug>` for a custom provider.",
	"alias": "Distinguishes several keys for one provider. Requests select a key with the header `cf-aig-byok-alias`; without it, they use " +
		"`default`.",
	"default_config":    "Whether this is the provider's default key in this gateway.",
	"rate_limit":        "Maximum number of requests that may use this key in one `rate_limit_period`. Null for no limit.",
	"rate_limit_period": "Period of `rate_limit`, in seconds. Null without a limit.",
	"id":                "ID of the provider config, assigned by the service.",
	"secret_id":         "ID of the secret in the Secrets Store that holds the key.",
	"secret_preview":    "Masked key, as the service returns it.",
	"modified_at":       "When the provider config was last changed (RFC 3339, UTC).",
}

// namePattern matches what may be part of the name of a secret, which consists of gateway,
// provider and alias (observed).
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func nameValidators() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(namePattern,
		"must consist of letters, digits, hyphens and underscores: it becomes part of the name of the secret in the Secrets Store, "+
			"{gateway}_{provider}_{alias}, which allows no other characters")}
}

// Schema sets the attributes of the resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replaced := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A key of a provider that a gateway uses for requests that bring no key (BYOK, \"bring your own key\"). The key is " +
			"stored in the Secrets Store of the gateway (`store_id`) as the secret `{gateway}_{provider}_{alias}`.\n\n" +
			"There are two ways to provide the key: `secret_wo`, which is sent to the service and never stored in state or plans (needs Terraform " +
			"1.11 or OpenTofu 1.11), or `secret_id` of a secret that is already in the store.\n\n" +
			"**Requirements.** The gateway must have a `store_id`, and should have `authentication = true`: everyone who may send requests " +
			"through the gateway uses the key. A secret in `secret_id` must have the scope `ai_gateway` and the name above.\n\n" +
			"**Changes.** The API can only replace the key of a provider config. A new `secret_wo_version` sends the key again, in place. Every " +
			"other change deletes the provider config and then creates it again, because a gateway accepts one provider config for each " +
			"provider and alias: do not use `create_before_destroy`. In between, requests have no key. The API does not document whether it " +
			"deletes the secret together with the provider config. If it does not, the creation fails and says so, and you must first delete the " +
			"secret in the Secrets Store.\n\n" +
			"**Waiting.** A new secret is pending in the Secrets Store for some seconds. The creation of a provider config waits until the key can be " +
			"used, for at most one minute; with `max_retries = 0`, it does not wait. If the provider cannot determine the status, it warns.\n\n" +
			"**Deleted secrets.** If the secret is deleted in the Secrets Store, the provider config stays, and requests fail with the error 2040. A " +
			"refresh then warns, and the plan replaces a provider config with `secret_wo`. With `secret_id`, set the ID of a new secret. To " +
			"notice the deletion, a refresh sends one more request for each provider config, which needs the permission *Secrets Store Read*. With a " +
			"token that lacks it, the provider does not notice.\n\n" +
			"**Imports.** The key cannot be read back. With `secret_wo`, the first apply after an import sends the key, which replaces the one in " +
			"the store. With `secret_id`, nothing changes. Generated configuration has `secret_id`, even if the service created the secret. Set " +
			"`secret_wo` instead in that case: a later replacement may delete the secret.\n\n" +
			"The API token needs the account permissions *AI Gateway Read*, *AI Gateway Edit* and *Secrets Store Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("provider config"),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: attributes.GatewayIDDescription + " It must have a `store_id`. Refer to `id` of the resource directly, so that the " +
					"key is stored when the gateway exists. Changing it replaces the provider config.",
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
				CustomType:          wholenumber.Type{},
				MarkdownDescription: descriptions["rate_limit"] + " At least 1. Changing it replaces the provider config.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, validate.MaxExact)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplace()},
			},
			"rate_limit_period": schema.Int64Attribute{
				CustomType: wholenumber.Type{},
				MarkdownDescription: descriptions["rate_limit_period"] + " At least 1. Requires `rate_limit`. Default: `60`, set by the service. " +
					"Changing it replaces the provider config.",
				Optional:      true,
				Computed:      true,
				Validators:    []validator.Int64{int64validator.Between(1, validate.MaxExact), int64validator.AlsoRequires(path.MatchRoot("rate_limit"))},
				PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown(), int64planmodifier.RequiresReplaceIfConfigured()},
			},
			"secret_wo": schema.StringAttribute{
				MarkdownDescription: "Key of the provider. Write-only: it is not stored in state or plans, so a new key is sent only when " +
					"`secret_wo_version` changes. Exactly one of `secret_wo` and `secret_id` must be set.",
				Optional:  true,
				Sensitive: true,
				WriteOnly: true,
			},
			"secret_wo_version": schema.NumberAttribute{
				MarkdownDescription: "Any number. Change it together with `secret_wo` to rotate the key.",
				Optional:            true,
			},
			"secret_id": schema.StringAttribute{
				MarkdownDescription: descriptions["secret_id"] + " Set it to use an existing secret. Otherwise it is the secret that the service created " +
					"for `secret_wo`. Changing it replaces the provider config.",
				Optional:      true,
				Computed:      true,
				Validators:    validate.ServerID("a secret"),
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()},
			},
			"id":             attributes.Kept(descriptions["id"]),
			"secret_preview": attributes.ResourceComputed(descriptions["secret_preview"]),
			"modified_at":    attributes.ResourceComputedTime(descriptions["modified_at"]),
		},
	}
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InGatewaySchema("ID of the provider config, assigned by the service.")
}
