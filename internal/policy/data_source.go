package policy

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource reads one policy by its name or ID.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_policy.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// readModel is the model of the data source.
type readModel struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
}

// Account implements [crud.DataModel].
func (m *readModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_policy"
}

// factAttributes returns the attributes of [facts].
func factAttributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"committed": attributes.ComputedBool(descriptions["committed"]),
		"budget": schema.SingleNestedAttribute{
			MarkdownDescription: "Money that may be spent. Null unless the action is `budget`.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"amount": attributes.ComputedFloat64(descriptions["amount"]),
				"period": attributes.ComputedString(descriptions["period"]),
			},
		},
	}
	for _, name := range []string{"id", "name", "actor", "condition", "action"} {
		all[name] = attributes.ComputedString(descriptions[name])
	}
	for _, name := range []string{"models", "providers"} {
		all[name] = schema.ListAttribute{MarkdownDescription: descriptions[name], Computed: true, ElementType: types.StringType}
	}
	for _, name := range []string{"created_at", "updated_at"} {
		all[name] = attributes.ComputedTime(descriptions[name])
	}
	return all
}

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := factAttributes()
	all["account_id"] = attributes.Account()
	all["gateway_id"] = attributes.GatewayID("the policy is read when the gateway exists")
	all["name"] = schema.StringAttribute{
		MarkdownDescription: descriptions["name"] + " Exactly one of `name` and `id` must be set. Several policies of this name are an error.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id")),
		},
	}
	all["id"] = schema.StringAttribute{
		MarkdownDescription: descriptions["id"],
		Optional:            true,
		Computed:            true,
		Validators:          validate.ServerID("a policy"),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a policy of a gateway by its name or ID: what is in force, or the draft if the policy was never put in force. A " +
			"policy that does not exist is an error.\n\n" + beta + readPermission,
		Attributes: all,
	}
}

// Read reads the policy.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, found *readModel) {
		id := found.ID.ValueString()
		at, what := path.Root("id"), fmt.Sprintf("ID %q", id)
		if found.ID.IsNull() {
			at, what = path.Root("name"), fmt.Sprintf("name %q", found.Name.ValueString())
			if id = findByName(ctx, api, *found, &resp.Diagnostics); resp.Diagnostics.HasError() {
				return
			}
		}
		var policy *policies.Policy
		err := client.ErrNotFound
		if id != "" {
			policy, err = policies.Get(ctx, api, found.AccountID.ValueString(), found.GatewayID.ValueString(), id)
		}
		switch {
		case errors.Is(err, client.ErrNotFound):
			addNotFound(*found, what, at, &resp.Diagnostics)
		case err != nil:
			resp.Diagnostics.Append(diagnostics.FromError(found.subject("read"), err)...)
		default:
			found.fromAPI(policy)
			warn(model(*found), policy, &resp.Diagnostics)
		}
	})
}

func (m *readModel) subject(verb string) diagnostics.Subject { return model(*m).Subject(verb) }

// findByName returns the ID of the policy with the name, empty if there is none. It adds an
// error if there are several.
func findByName(ctx context.Context, api *client.Client, wanted readModel, diags *diag.Diagnostics) string {
	var id string
	for policy, err := range policies.List(ctx, api, wanted.AccountID.ValueString(), wanted.GatewayID.ValueString(), true) {
		switch {
		case err != nil:
			diags.Append(diagnostics.FromError(wanted.subject("read"), err)...)
			return ""
		case policy.Name != wanted.Name.ValueString() || policy.ID == id:
		case id != "":
			diags.AddAttributeError(path.Root("name"), "Several policies of this name", fmt.Sprintf(
				"Gateway %q in account %s has several policies with the name %q, such as those with the IDs %s and %s. Use id in place of name.",
				wanted.GatewayID.ValueString(), wanted.AccountID.ValueString(), policy.Name, id, policy.ID))
			return ""
		default:
			id = policy.ID
		}
	}
	return id
}
