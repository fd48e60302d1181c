package requestlog

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// legacyLogs is what to know of accounts that this API does not serve.
const legacyLogs = "Accounts that were created on or after 2026-09-24 keep the logs of their gateways in Workers Observability, " +
	"which this data source does not read."

const readPermission = "The API token needs the account permission *AI Gateway Read*."

// whereAttributes say which gateway's logs are read.
func whereAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"account_id": attributes.Account(),
		"gateway_id": schema.StringAttribute{
			MarkdownDescription: "Id of the gateway, which is its name. Refer to `id` of the resource directly, so that the logs are read " +
				"when the gateway exists.",
			Required:   true,
			Validators: validate.GatewayName(),
		},
	}
}

// logAttributes are what the list tells of a log. All are null where the
// service does not say.
func logAttributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"created_at": schema.StringAttribute{
			MarkdownDescription: "When the request was logged (RFC 3339, UTC).",
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"cost": schema.Float64Attribute{
			MarkdownDescription: "What the request cost in US dollars, by the service's estimate or, if `custom_cost`, by its own prices.",
			Computed:            true,
		},
	}
	for name, description := range map[string]string{
		"id":                    "Id of the log, as in the header `cf-aig-log-id` of the answer.",
		"provider_name":         "Provider that answered, such as `openai`; the API's `provider`.",
		"model":                 "Model that answered, by its provider's name for it.",
		"model_type":            "Kind of model, such as `chat`.",
		"path":                  "Path of the request at the provider.",
		"request_type":          "Kind of request.",
		"request_content_type":  "Media type of the request's body.",
		"response_content_type": "Media type of the answer's body.",
		"metadata": "Metadata of the request as JSON, with sorted keys and without space; read it with `jsondecode`. Comes from the " +
			"header `cf-aig-metadata`. Null where the request had none.",
	} {
		all[name] = schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	for name, description := range map[string]string{
		"step":        "Which of several steps answered, from 0.",
		"status_code": "HTTP status of the answer.",
		"duration":    "How long the request took, in milliseconds.",
		"tokens_in":   "Tokens of the request, as the provider counted them.",
		"tokens_out":  "Tokens of the answer, as the provider counted them.",
	} {
		all[name] = schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	for name, description := range map[string]string{
		"success":     "Whether the request succeeded.",
		"cached":      "Whether the gateway's cache answered.",
		"custom_cost": "Whether `cost` follows from prices that the request brought along (`cf-aig-custom-cost`).",
	} {
		all[name] = schema.BoolAttribute{MarkdownDescription: description, Computed: true}
	}
	return all
}
