// Package functions implements the provider functions compat_base_url, parse_model and
// provider_url. They send no requests.
package functions

import (
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

const (
	// needsFunctions ends the descriptions of functions.
	needsFunctions = "Provider functions need Terraform 1.8 or OpenTofu 1.7."
	// offlineURL is part of the descriptions of functions that return a URL.
	offlineURL = "It is built from the arguments without a request: whether account and gateway exist is not checked. The URL is always " +
		"that of Cloudflare's own data plane, because functions do not have access to the provider's `gateway_base_url`; `gateway_url` of " +
		"`aigateway_gateway` takes it into account."
)

// gatewayParameters returns the parameters that name a gateway.
func gatewayParameters() []function.Parameter {
	return []function.Parameter{
		function.StringParameter{
			Name: "account_id", MarkdownDescription: attributes.AccountDescription, Validators: parameterValidators(validate.AccountID()),
		},
		function.StringParameter{
			Name: "gateway_id", MarkdownDescription: attributes.GatewayIDDescription, Validators: parameterValidators(validate.GatewayName()),
		},
	}
}

// parameterValidators returns the validators of an attribute that can validate parameters as
// well. All of the library's validators can.
func parameterValidators(validators []validator.String) []function.StringParameterValidator {
	var converted []function.StringParameterValidator
	for _, v := range validators {
		if v, ok := v.(function.StringParameterValidator); ok {
			converted = append(converted, v)
		}
	}
	return converted
}
