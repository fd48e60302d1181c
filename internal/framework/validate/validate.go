// Package validate holds validators that several objects share.
package validate

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// AccountID accepts IDs of Cloudflare accounts.
func AccountID() []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(client.AccountIDPattern,
			"must be an account ID: 32 hexadecimal digits in lower case, as the dashboard shows under Account details"),
	}
}

// GatewayName accepts the names that Cloudflare accepts for a gateway. The name is also
// the ID.
func GatewayName() []validator.String {
	return []validator.String{
		stringvalidator.LengthBetween(1, gateways.NameMaxLength),
		stringvalidator.RegexMatches(gateways.NamePattern,
			"must consist of lower-case letters, digits and underscores, in groups joined by single hyphens, such as \"my-gateway_1\""),
	}
}

// RouteName accepts names that can be part of a model's name, dynamic/<name>. The API
// documents no rule of its own.
func RouteName() []validator.String {
	return []validator.String{
		stringvalidator.LengthAtLeast(1),
		stringvalidator.RegexMatches(routeNamePattern,
			"must not contain white space or slashes, because requests name the route as the model dynamic/<name>"),
	}
}

var routeNamePattern = regexp.MustCompile(`^[^\s/]*$`)

// modelPattern matches {provider}/{model}. The provider is a documented name,
// custom-{slug} or dynamic, or @cf for Workers AI on the REST API. The name of
// the model may itself contain slashes.
var modelPattern = regexp.MustCompile(`^@?[A-Za-z0-9][A-Za-z0-9._-]*/[^\s/]\S*$`)

// ModelName accepts names of models in requests, {provider}/{model}.
func ModelName() []validator.String {
	return []validator.String{stringvalidator.RegexMatches(modelPattern,
		"must be {provider}/{model}, such as \"workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast\" or \"openai/gpt-5.2\"")}
}

// ServerID accepts IDs that the service assigns. Of names the object for the message.
func ServerID(of string) []validator.String {
	return []validator.String{
		stringvalidator.RegexMatches(client.IDPattern, "must be the ID of "+of+", as the service assigned it"),
	}
}

// MaxExact is the largest whole number that JSON carries without loss.
const MaxExact = wire.LargestExact

// WholeNumber accepts whole numbers of at least a minimum. It is for attributes of a
// type that allows fractions: an Int64 attribute could not show a fraction that the
// service returns, and the framework's error for a configured fraction names neither
// attribute nor rule.
func WholeNumber(minimum int64) []validator.Float64 {
	return []validator.Float64{wholeNumber{minimum: float64(minimum)}}
}

type wholeNumber struct{ minimum float64 }

func (w wholeNumber) Description(context.Context) string {
	return fmt.Sprintf("must be a whole number from %.0f to %d", w.minimum, int64(MaxExact))
}

func (w wholeNumber) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w wholeNumber) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueFloat64(); n < w.minimum || n > MaxExact || n != math.Trunc(n) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value", fmt.Sprintf(
			"Attribute %s %s, got: %s.", req.Path, w.Description(ctx), strconv.FormatFloat(n, 'f', -1, 64)))
	}
}
