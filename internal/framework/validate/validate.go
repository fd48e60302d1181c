// Package validate holds the validators of values that several objects share.
package validate

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform-provider-aigateway/internal/client"
)

// AccountID accepts the id of a Cloudflare account.
func AccountID() []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(client.AccountIDPattern,
			"must be an account id: 32 hexadecimal digits in lower case, as the dashboard shows under Account details"),
	}
}

// GatewayName accepts what Cloudflare accepts as the name of a gateway, which
// is also its id.
func GatewayName() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(1, client.GatewayNameMaxLength),
		stringvalidator.RegexMatches(client.GatewayNamePattern,
			"must consist of lower-case letters, digits and underscores, in groups joined by single hyphens, such as \"my-gateway_1\""),
	}
}

// RouteName accepts what can stand in a model's name as dynamic/<name>. The
// API's documents have no rule of their own.
func RouteName() []validator.String {
	return []validator.String{
		stringvalidator.LengthAtLeast(1),
		stringvalidator.RegexMatches(routeNamePattern,
			"must have no white space and no slash, since requests name the route as the model dynamic/<name>"),
	}
}

var routeNamePattern = regexp.MustCompile(`^[^\s/]*$`)

// ServerID accepts the id of an object that a server chose.
func ServerID(of string) []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(client.IDPattern, "must be the id of "+of+", as the service chose it"),
	}
}
