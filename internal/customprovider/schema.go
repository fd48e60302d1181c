package customprovider

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// Descriptions that resource and data sources share, by attribute.
var descriptions = map[string]string{
	"name":         "Name of the custom provider, as people see it.",
	"slug":         "Short name, unique in the account: letters, digits and hyphens. Requests call the provider `custom-<slug>`.",
	"base_url":     "Address of the provider's API, with `https`, to which the rest of a request's path is appended.",
	"description":  "What the provider is.",
	"link":         "Address of the provider's own site or documentation.",
	"enable":       "Whether requests can use the provider.",
	"beta":         "Whether the provider is marked as beta.",
	"curl_example": "Example of a request with curl, for people to read.",
	"js_example":   "Example of a request in JavaScript, for people to read.",
	"position":     "Place among the custom providers. What exactly it orders is not documented.",
	"logo":         "SVG image in base64 that the service makes.",
	"request_slug": "What requests call the provider: `custom-<slug>`.",
	"id":           "Id of the custom provider, a UUID that the service chose.",
	"created_at":   "When the custom provider was created (RFC 3339, UTC).",
	"modified_at":  "When the custom provider was last changed (RFC 3339, UTC).",
}

var (
	slugPattern    = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	baseURLPattern = regexp.MustCompile(`^https://[^\s/?#]+[^\s]*$`)
	// headerPattern is what the name of a header can be (RFC 9110, a token).
	headerPattern = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

func (r *customResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	optional := func(name string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: descriptions[name] + " Removing it clears it.", Optional: true}
	}
	flag := func(name string) schema.BoolAttribute {
		return schema.BoolAttribute{
			MarkdownDescription: descriptions[name] + " Default: `false`, as the API's.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom provider: an API of your own, or one that AI Gateway does not know, which all gateways of the account can " +
			"send requests to. A request calls it `custom-<slug>`: as the first part of the path behind the gateway's address, before the " +
			"provider's own path, or as the provider in a model's name and in dynamic routes.\n\n" +
			"It is created switched off unless `enable = true`, as the API does.\n\n" +
			"Changes happen in place. The API's documents name no change of `headers` and `position`; both are sent. It is an error if the " +
			"service answers that it has others, and a warning if its answer does not tell: if requests show that it did not take them, " +
			"replace the custom provider (`terraform apply -replace=…`).\n\n" +
			"**Imports.** As `headers` are sensitive, `-generate-config-out` writes `headers = null`, and applying that clears them: set them " +
			"in the written configuration before.\n\n" +
			"The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("custom provider"),
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"],
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"slug": schema.StringAttribute{
				MarkdownDescription: descriptions["slug"] + " Requests by the old slug fail when it changes.",
				Required:            true,
				Validators: []validator.String{stringvalidator.RegexMatches(slugPattern,
					"must consist of letters, digits and hyphens")},
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: descriptions["base_url"],
				Required:            true,
				Validators: []validator.String{stringvalidator.RegexMatches(baseURLPattern,
					"must be an address that starts with https://, such as \"https://llm.example.com/v1\"")},
			},
			"description":  optional("description"),
			"link":         optional("link"),
			"enable":       flag("enable"),
			"beta":         flag("beta"),
			"curl_example": optional("curl_example"),
			"js_example":   optional("js_example"),
			"headers": schema.MapAttribute{
				MarkdownDescription: "Headers that the gateway adds to every request to the provider, by their names; up to 8192 characters as JSON. " +
					"Sensitive, and stored in state as the service shows them: a key of the provider is better kept in " +
					"`aigateway_provider_config`. Removing it clears them.",
				Optional:    true,
				Sensitive:   true,
				ElementType: types.StringType,
				Validators:  []validator.Map{mapvalidator.SizeAtLeast(1)},
			},
			"position": schema.Int64Attribute{
				MarkdownDescription: descriptions["position"] + " Default: the service's.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"id":           attributes.Kept(descriptions["id"]),
			"logo":         schema.StringAttribute{MarkdownDescription: descriptions["logo"], Computed: true},
			"request_slug": schema.StringAttribute{MarkdownDescription: descriptions["request_slug"], Computed: true},
			"created_at":   attributes.KeptTime(descriptions["created_at"]),
			"modified_at": schema.StringAttribute{
				MarkdownDescription: descriptions["modified_at"],
				Computed:            true,
				CustomType:          timetypes.RFC3339Type{},
			},
		},
	}
}

func (r *customResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InAccountSchema("Id of the custom provider, a UUID.")
}
