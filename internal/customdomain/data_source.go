package customdomain

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource reads one custom domain by its hostname.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_custom_domain.
func NewDataSource() datasource.DataSource { return &DataSource{} }

type readModel struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
}

// Account implements [crud.DataModel].
func (m *readModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_custom_domain"
}

// factAttributes returns the attributes of [facts].
func factAttributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, name := range []string{"hostname", "status", "cname_target"} {
		all[name] = attributes.ComputedString(descriptions[name])
	}
	for _, name := range []string{"created_at", "modified_at"} {
		all[name] = attributes.ComputedTime(descriptions[name])
	}
	return all
}

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := factAttributes()
	all["account_id"] = attributes.Account()
	all["gateway_id"] = attributes.GatewayID("the custom domain is read when the gateway exists")
	all["hostname"] = schema.StringAttribute{
		MarkdownDescription: descriptions["hostname"],
		Required:            true,
		Validators:          hostnameValidators(),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: beta + "Reads a custom domain of a gateway, for example to check its `status`. A custom domain that does not exist is an " +
			"error.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: all,
	}
}

// Read reads the custom domain.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, found *readModel) {
		accountID, gatewayID, hostname := found.AccountID.ValueString(), found.GatewayID.ValueString(), found.Hostname.ValueString()
		subject := model{facts: found.facts, AccountID: found.AccountID, GatewayID: found.GatewayID}.Subject("read")
		domain, err := customdomains.Get(ctx, api, accountID, gatewayID, hostname)
		if errors.Is(err, client.ErrNotFound) {
			err = missing(ctx, api, accountID, gatewayID)
		}
		switch {
		case err == nil:
			found.fromAPI(domain)
			return
		case errors.Is(err, client.ErrGatewayNotFound), !errors.Is(err, client.ErrNotFound):
			resp.Diagnostics.Append(diagnostics.FromError(subject, err)...)
			return
		}
		diagnostics.AddAt(hostnamePath, "Custom domain not found", fmt.Sprintf(
			"Gateway %q in account %s has no custom domain %q. Check the hostname, the gateway and the account (account_id here or of the provider, "+
				"or CLOUDFLARE_ACCOUNT_ID). The data source aigateway_custom_domains lists the custom domains of a gateway.", gatewayID, accountID, hostname),
			"If this configuration creates the custom domain, refer to the resource instead.", &resp.Diagnostics)
	})
}
