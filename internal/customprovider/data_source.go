package customprovider

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
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

type customDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*customDataSource)(nil)

// NewDataSource is the data source aigateway_custom_provider: one custom
// provider by its slug or id.
func NewDataSource() datasource.DataSource { return &customDataSource{} }

// readModel is a custom provider in the data source: as in the resource, but
// for the headers, which may be secrets.
type readModel struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
}

func (d *customDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_custom_provider"
}

// factAttributes are what data sources tell of a custom provider.
func factAttributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, name := range []string{
		"id", "name", "slug", "base_url", "description", "link", "curl_example", "js_example", "logo", "request_slug",
	} {
		all[name] = schema.StringAttribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	for _, name := range []string{"enable", "beta"} {
		all[name] = schema.BoolAttribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	for _, name := range []string{"created_at", "modified_at"} {
		all[name] = schema.StringAttribute{MarkdownDescription: descriptions[name], Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	all["position"] = schema.Int64Attribute{MarkdownDescription: descriptions["position"], Computed: true}
	return all
}

func (d *customDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := factAttributes()
	all["account_id"] = attributes.Account()
	all["slug"] = schema.StringAttribute{
		MarkdownDescription: descriptions["slug"] + " Exactly one of `slug` and `id` must be set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			stringvalidator.RegexMatches(slugPattern, "must consist of letters, digits and hyphens"),
			stringvalidator.ExactlyOneOf(path.MatchRoot("slug"), path.MatchRoot("id")),
		},
	}
	all["id"] = schema.StringAttribute{
		MarkdownDescription: descriptions["id"],
		Optional:            true,
		Computed:            true,
		Validators:          validate.ServerID("a custom provider"),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One custom provider of the account, by its slug or its id, without its headers. It is an error if there is none.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: all,
	}
}

func (d *customDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var found readModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &found)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.Data.AddUnsupported("Custom providers", api.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	found.AccountID = d.Data.KnownAccount(found.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID := found.AccountID.ValueString()
	var provider *customproviders.Provider
	var err error
	at, what := path.Root("slug"), fmt.Sprintf("slug %q", found.Slug.ValueString())
	if found.Slug.IsNull() {
		at, what = path.Root("id"), fmt.Sprintf("id %q", found.ID.ValueString())
		provider, err = customproviders.Get(ctx, api, accountID, found.ID.ValueString())
	} else {
		provider, err = customproviders.Find(ctx, api, accountID, found.Slug.ValueString())
	}
	switch {
	case errors.Is(err, client.ErrNotFound):
		addNotFound(found.AccountID, what, at, &resp.Diagnostics)
		return
	case err != nil:
		resp.Diagnostics.Append(diagnostics.FromError(subject("read", model{facts: found.facts, AccountID: found.AccountID}), err)...)
		return
	}
	found.fromAPI(provider)
	resp.Diagnostics.Append(resp.State.Set(ctx, &found)...)
}
