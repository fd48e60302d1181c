package chat

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
)

// notReserved accepts keys of metadata that do not begin with "cf.".
var notReserved = regexp.MustCompile(`^([^c]|c([^f]|$)|cf([^.]|$))`)

// gatewayHeaders accepts headers that are options of AI Gateway.
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
	for name, element := range req.ConfigValue.Elements() {
		add := func(problem string) {
			resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(name), "Invalid header", fmt.Sprintf("The header %q %s.", name, problem))
		}
		lower := strings.ToLower(name)
		if other, ok := spelled[lower]; ok {
			add(fmt.Sprintf("is there twice, also as %q: names of headers differ in more than case", other))
		}
		spelled[lower] = name
		value, _ := element.(types.String)
		switch err := chat.CheckHeader(name, value.ValueString()); {
		case lower == "cf-aig-authorization":
			add("would put a token into the configuration and the state; the token is the provider's gateway_token")
		case lower == chat.HeaderGateway:
			add("names the gateway, which is what gateway_id is for")
		case !strings.HasPrefix(lower, chat.HeaderPrefix):
			add("is not an option of AI Gateway, whose names begin with " + chat.HeaderPrefix +
				"; other headers go into test_request_headers of the provider, which are not stored in state")
		case err != nil:
			add(err.Error())
		}
	}
}

// metadataOnce refuses metadata that is given in two ways.
type metadataOnce struct{}

func (metadataOnce) Description(context.Context) string {
	return "metadata and the header " + chat.HeaderMetadata + " exclude each other"
}

func (v metadataOnce) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (metadataOnce) ValidateDataSource(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var metadata, headers types.Map
	var diags diag.Diagnostics
	diags.Append(req.Config.GetAttribute(ctx, path.Root("metadata"), &metadata)...)
	diags.Append(req.Config.GetAttribute(ctx, path.Root("headers"), &headers)...)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() || metadata.IsNull() || metadata.IsUnknown() {
		return
	}
	for name := range headers.Elements() {
		if strings.EqualFold(name, chat.HeaderMetadata) {
			resp.Diagnostics.AddAttributeError(path.Root("headers").AtMapKey(name), "Metadata given twice", fmt.Sprintf(
				"The header %q carries what metadata is for, and metadata is set. Keep one of the two.", name))
		}
	}
}

// modelOfAPI refuses a model that is named as another API names it.
type modelOfAPI struct{}

func (modelOfAPI) Description(context.Context) string {
	return "models of Workers AI begin with workers-ai/ where api is " + string(chat.APICompat)
}

func (v modelOfAPI) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (modelOfAPI) ValidateDataSource(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var api, name types.String
	var diags diag.Diagnostics
	diags.Append(req.Config.GetAttribute(ctx, path.Root("api"), &api)...)
	diags.Append(req.Config.GetAttribute(ctx, path.Root("model"), &name)...)
	resp.Diagnostics.Append(diags...)
	compat := api.IsNull() || api.ValueString() == string(chat.APICompat)
	if diags.HasError() || !compat || !strings.HasPrefix(name.ValueString(), "@") {
		return
	}
	resp.Diagnostics.AddAttributeError(path.Root("model"), "Model without a provider", fmt.Sprintf(
		"With api = %q, the model must be {provider}/{model}, so \"workers-ai/%s\". The other values of api take it as it is.",
		chat.APICompat, name.ValueString()))
}
