package chat

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// Schema sets the attributes of the action: those of a request, and what to expect.
func (a *Action) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	all := attributes.AllForAction(requestAttributes(""))
	expected := map[string]schema.Attribute{
		"response_text": schema.StringAttribute{
			MarkdownDescription: "Regular expression (RE2) that the text of the response must match, such as `(?i)paris`.",
			Optional:            true,
			Validators:          []validator.String{regularExpression{}},
		},
	}
	for _, name := range expectedTexts {
		expected[name] = schema.StringAttribute{MarkdownDescription: whatItIs(responseTexts[name]), Optional: true}
	}
	for _, name := range expectedNumbers {
		expected[name] = schema.Int64Attribute{CustomType: wholenumber.Type{}, MarkdownDescription: whatItIs(responseNumbers[name]), Optional: true}
	}
	all["expect"] = schema.SingleNestedAttribute{
		MarkdownDescription: "What the response must be, apart from its status. The action fails unless the response has the value of every attribute that is set.",
		Optional:            true,
		Attributes:          expected,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends one chat request through a gateway, and fails unless the response is as expected. With `action_trigger` in the " +
			"`lifecycle` of a resource, an apply proves its own change, once. Plans and refreshes send nothing, and nothing is stored in state. " +
			"`aigateway_chat_completion` sends the same request as a data source, for `terraform test`, check blocks and CLIs without " +
			"actions.\n\n" +
			"Every invocation sends a real request, which costs money. Nothing is sent unless the provider's `allow_test_requests` is `true`. " +
			"Without it, a plan that would invoke the action fails.\n\n" +
			"**If it fails after a create or an update**, the change stays applied and in state, and the next plan does not repeat the action. " +
			"`terraform apply -invoke=action.aigateway_test_request.<name>` does.\n\n" +
			"Actions need Terraform 1.14. " + permissions,
		Attributes: all,
	}
}

// whatItIs returns a description without the reasons for null, which expect cannot ask for.
func whatItIs(description string) string {
	what, _, _ := strings.Cut(description, " Null ")
	return what
}

// expectedTexts and expectedNumbers are the parts of a response that expect compares.
var (
	expectedTexts   = []string{"response_model", "finish_reason", "cache_status", "provider_name", "routed_model", "routing_reason"}
	expectedNumbers = []string{"step", "error_code"}
)

// compare adds an error for every part of the response that is not as expected.
func compare(expect types.Object, response *chat.Response, diags *diag.Diagnostics) {
	var got responseModel
	got.fromAPI(response)
	values := map[string]types.String{
		"response_model": got.ResponseModel, "finish_reason": got.FinishReason, "cache_status": got.CacheStatus, "provider_name": got.ProviderName,
		"routed_model": got.RoutedModel, "routing_reason": got.RoutingReason, "step": decimal(got.Step), "error_code": decimal(got.ErrorCode),
	}
	at := path.Root("expect")
	add := func(name, wanted string, got types.String) {
		what := "the response has none"
		if !got.IsNull() {
			what = fmt.Sprintf("the response has %q", printable(got.ValueString()))
		}
		diags.AddAttributeError(at.AtName(name), "Response to the test request is not as expected", fmt.Sprintf(
			"%s should %s, but %s. If that is what you want, change expect; otherwise change the gateway or its route.", name, wanted, what))
	}
	for _, name := range expectedTexts {
		if wanted := convert.Part[types.String](expect, name); !wanted.IsNull() && !wanted.Equal(values[name]) {
			add(name, fmt.Sprintf("be %q", wanted.ValueString()), values[name])
		}
	}
	for _, name := range expectedNumbers {
		if wanted := decimal(convert.Part[types.Int64](expect, name)); !wanted.IsNull() && !wanted.Equal(values[name]) {
			add(name, fmt.Sprintf("be %q", wanted.ValueString()), values[name])
		}
	}
	pattern := convert.Part[types.String](expect, "response_text")
	if pattern.IsNull() {
		return
	}
	if matches, err := regexp.MatchString(pattern.ValueString(), got.ResponseText.ValueString()); err != nil || !matches {
		add("response_text", fmt.Sprintf("match %q", pattern.ValueString()), got.ResponseText)
	}
}

// decimal returns a number as a string, null for null.
func decimal(number types.Int64) types.String {
	if number.IsNull() {
		return types.StringNull()
	}
	return types.StringValue(strconv.FormatInt(number.ValueInt64(), 10))
}

// printable bounds and escapes what a server says.
func printable(text string) string { return client.Printable(text, chat.MaxQuote) }
