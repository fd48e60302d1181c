package requestlog

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type logDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*logDataSource)(nil)

// NewDataSource is the data source aigateway_log: one log by its id, with the
// bodies of request and answer.
func NewDataSource() datasource.DataSource { return &logDataSource{} }

func (d *logDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_log"
}

func (d *logDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := whereAttributes()
	maps.Copy(attributes, logAttributes())
	attributes["log_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the log: `id` of one in `aigateway_logs`, or `log_id` of `aigateway_chat_completion`.",
		Required:            true,
		Validators: []validator.String{stringvalidator.RegexMatches(logs.IDPattern,
			"must be the id of a log, as in the header cf-aig-log-id of the answer: letters, digits and hyphens")},
	}
	attributes["include_bodies"] = schema.BoolAttribute{
		MarkdownDescription: "Whether to read the bodies, which takes two more requests and stores them in state. With `false`, " +
			"`request_body`, `response_body`, `request_head` and `response_head` are null. Defaults to `true`.",
		Optional: true,
		Computed: true,
	}
	for side, what := range map[string]string{"request": "the request's body", "response": "the answer's body"} {
		attributes[side+"_body"] = schema.StringAttribute{
			MarkdownDescription: "The whole of " + what + ", as it was sent: usually JSON, to be read with `jsondecode`. Null where the " +
				"service has not stored it, and where it is not text. Stored in state.",
			Computed:  true,
			Sensitive: true,
		}
		attributes[side+"_head"] = schema.StringAttribute{
			MarkdownDescription: "Beginning of " + what + ", as the service keeps it with the log. Stored in state.",
			Computed:            true,
			Sensitive:           true,
		}
		attributes[side+"_head_complete"] = schema.BoolAttribute{
			MarkdownDescription: "Whether `" + side + "_head` is the whole body.",
			Computed:            true,
		}
		attributes[side+"_size"] = schema.Int64Attribute{
			MarkdownDescription: "Size of " + what + " in bytes.",
			Computed:            true,
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One log of a gateway: what it keeps of one request, with the bodies of request and answer. It is an error " +
			"if there is none; the service writes it some seconds after the request.\n\n" +
			"~> **Bodies hold prompts and answers, and they land in state**, marked as sensitive, where everybody who reads the state can " +
			"see them. Set `include_bodies = false` where that must not be.\n\n" +
			legacyLogs + "\n\n" + readPermission,
		Attributes: attributes,
	}
}

func (d *logDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	if !req.Config.Raw.IsFullyKnown() {
		addUnknown(diags)
		return
	}
	var m detailModel
	diags.Append(req.Config.Get(ctx, &m)...)
	api := d.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	m.AccountID = d.Data.KnownAccount(m.AccountID, diags)
	if diags.HasError() {
		return
	}
	if m.IncludeBodies.IsNull() {
		m.IncludeBodies = types.BoolValue(true)
	}
	m.read(ctx, api, diags)
	if diags.HasError() {
		return
	}
	diags.Append(resp.State.Set(ctx, &m)...)
}

func (m *detailModel) read(ctx context.Context, api *client.Client, diags *diag.Diagnostics) {
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.LogID.ValueString()
	log, err := logs.Get(ctx, api, accountID, gatewayID, id)
	if errors.Is(err, client.ErrNotFound) {
		// The service says the same of a missing log and of a missing gateway.
		if gatewayIsMissing(ctx, api, accountID, gatewayID) {
			addGatewayNotFound(diags, accountID, gatewayID)
		} else {
			addLogNotFound(diags, accountID, gatewayID, id)
		}
		return
	}
	var request, response []byte
	if err == nil && m.IncludeBodies.ValueBool() {
		request, err = logs.GetRequest(ctx, api, accountID, gatewayID, id)
		if err == nil {
			response, err = logs.GetResponse(ctx, api, accountID, gatewayID, id)
		}
	}
	if err != nil {
		diags.Append(diagnostics.FromError(diagnostics.Subject{
			Verb: "read", Object: "log", AccountID: accountID, ID: gatewayID + "/" + id,
		}, err)...)
		return
	}
	m.fromAPI(log, request, response)
}
