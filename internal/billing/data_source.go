// Package billing is the data source aigateway_credit_balance: what an account
// has left for requests that are paid by Unified Billing.
package billing

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type balanceDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*balanceDataSource)(nil)

// NewDataSource is the data source aigateway_credit_balance.
func NewDataSource() datasource.DataSource { return &balanceDataSource{} }

type model struct {
	AccountID               types.String        `tfsdk:"account_id"`
	Balance                 types.Float64       `tfsdk:"balance"`
	HasDefaultPaymentMethod types.Bool          `tfsdk:"has_default_payment_method"`
	FirstTopupSuccess       types.Bool          `tfsdk:"first_topup_success"`
	PaymentMethod           *paymentMethodModel `tfsdk:"payment_method"`
	TopupConfig             *topupModel         `tfsdk:"topup_config"`
}

type paymentMethodModel struct {
	Brand types.String `tfsdk:"brand"`
	Last4 types.String `tfsdk:"last4"`
}

type topupModel struct {
	Amount         types.Float64     `tfsdk:"amount"`
	Threshold      types.Float64     `tfsdk:"threshold"`
	DisabledReason types.String      `tfsdk:"disabled_reason"`
	Error          types.String      `tfsdk:"error"`
	LastFailedAt   timetypes.RFC3339 `tfsdk:"last_failed_at"`
}

func (d *balanceDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_credit_balance"
}

func (d *balanceDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	number := func(description string) schema.Attribute {
		return schema.Float64Attribute{MarkdownDescription: description, Computed: true}
	}
	boolean := func(description string) schema.Attribute {
		return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "What an account has left of AI Gateway's credits. Requests without a provider's key are paid with them (Unified " +
			"Billing), and fail with the code 2021 when there are none. It is an error if the account has never bought credits: the first time, " +
			"that must be done in the dashboard. This provider buys none.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"balance": number("What is left, as the API tells it. Its unit is not documented; amounts in the API's requests about billing are " +
				"US cents."),
			"has_default_payment_method": boolean("Whether credits can be bought without naming a card."),
			"first_topup_success":        boolean("Whether credits were ever bought. Null where the service does not say."),
			"payment_method": schema.SingleNestedAttribute{
				MarkdownDescription: "The card that credits are bought with. Null if there is none.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"brand": text("Brand of the card, such as `visa`."),
					"last4": text("Last four digits of the card's number."),
				},
			},
			"topup_config": schema.SingleNestedAttribute{
				MarkdownDescription: "How credits are bought when they run low. Null if they are not.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"amount":          number("How much is bought, in US cents."),
					"threshold":       number("Below which balance it is bought, in US cents."),
					"disabled_reason": text("Why this no longer happens. Null if it does."),
					"error":           text("What went wrong the last time. Null if nothing did."),
					"last_failed_at": schema.StringAttribute{
						MarkdownDescription: "When it last went wrong (RFC 3339, UTC). Null if it never did.",
						Computed:            true,
						CustomType:          timetypes.RFC3339Type{},
					},
				},
			},
		},
	}
}

func (d *balanceDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var found model
	resp.Diagnostics.Append(req.Config.Get(ctx, &found)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.Data.AddUnsupported("Credit balances", api.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	found.AccountID = d.Data.KnownAccount(found.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	balance, err := billing.GetCreditBalance(ctx, api, found.AccountID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
			Verb: "read", Object: "credit balance", AccountID: found.AccountID.ValueString(),
		}, err)...)
		return
	}
	found.fromAPI(balance)
	resp.Diagnostics.Append(resp.State.Set(ctx, &found)...)
}

func (m *model) fromAPI(balance *billing.CreditBalance) {
	m.Balance = types.Float64PointerValue(balance.Balance)
	m.HasDefaultPaymentMethod = types.BoolPointerValue(balance.HasDefaultPaymentMethod)
	m.FirstTopupSuccess = types.BoolPointerValue(balance.FirstTopUpSuccess)
	if card := balance.PaymentMethod; card != nil {
		m.PaymentMethod = &paymentMethodModel{Brand: told(card.Brand), Last4: told(card.Last4)}
	}
	if topUp := balance.TopUp; topUp != nil {
		m.TopupConfig = &topupModel{
			Amount: types.Float64PointerValue(topUp.Amount), Threshold: types.Float64PointerValue(topUp.Threshold),
			DisabledReason: types.StringPointerValue(topUp.DisabledReason), Error: types.StringPointerValue(topUp.Error),
			LastFailedAt: convert.Time(topUp.LastFailedAt),
		}
	}
}

// told is a text of the service, which is empty where it says nothing.
func told(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
