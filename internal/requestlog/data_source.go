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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource reads one log by its ID, with the bodies of request and response.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_log.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_log"
}

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := locationAttributes()
	maps.Copy(all, logAttributes())
	all["log_id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the log: `id` of a log in `aigateway_logs`, or `log_id` of `aigateway_chat_completion`.",
		Required:            true,
		Validators: []validator.String{stringvalidator.RegexMatches(logs.IDPattern,
			"must be the ID of a log, as in the response header cf-aig-log-id: letters, digits and hyphens")},
	}
	all["include_bodies"] = schema.BoolAttribute{
		MarkdownDescription: "Whether to read the bodies, which takes two more requests, and store them in state. With `false`, " +
			"`request_body`, `response_body`, `request_head` and `response_head` are null. Defaults to `true`.",
		Optional: true,
		Computed: true,
	}
	for side, what := range map[string]string{"request": "the request body", "response": "the response body"} {
		all[side+"_body"] = schema.StringAttribute{
			MarkdownDescription: "All of " + what + ", as it was sent: usually JSON, which `jsondecode` reads. Null if the service has not " +
				"stored it, or if it is not valid UTF-8. Stored in state.",
			Computed:  true,
			Sensitive: true,
		}
		all[side+"_head"] = schema.StringAttribute{
			MarkdownDescription: "Beginning of " + what + ", as the service stores it with the log. Stored in state.",
			Computed:            true,
			Sensitive:           true,
		}
		all[side+"_head_complete"] = attributes.ComputedBool("Whether `" + side + "_head` is the complete body.")
		all[side+"_size"] = attributes.ComputedInt64("Size of " + what + " in bytes.")
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a log of a gateway: the record of one request, with the bodies of request and response. A log that does not " +
			"exist is an error; the service writes logs some seconds after the request.\n\n" +
			"~> **Bodies contain prompts and responses, and are stored in state.** They are marked as sensitive, but everyone who can read the " +
			"state can see them. Set `include_bodies = false` to avoid that.\n\n" +
			legacyLogs("data source does not read") + "\n\n" + readPermission,
		Attributes: all,
	}
}

// Read reads the log.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	if !req.Config.Raw.IsFullyKnown() {
		addUnknown(diags)
		return
	}
	crud.ReadDataSource(ctx, d.Data, crud.Support{}, req, resp, func(api *client.Client, m *detailModel) {
		if m.IncludeBodies.IsNull() {
			m.IncludeBodies = types.BoolValue(true)
		}
		m.read(ctx, api, diags)
	})
}

func (m *detailModel) read(ctx context.Context, api *client.Client, diags *diag.Diagnostics) {
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.LogID.ValueString()
	log, err := logs.Get(ctx, api, accountID, gatewayID, id)
	if errors.Is(err, client.ErrNotFound) {
		// The service reports a missing log and a missing gateway in the same way.
		if gatewayIsMissing(ctx, api, accountID, gatewayID) {
			addGatewayNotFound(accountID, gatewayID, diags)
		} else {
			addLogNotFound(accountID, gatewayID, id, diags)
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
