package customdomain

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// beta begins the descriptions of the resource and the data sources.
const beta = "**Beta.** Cloudflare is rolling custom domains out gradually, and documents that the API's \"contract is still being finalized\". " +
	"An account that does not have them yet gets an error. A later version of this provider may have to change with the API.\n\n"

// descriptions are shared by the resource and the data sources.
var descriptions = map[string]string{
	"hostname": "Hostname of the custom domain, such as `ai.example.com`: in lower case, without scheme, port, path and wildcard.",
	"status": "Status of the custom domain. `pending_dcv` until the service has validated the hostname, which needs the DNS record. The other " +
		"values are not documented. It changes outside Terraform; the next refresh shows it.",
	"cname_target": "Content of the DNS record that the hostname needs, a proxied CNAME record.",
	"created_at":   "When the custom domain was created (RFC 3339, UTC).",
	"modified_at":  "When the custom domain was last changed (RFC 3339, UTC).",
}

// maxLength is what the client accepts in the path of a request. DNS allows 253.
const maxLength = 128

var (
	hostnamePattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	zonePattern     = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

func hostnameValidators() []validator.String {
	return []validator.String{
		stringvalidator.LengthAtMost(maxLength),
		stringvalidator.RegexMatches(hostnamePattern,
			"must be a hostname in lower case, such as \"ai.example.com\": without scheme, port, path, wildcard and final dot. "+
				"Write international names in their ASCII form (xn--…)"),
	}
}

// replaceIfKnown replaces the domain if another value than the known one is configured.
// The service does not return these values, so an imported domain has none: the
// configured value is then taken over in place.
func replaceIfKnown() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.StateValue.IsNull()
		},
		"Replaces the custom domain if another value is known.", "Replaces the custom domain if another value is known.")
}

// Schema sets the attributes of the resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replaced := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	resp.Schema = schema.Schema{
		MarkdownDescription: beta +
			"A custom domain: a hostname of yours that stands for an account and a gateway in the URLs of requests. Requests to " +
			"`https://<hostname>/compat/chat/completions` and `https://<hostname>/openai/v1/…` go through the gateway. The REST API is not " +
			"available on custom domains.\n\n" +
			"**DNS record.** The API does not create the DNS record. Create a proxied CNAME record from the hostname to `cname_target` in the " +
			"zone. Until then, `status` is `pending_dcv`. This resource does not wait for the record, because the record needs `cname_target` " +
			"first.\n\n" +
			"**Access.** Put a Cloudflare Access application in front of the hostname, so that users authenticate with your identity provider. " +
			"A valid Access JWT is then the credential of a request in place of the gateway's token, and the service adds the user's ID to the " +
			"metadata of the request as `cf.user_id`.\n\n" +
			"**Changes.** The API cannot change a custom domain. Every change deletes it and then creates it again; in between, requests to the " +
			"hostname fail. The new domain may have another `cname_target`. Do not use `create_before_destroy`: a hostname has one custom domain.\n\n" +
			"**Imports.** The API does not return `zone_id` and `min_tls`, so both are null after an import. The first apply with a configuration " +
			"that sets them records the values without a request, and does not check them: use those that the domain was created with.\n\n" +
			"The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*. Cloudflare does not document whether it needs " +
			"a permission for the zone.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("custom domain"),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: attributes.GatewayIDDescription + " Refer to `id` of the resource directly, so that the custom domain is created " +
					"when the gateway exists. Changing it replaces the custom domain.",
				Required:      true,
				Validators:    validate.GatewayName(),
				PlanModifiers: replaced,
			},
			"hostname": schema.StringAttribute{
				MarkdownDescription: descriptions["hostname"] + " Changing it replaces the custom domain.",
				Required:            true,
				Validators:          hostnameValidators(),
				PlanModifiers:       replaced,
			},
			"zone_id": schema.StringAttribute{
				MarkdownDescription: "ID of the Cloudflare zone that the hostname belongs to (32 hexadecimal digits). Required to create the custom " +
					"domain; without it, an imported domain stays as it is. Changing it replaces the custom domain.",
				Optional: true,
				Computed: true,
				Validators: []validator.String{stringvalidator.RegexMatches(zonePattern,
					"must be a zone ID: 32 hexadecimal digits in lower case, as the overview of the domain shows in the dashboard")},
				PlanModifiers: []planmodifier.String{replaceIfKnown()},
			},
			"min_tls": schema.StringAttribute{
				MarkdownDescription: "Lowest version of TLS that clients may use: `1.0`, `1.1`, `1.2` or `1.3`. Default: set by the service. Changing it " +
					"replaces the custom domain; removing it keeps the domain as it is.",
				Optional:      true,
				Computed:      true,
				Validators:    []validator.String{stringvalidator.OneOf("1.0", "1.1", "1.2", "1.3")},
				PlanModifiers: []planmodifier.String{replaceIfKnown()},
			},
			"status":       attributes.Kept(descriptions["status"]),
			"cname_target": attributes.Kept(descriptions["cname_target"]),
			"created_at":   attributes.KeptTime(descriptions["created_at"]),
			"modified_at":  attributes.KeptTime(descriptions["modified_at"]),
		},
	}
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.ByHostnameSchema("Hostname of the custom domain.")
}
