package requestlog

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
)

// legacyLogs describes the accounts whose logs this API does not have. The end completes
// "which this", as in "data source does not read".
func legacyLogs(end string) string {
	return "Accounts created on or after 2026-09-24 store the logs of their gateways in Workers Observability, which this " + end + "."
}

const readPermission = "The API token needs the account permission *AI Gateway Read*."

// locationAttributes returns the attributes that select the gateway.
func locationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"account_id": attributes.Account(),
		"gateway_id": attributes.GatewayID("the logs are read when the gateway exists"),
	}
}

// logAttributes returns the attributes of [logModel]. All are null if the response does not
// contain them.
func logAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                    attributes.ComputedString("ID of the log, as in the response header `cf-aig-log-id`."),
		"created_at":            attributes.ComputedTime("When the request was logged (RFC 3339, UTC)."),
		"provider_name":         attributes.ComputedString("Provider that responded, such as `openai`; the API's `provider`."),
		"model":                 attributes.ComputedString("Model that responded, by its name at the provider."),
		"model_type":            attributes.ComputedString("Kind of model, such as `chat`."),
		"path":                  attributes.ComputedString("Path of the request at the provider."),
		"step":                  attributes.ComputedInt64("Number of the step that responded, starting at 0."),
		"request_type":          attributes.ComputedString("Kind of request."),
		"request_content_type":  attributes.ComputedString("Media type of the request body."),
		"response_content_type": attributes.ComputedString("Media type of the response body."),
		"status_code":           attributes.ComputedInt64("HTTP status of the response."),
		"success":               attributes.ComputedBool("Whether the request succeeded."),
		"cached":                attributes.ComputedBool("Whether the response came from the gateway's cache."),
		"duration":              attributes.ComputedInt64("Duration of the request, in milliseconds."),
		"tokens_in":             attributes.ComputedInt64("Tokens of the request, as counted by the provider."),
		"tokens_out":            attributes.ComputedInt64("Tokens of the response, as counted by the provider."),
		"cost": attributes.ComputedFloat64("Cost of the request in US dollars, estimated by the service or, if `custom_cost`, by the prices in the " +
			"request."),
		"custom_cost": attributes.ComputedBool("Whether `cost` is based on prices in the request (`cf-aig-custom-cost`)."),
		"metadata": attributes.ComputedString("Metadata of the request (header `cf-aig-metadata`) as a JSON string, with sorted keys and without " +
			"white space; `jsondecode` reads it. Null if the request had none."),
	}
}
