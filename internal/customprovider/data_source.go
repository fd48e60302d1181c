package customprovider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource reads one custom provider by its slug or ID.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_custom_provider.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// readModel is the model of the data source. It lacks the headers, which may be secrets.
type readModel struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
}

// Account implements [crud.DataModel].
func (m *readModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_custom_provider"
}

// factAttributes returns the attributes of [facts].
func factAttributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{"position": attributes.ComputedInt64(descriptions["position"])}
	for _, name := range []string{
		"id", "name", "slug", "base_url", "description", "link", "curl_example", "js_example", "logo", "request_slug",
	} {
		all[name] = attributes.ComputedString(descriptions[name])
	}
	for _, name := range []string{"enable", "beta"} {
		all[name] = attributes.ComputedBool(descriptions[name])
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
		MarkdownDescription: "Reads a custom provider of the account by its slug or ID, without its headers. A custom provider that does not exist is an error.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: all,
	}
}

// Read reads the custom provider.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, found *readModel) {
		accountID := found.AccountID.ValueString()
		var provider *customproviders.Provider
		var err error
		at, what := path.Root("slug"), fmt.Sprintf("slug %q", found.Slug.ValueString())
		if found.Slug.IsNull() {
			at, what = path.Root("id"), fmt.Sprintf("ID %q", found.ID.ValueString())
			provider, err = customproviders.Get(ctx, api, accountID, found.ID.ValueString())
		} else {
			provider, err = customproviders.Find(ctx, api, accountID, found.Slug.ValueString())
		}
		switch {
		case errors.Is(err, client.ErrNotFound):
			addNotFound(found.AccountID, what, at, &resp.Diagnostics)
		case err != nil:
			subject := model{facts: found.facts, AccountID: found.AccountID}.Subject("read")
			resp.Diagnostics.Append(diagnostics.FromError(subject, err)...)
		default:
			found.fromAPI(provider)
		}
	})
}
