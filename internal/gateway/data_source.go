package gateway

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type gatewayDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*gatewayDataSource)(nil)

// NewDataSource is the data source aigateway_gateway: one gateway by its name.
func NewDataSource() datasource.DataSource { return &gatewayDataSource{} }

func (d *gatewayDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_gateway"
}

// dataSourceAttributes are a gateway's attributes in a data source: all of
// them read-only in a list, account and name to be given otherwise.
func dataSourceAttributes(readOnly bool) map[string]schema.Attribute {
	str := func(name string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	boolean := func(name string) schema.Attribute {
		return schema.BoolAttribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	number := func(name, off string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: descriptions[name] + " 0 when " + off + " is off.", Computed: true}
	}
	timestamp := func(name string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: descriptions[name], Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	plain := func(name string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	all := map[string]schema.Attribute{
		"account_id":                 str("account_id"),
		"name":                       str("name"),
		"cache_enabled":              boolean("cache_enabled"),
		"cache_ttl":                  number("cache_ttl", "caching"),
		"rate_limiting_enabled":      boolean("rate_limiting_enabled"),
		"rate_limiting_limit":        number("rate_limiting_limit", "rate limiting"),
		"rate_limiting_interval":     number("rate_limiting_interval", "rate limiting"),
		"rate_limiting_technique":    str("rate_limiting_technique"),
		"log_enabled":                boolean("log_enabled"),
		"authentication":             boolean("authentication"),
		"cache_invalidate_on_update": boolean("cache_invalidate_on_update"),
		"log_management":             plain("log_management"),
		"log_management_strategy":    str("log_management_strategy"),
		"log_classification":         boolean("log_classification"),
		"logpush":                    boolean("logpush"),
		"logpush_public_key":         str("logpush_public_key"),
		"retry_max_attempts":         plain("retry_max_attempts"),
		"retry_delay":                plain("retry_delay"),
		"retry_backoff":              str("retry_backoff"),
		"store_id":                   str("store_id"),
		"zdr":                        boolean("zdr"),
		"byok_only":                  boolean("byok_only"),
		"workers_ai_billing_mode":    str("workers_ai_billing_mode"),
		"guardrails":                 readable("guardrails", guardrailsSchema()),
		"dlp":                        readable("dlp", dlpSchema()),
		"otel":                       readable("otel", otelSchema()),
		"spend_limits":               readable("spend_limits", spendLimitsSchema()),
		"stripe":                     readable("stripe", stripeSchema()),
		"id":                         str("id"),
		"slug":                       str("slug"),
		"is_default":                 boolean("is_default"),
		"created_at":                 timestamp("created_at"),
		"modified_at":                timestamp("modified_at"),
		"gateway_url":                str("gateway_url"),
		"compat_base_url":            str("compat_base_url"),
	}
	if !readOnly {
		all["account_id"] = attributes.Account()
		all["name"] = schema.StringAttribute{
			MarkdownDescription: descriptions["name"],
			Required:            true,
			// The pattern is checked when it is read and the wire format is known.
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	return all
}

func (d *gatewayDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One gateway of Cloudflare AI Gateway, by its name. It is an error if there is none.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: dataSourceAttributes(false),
	}
}

func (d *gatewayDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config readModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	account := d.Data.KnownAccount(config.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, name := account.ValueString(), config.Name.ValueString()
	if checkName(name, api.Capabilities(), &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	gateway, err := gateways.Find(ctx, api, accountID, name)
	if errors.Is(err, client.ErrNotFound) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Gateway not found", fmt.Sprintf(
			"Account %s has no gateway %q. Check the name and the account (account_id here, of the provider, or CLOUDFLARE_ACCOUNT_ID); "+
				"aigateway_gateways lists those that exist. If the same configuration creates it, refer to the resource instead.",
			accountID, name))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("read", accountID, name), err)...)
		return
	}
	found := readModelOf(account, d.Data.GatewayBaseURL, gateway)
	resp.Diagnostics.Append(resp.State.Set(ctx, &found)...)
}
