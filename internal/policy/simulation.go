package policy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/metadata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var (
	_ datasource.DataSourceWithConfigure      = (*SimulationDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*SimulationDataSource)(nil)
)

// A SimulationDataSource tries a request against the policies of a gateway.
type SimulationDataSource struct {
	providerdata.DataSource
}

// NewSimulationDataSource returns the data source aigateway_policy_simulation.
func NewSimulationDataSource() datasource.DataSource { return &SimulationDataSource{} }

type simulationModel struct {
	AccountID    types.String   `tfsdk:"account_id"`
	GatewayID    types.String   `tfsdk:"gateway_id"`
	Identity     *identityModel `tfsdk:"identity"`
	Model        types.String   `tfsdk:"model"`
	ProviderSlug types.String   `tfsdk:"provider_slug"`
	Spent        types.Map      `tfsdk:"spent"`

	Allowed    types.Bool    `tfsdk:"allowed"`
	Decision   types.String  `tfsdk:"decision"`
	Reason     types.String  `tfsdk:"reason"`
	PolicyName types.String  `tfsdk:"policy_name"`
	Bucket     types.String  `tfsdk:"bucket"`
	TotalSpent types.Float64 `tfsdk:"bucket_spent"`
	Limit      types.Float64 `tfsdk:"bucket_limit"`
	Evaluated  types.Int64   `tfsdk:"policies_evaluated"`
}

type identityModel struct {
	UserID   types.String  `tfsdk:"user_id"`
	Email    types.String  `tfsdk:"email"`
	Groups   types.List    `tfsdk:"groups"`
	Custom   types.Dynamic `tfsdk:"custom"`
	Country  types.String  `tfsdk:"country"`
	Metadata types.Dynamic `tfsdk:"metadata"`
}

// Account implements [crud.DataModel].
func (m *simulationModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *SimulationDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_policy_simulation"
}

// Schema sets the attributes of the data source.
func (d *SimulationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tries a request against the policies of a gateway, to test who may use which models. Nothing is sent to a model, and " +
			"no spend is recorded.\n\n" + beta +
			"The service evaluates the policies in force and also all drafts. Money that is already spent counts only as far as `spent` says. " +
			"Let the data source `depends_on` the policies, so that it is read after they were changed.\n\n" +
			"The API token needs the account permission *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the request is tried when the gateway exists"),
			"identity": schema.SingleNestedAttribute{
				MarkdownDescription: "What the service knows about the caller. Every field is optional: a request without Access has none of the first four.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"user_id": optionalString("User ID that Access verified: `cf.user.id`."),
					"email":   optionalString("Email address that Access verified: `cf.user.email`."),
					"groups": schema.ListAttribute{
						MarkdownDescription: "Groups of the identity provider: `cf.user.groups`.", Optional: true, ElementType: types.StringType,
					},
					"custom":  schema.DynamicAttribute{MarkdownDescription: "Object of custom claims: `cf.custom.<claim>`.", Optional: true},
					"country": optionalString("Country of the request, two capital letters: `cf.country`."),
					"metadata": schema.DynamicAttribute{
						MarkdownDescription: "Object of strings, numbers and booleans that the client sends as `cf-aig-metadata`: `metadata.<key>`. Clients " +
							"choose these values, and the service does not verify them. At most 5 entries, as in a request.",
						Optional:   true,
						Validators: []validator.Dynamic{metadata.Flat()},
					},
				},
			},
			"model": schema.StringAttribute{
				MarkdownDescription: "Model of the request, as policies name it, such as `openai/gpt-5.5`.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"provider_slug": schema.StringAttribute{
				MarkdownDescription: "Provider of the request, as policies name it, such as `openai`. Default: what `model` has before its first slash, " +
					"and `workers-ai` for models that start with `@cf/`.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"spent": schema.MapAttribute{
				MarkdownDescription: "US dollars that are already spent, by the name of a policy with a budget. Default: nothing is spent.",
				Optional:            true,
				ElementType:         types.Float64Type,
				Validators:          []validator.Map{mapvalidator.NoNullValues(), mapvalidator.ValueFloat64sAre(float64validator.AtLeast(0))},
			},
			"allowed":            attributes.ComputedBool("Whether the request would pass."),
			"decision":           attributes.ComputedString("What the matching policies come to: `no-limit`, `block` or `check_limits`."),
			"reason":             attributes.ComputedString("Why the request is refused: `blocked` or `limit_exceeded`. Null if it would pass."),
			"policy_name":        attributes.ComputedString("Name of the policy that refuses the request. Null if the service names none."),
			"bucket":             attributes.ComputedString("Budget that is used up. Null if there is none."),
			"bucket_spent":       attributes.ComputedFloat64("US dollars spent of that budget."),
			"bucket_limit":       attributes.ComputedFloat64("US dollars that the budget has."),
			"policies_evaluated": attributes.ComputedInt64("How many policies were evaluated. 0 means that the gateway allows every request."),
		},
	}
}

