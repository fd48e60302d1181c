package chat

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/metadata"
)

// gatewayHeaders accepts only headers that are AI Gateway options.
type gatewayHeaders struct{}

func (gatewayHeaders) Description(context.Context) string {
	return "names must begin with " + chat.HeaderPrefix
}

func (v gatewayHeaders) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (gatewayHeaders) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	spelled := map[string]string{}
	elements := req.ConfigValue.Elements()
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		add := func(problem string) {
			resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(name), "Invalid header", fmt.Sprintf("The header %q %s.", name, problem))
		}
		lower := strings.ToLower(name)
		if other, ok := spelled[lower]; ok {
			add(fmt.Sprintf("is set twice, also as %q. Header names are not case-sensitive. Remove one of the two", other))
		}
		spelled[lower] = name
		value, _ := elements[name].(types.String)
		switch err := chat.CheckHeader(name, value.ValueString()); {
		case lower == "cf-aig-authorization":
			add("would store a token in the configuration and in state. Set the token with the provider's gateway_token")
		case lower == chat.HeaderGateway:
			add("selects the gateway. Set gateway_id instead")
		case !strings.HasPrefix(lower, chat.HeaderPrefix):
			add("is not an AI Gateway option, because its name does not begin with " + chat.HeaderPrefix +
				". Set other headers with test_request_headers of the provider, which are not stored in state")
		case err != nil:
			add(err.Error())
		}
	}
}

// metadataOnce rejects metadata that is set both as an attribute and as a header.
type metadataOnce struct{}

func (metadataOnce) Description(context.Context) string {
	return "metadata conflicts with the header " + chat.HeaderMetadata
}

func (v metadataOnce) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v metadataOnce) ValidateDataSource(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	v.check(ctx, req.Config, &resp.Diagnostics)
}

func (v metadataOnce) ValidateAction(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	v.check(ctx, req.Config, &resp.Diagnostics)
}

func (metadataOnce) check(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	var configured types.Dynamic
	var headers types.Map
	diags.Append(config.GetAttribute(ctx, path.Root("metadata"), &configured)...)
	diags.Append(config.GetAttribute(ctx, path.Root("headers"), &headers)...)
	if diags.HasError() || metadata.IsAbsent(configured) || configured.IsUnknown() || configured.IsUnderlyingValueUnknown() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(headers.Elements())) {
		if strings.EqualFold(name, chat.HeaderMetadata) {
			diags.AddAttributeError(path.Root("headers").AtMapKey(name), "Conflicting metadata", fmt.Sprintf(
				"Both the attribute metadata and the header %q set the metadata of the request. Remove one of them.", name))
		}
	}
}

// modelOfAPI rejects the REST API's names of Workers AI models with the compat API.
type modelOfAPI struct{}

func (modelOfAPI) Description(context.Context) string {
	return "names of Workers AI models must begin with workers-ai/ when api is " + string(chat.APICompat)
}

func (v modelOfAPI) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v modelOfAPI) ValidateDataSource(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	v.check(ctx, req.Config, &resp.Diagnostics)
}

func (v modelOfAPI) ValidateAction(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	v.check(ctx, req.Config, &resp.Diagnostics)
}

func (modelOfAPI) check(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	var api, name types.String
	diags.Append(config.GetAttribute(ctx, path.Root("api"), &api)...)
	diags.Append(config.GetAttribute(ctx, path.Root("model"), &name)...)
	compat := api.IsNull() || api.ValueString() == string(chat.APICompat)
	if diags.HasError() || !compat || !strings.HasPrefix(name.ValueString(), "@") {
		return
	}
	diags.AddAttributeError(path.Root("model"), "Model without a provider", fmt.Sprintf(
		"With api = %q, the model must be {provider}/{model}. Set it to \"workers-ai/%s\", or use another api.",
		chat.APICompat, name.ValueString()))
}

// regularExpression accepts regular expressions in Go's syntax (RE2).
type regularExpression struct{}

func (regularExpression) Description(context.Context) string {
	return "must be a regular expression (RE2)"
}

func (v regularExpression) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v regularExpression) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid regular expression", fmt.Sprintf("%q is no regular expression: %s.", req.ConfigValue.ValueString(), err))
	}
}
