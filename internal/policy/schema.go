package policy

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// beta opens the pages of everything about policies.
const beta = "**Beta.** Cloudflare has policies in beta: their API may change, and accounts may not have them yet.\n\n"

const (
	readPermission = "The API token needs the account permission *AI Gateway Read*."
	editPermission = "The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*."
)

// descriptions are shared by the resource and the data sources.
var descriptions = map[string]string{
	"name": "Name of the policy, by which simulations tell policies apart.",
	"actor": "Who the policy is about, and which budget matching requests share: any string, such as `company:all`. Fields in braces are replaced " +
		"by those of the request, so that `user:{cf.user.id}` is a budget for each user: `cf.user.id`, `cf.user.email`, `cf.user.groups`, " +
		"`cf.custom.<claim>`, `cf.country` and `metadata.<key>`. If a request lacks a field, a `block` or `allowlist` policy blocks it, and other " +
		"policies do not apply.",
	"models": "Models that the policy covers, such as `openai/gpt-5.5` or `openai/gpt-*`. `*` does not match across `/`. Empty or null covers all models.",
	"providers": "Providers that the policy covers, such as `anthropic`, without wildcards. Empty or null covers all providers. With `models`, " +
		"both have to match.",
	"condition": "Expression in [CEL](https://cel.dev) that returns a boolean and says when the policy applies, such as `\"interns\" in " +
		"cf.user.groups`. It can use the fields that `actor` can. The service checks its syntax.",
	"action": "What happens to a matching request: `block` refuses it, `allowlist` refuses every request that is *not* for these models and " +
		"providers, `unlimited` allows it and lifts the budget of the same actor and models, and `budget` allows it until the budget is spent.",
	"budget":     "Money that may be spent. Required with the action `budget`, and only allowed with it.",
	"amount":     "US dollars for each period, greater than 0. The service estimates costs, and counts a request after it has completed.",
	"period":     "`hourly`, `daily`, `weekly` (from Monday) or `monthly`: calendar periods in UTC.",
	"committed":  "Whether the policy is in force. `false` is a draft that was never put in force.",
	"id":         "ID of the policy, a UUID that the service assigns.",
	"created_at": "When the policy was created (RFC 3339, UTC).",
	"updated_at": "When the policy was last changed (RFC 3339, UTC).",
}

var (
	actions = []string{string(policies.Block), string(policies.Allowlist), string(policies.Unlimited), string(policies.Budget)}
	periods = []string{"hourly", "daily", "weekly", "monthly"}

	withoutWildcard = regexp.MustCompile(`^[^*]*$`)
)

// Schema sets the attributes of the resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A policy of a gateway: who may use which models, under which condition, and for how much money.\n\n" + beta +
			"**The first policy denies the rest.** A gateway without policies allows every request. From the first policy on, a request that no " +
			"policy matches is refused with 403. Start with a policy that matches everything, and let the others `depends_on` it, as in the " +
			"example. The plan warns about a policy that does not match everything if the gateway has no policy yet.\n\n" +
			"**How policies combine.** The order of policies does not matter. A `block` or `allowlist` policy that refuses the request decides, " +
			"whatever the others say. The `budget` and `unlimited` policies that match are grouped by actor and models. Within a group, `unlimited` " +
			"lifts the budget, and of several amounts for one period the highest counts. A request must be within the budget of every group, or it " +
			"is refused with 429. Responses from the cache are not checked. If the service cannot evaluate policies, it allows the request.\n\n" +
			"**Drafts.** The provider puts its changes in force at once, and never uses the endpoint that commits all drafts of a gateway, " +
			"because these may be the drafts of others. If somebody made a draft of this policy, the provider warns, and the plan shows no " +
			"difference. The next change of the policy by Terraform replaces the draft. A policy that was never put in force cannot be changed, so it is replaced.\n\n" +
			"Changes can take up to 15 minutes to be in force everywhere. The data source `aigateway_policy_simulation` tests policies " +
			"without requests to models.\n\n" + editPermission,
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("policy"),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: attributes.GatewayIDDescription + " Changing it replaces the policy.",
				Required:            true,
				Validators:          validate.GatewayName(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"] + " The service accepts several policies of one name in a gateway; the provider does not " +
					"create a second one.",
				Required:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"actor": schema.StringAttribute{
				MarkdownDescription: descriptions["actor"],
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"models": namesAttribute("models", stringvalidator.LengthAtLeast(1)),
			"providers": namesAttribute("providers", stringvalidator.LengthAtLeast(1),
				stringvalidator.RegexMatches(withoutWildcard, "must not contain *: the service has wildcards for models only")),
			"condition": schema.StringAttribute{
				MarkdownDescription: descriptions["condition"] + " Default: `true`.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(always),
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"action": schema.StringAttribute{
				MarkdownDescription: descriptions["action"],
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(actions...)},
			},
			"budget": schema.SingleNestedAttribute{
				MarkdownDescription: descriptions["budget"],
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"amount": schema.Float64Attribute{
						MarkdownDescription: descriptions["amount"],
						Required:            true,
						Validators:          []validator.Float64{positive{}, float64validator.AtMost(validate.MaxExact)},
					},
					"period": schema.StringAttribute{
						MarkdownDescription: descriptions["period"],
						Required:            true,
						Validators:          []validator.String{stringvalidator.OneOf(periods...)},
					},
				},
			},
			"committed": schema.BoolAttribute{
				MarkdownDescription: descriptions["committed"] + " The next apply replaces it.",
				Computed:            true,
			},
			"id":         attributes.Kept(descriptions["id"]),
			"created_at": attributes.KeptTime(descriptions["created_at"]),
			"updated_at": attributes.ResourceComputedTime(descriptions["updated_at"]),
		},
	}
}

// always is the condition that every request meets.
const always = "true"

func namesAttribute(name string, validators ...validator.String) schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: descriptions[name],
		Optional:            true,
		ElementType:         types.StringType,
		Validators: []validator.List{
			listvalidator.NoNullValues(),
			listvalidator.UniqueValues(),
			listvalidator.ValueStringsAre(validators...),
		},
	}
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InGatewaySchema("ID of the policy, a UUID.")
}