func optionalString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

// ValidateConfig checks that the custom claims are an object.
func (d *SimulationDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	at := path.Root("identity").AtName("custom")
	var custom types.Dynamic
	diags := req.Config.GetAttribute(ctx, at, &custom)
	if diags.HasError() || custom.IsNull() || custom.IsUnknown() || custom.IsUnderlyingValueUnknown() {
		return // unknown, or absent with the whole identity
	}
	if _, isObject := convert.JSON(custom).(map[string]any); !isObject {
		resp.Diagnostics.AddAttributeError(at, "Not an object", fmt.Sprintf("%s must be an object, such as { team = \"research\" }.", at))
	}
}

// Read tries the request.
func (d *SimulationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, m *simulationModel) {
		if m.ProviderSlug.IsNull() {
			m.ProviderSlug = types.StringValue(providerOf(m.Model.ValueString()))
		}
		accountID, gatewayID := m.AccountID.ValueString(), m.GatewayID.ValueString()
		outcome, err := policies.Simulate(ctx, api, accountID, gatewayID, m.toAPI())
		if err != nil {
			resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
				Verb: "simulate", Object: "policies", AccountID: accountID, GatewayID: gatewayID, Contents: contents,
			}, err)...)
			return
		}
		m.fromAPI(outcome)
	})
}

// providerOf returns the provider of a model, as the service names both.
func providerOf(model string) string {
	if strings.HasPrefix(model, "@cf/") {
		return "workers-ai"
	}
	provider, _, _ := strings.Cut(model, "/")
	return provider
}

func (m *simulationModel) toAPI() policies.Simulation {
	s := policies.Simulation{
		Identity: m.Identity.toAPI(), Model: m.Model.ValueString(), Provider: m.ProviderSlug.ValueString(), Spent: map[string]float64{},
	}
	for name, value := range m.Spent.Elements() {
		spent, _ := value.(types.Float64)
		s.Spent[name] = spent.ValueFloat64()
	}
	return s
}

// toAPI returns the fields that are set, as policies name them.
func (m *identityModel) toAPI() map[string]any {
	if m == nil {
		return nil
	}
	user, cf, all := map[string]any{}, map[string]any{}, map[string]any{}
	put := func(to map[string]any, name string, value any) {
		if value != nil {
			to[name] = value
		}
	}
	put(user, "id", convert.JSON(m.UserID))
	put(user, "email", convert.JSON(m.Email))
	put(user, "groups", convert.JSON(m.Groups))
	if len(user) > 0 {
		cf["user"] = user
	}
	put(cf, "custom", convert.JSON(m.Custom))
	put(cf, "country", convert.JSON(m.Country))
	if len(cf) > 0 {
		all["cf"] = cf
	}
	if !metadata.IsAbsent(m.Metadata) {
		all["metadata"] = metadata.ToAPI(m.Metadata)
	}
	return all
}

func (m *simulationModel) fromAPI(outcome *policies.Outcome) {
	m.Allowed = types.BoolValue(outcome.Allowed)
	m.Decision, m.Reason = convert.Text(outcome.Decision), convert.Text(outcome.Reason)
	m.PolicyName, m.Bucket = convert.Text(outcome.PolicyName), convert.Text(outcome.Bucket)
	m.TotalSpent, m.Limit = types.Float64PointerValue(outcome.Spent), types.Float64PointerValue(outcome.Limit)
	m.Evaluated = types.Int64PointerValue(outcome.Evaluated)
}
