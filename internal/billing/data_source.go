// Package billing implements the data source aigateway_credit_balance, the balance of an
// account for requests that Unified Billing pays for.
package billing

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource reads the credit balance of an account.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_credit_balance.
func NewDataSource() datasource.DataSource { return &DataSource{} }

type model struct {
	AccountID               types.String        `tfsdk:"account_id"`
	Balance                 types.Float64       `tfsdk:"balance"`
	HasDefaultPaymentMethod types.Bool          `tfsdk:"has_default_payment_method"`
	FirstTopupSuccess       types.Bool          `tfsdk:"first_topup_success"`
	PaymentMethod           *paymentMethodModel `tfsdk:"payment_method"`
	TopupConfig             *topupModel         `tfsdk:"topup_config"`
}

// Account implements [crud.DataModel].
func (m *model) Account() *types.String { return &m.AccountID }

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

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_credit_balance"
}

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the AI Gateway credits of an account. Credits pay for requests that have no key of a provider (Unified Billing). " +
			"Without credits, such requests fail with code 2021. It is an error if the account has never bought credits: buy them in the " +
			"dashboard the first time. This provider does not buy credits.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"balance": attributes.ComputedFloat64("Balance, as the API returns it. The API does not document its unit; amounts in the API's requests " +
				"about billing are US cents."),
			"has_default_payment_method": attributes.ComputedBool("Whether the account has a default payment method, so that credits can be bought without naming a card."),
			"first_topup_success":        attributes.ComputedBool("Whether credits were ever bought. Null if the response does not contain it."),
			"payment_method": schema.SingleNestedAttribute{
				MarkdownDescription: "Card that credits are bought with. Null if there is none.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"brand": attributes.ComputedString("Brand of the card, such as `visa`."),
					"last4": attributes.ComputedString("Last four digits of the card number."),
				},
			},
			"topup_config": schema.SingleNestedAttribute{
				MarkdownDescription: "Automatic purchase of credits. Null if it is off.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"amount":          attributes.ComputedFloat64("Amount that is bought, in US cents."),
					"threshold":       attributes.ComputedFloat64("Balance below which credits are bought, in US cents."),
					"disabled_reason": attributes.ComputedString("Why automatic purchase was disabled. Null if it was not."),
					"error":           attributes.ComputedString("Error of the last purchase. Null if it succeeded."),
					"last_failed_at":  attributes.ComputedTime("When a purchase last failed (RFC 3339, UTC). Null if none failed."),
				},
			},
		},
	}
}

// support says which wire formats have credit balances.
var support = crud.Support{
	Objects: "Credit balances", In: func(c client.Capabilities) bool { return c.Providers },
}

// Read reads the credit balance.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, found *model) {
		balance, err := billing.GetCreditBalance(ctx, api, found.AccountID.ValueString())
		if err != nil {
			resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
				Verb: "read", Object: "credit balance", AccountID: found.AccountID.ValueString(),
			}, err)...)
			return
		}
		found.fromAPI(balance)
	})
}

func (m *model) fromAPI(balance *billing.CreditBalance) {
	m.Balance = types.Float64PointerValue(balance.Balance)
	m.HasDefaultPaymentMethod = types.BoolPointerValue(balance.HasDefaultPaymentMethod)
	m.FirstTopupSuccess = types.BoolPointerValue(balance.FirstTopUpSuccess)
	if card := balance.PaymentMethod; card != nil {
		m.PaymentMethod = &paymentMethodModel{Brand: convert.Text(card.Brand), Last4: convert.Text(card.Last4)}
	}
	if topUp := balance.TopUp; topUp != nil {
		m.TopupConfig = &topupModel{
			Amount: types.Float64PointerValue(topUp.Amount), Threshold: types.Float64PointerValue(topUp.Threshold),
			DisabledReason: types.StringPointerValue(topUp.DisabledReason), Error: types.StringPointerValue(topUp.Error),
			LastFailedAt: convert.Time(topUp.LastFailedAt),
		}
	}
}
