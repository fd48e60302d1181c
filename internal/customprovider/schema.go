package customprovider

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// descriptions are shared by the resource and the data sources.
var descriptions = map[string]string{
	"name":         "Display name of the custom provider.",
	"slug":         "Short name, unique in the account: letters, digits and hyphens. Requests name the provider `custom-<slug>`.",
	"base_url":     "URL of the provider's API, with `https`. The rest of a request's path is appended to it.",
	"description":  "Description of the provider.",
	"link":         "URL of the provider's website or documentation.",
	"enable":       "Whether requests can use the provider.",
	"beta":         "Whether the provider is marked as beta.",
	"curl_example": "Example of a request with curl, as documentation.",
	"js_example":   "Example of a request in JavaScript, as documentation.",
	"position":     "Position among the custom providers. The API does not document what it orders.",
	"logo":         "SVG image, encoded in base64, that the service generates.",
	"request_slug": "Name of the provider in requests: `custom-<slug>`.",
	"id":           "ID of the custom provider, a UUID that the service assigns.",
	"created_at":   "When the custom provider was created (RFC 3339, UTC).",
	"modified_at":  "When the custom provider was last changed (RFC 3339, UTC).",
}

var (
	slugPattern    = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	baseURLPattern = regexp.MustCompile(`^https://[^\s/?#]+[^\s]*$`)
	// headerPattern matches names of headers (RFC 9110, token).
	headerPattern = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

// Schema sets the attributes of the resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	optional := func(name string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: descriptions[name] + " Removing the attribute clears it.", Optional: true}
	}
	flag := func(name string) schema.BoolAttribute {
		return schema.BoolAttribute{
			MarkdownDescription: descriptions[name] + " Default: `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom provider: an API that AI Gateway does not support itself, such as your own. All gateways of the account can " +
			"send requests to it. Requests name it `custom-<slug>`: as the first part of the path after the gateway's URL, before the provider's " +
			"own path, and as the provider in a model's name and in dynamic routes.\n\n" +
			"By default, as in the API, a custom provider is created disabled: set `enable = true` so that requests can use it.\n\n" +
			"Changes happen in place. The API does not document that `headers` and `position` can be changed; the provider sends both. It is an " +
			"error if the response has other values, and a warning if the response does not contain them. If requests show the old value, " +
			"replace the custom provider (`terraform apply -replace=…`).\n\n" +
			"**Imports.** Because `headers` is sensitive, generated configuration has `headers = null`. Applying that leaves the headers as they " +
			"are.\n\n" +
			"The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("custom provider"),
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"],
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"slug": schema.StringAttribute{
				MarkdownDescription: descriptions["slug"] + " After a change, requests with the old slug fail.",
				Required:            true,
				Validators: []validator.String{stringvalidator.RegexMatches(slugPattern,
					"must consist of letters, digits and hyphens")},
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: descriptions["base_url"],
				Required:            true,
				Validators: []validator.String{stringvalidator.RegexMatches(baseURLPattern,
					"must be a URL that starts with https://, such as \"https://llm.example.com/v1\"")},
			},
			"description":  optional("description"),
			"link":         optional("link"),
			"enable":       flag("enable"),
			"beta":         flag("beta"),
			"curl_example": optional("curl_example"),
			"js_example":   optional("js_example"),
			"headers": schema.MapAttribute{
				MarkdownDescription: "Headers that the gateway adds to every request to the provider, by name; up to 8192 characters as JSON. " +
					"Sensitive, and stored in state as the service returns them. To keep an API key out of state, use " +
					"`aigateway_provider_config`. Without the attribute, the headers stay as they are, so that generated configuration, which " +
					"cannot contain them, loses none. Set `{}` to clear them.",
				Optional:      true,
				Computed:      true,
				Sensitive:     true,
				ElementType:   types.StringType,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.UseStateForUnknown()},
			},
			"position": schema.Int64Attribute{
				CustomType:          wholenumber.Type{},
				MarkdownDescription: descriptions["position"] + " Default: assigned by the service.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"id":           attributes.Kept(descriptions["id"]),
			"logo":         attributes.ResourceComputed(descriptions["logo"]),
			"request_slug": attributes.ResourceComputed(descriptions["request_slug"]),
			"created_at":   attributes.KeptTime(descriptions["created_at"]),
			"modified_at":  attributes.ResourceComputedTime(descriptions["modified_at"]),
		},
	}
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InAccountSchema("ID of the custom provider, a UUID.")
}
