package chat

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// A DataSource sends one chat request through a gateway, for tests.
type DataSource struct {
	providerdata.DataSource
}

var (
	_ datasource.DataSourceWithConfigure        = (*DataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*DataSource)(nil)
)

// NewDataSource returns the data source aigateway_chat_completion.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_chat_completion"
}

// ConfigValidators returns the validators that compare attributes.
func (d *DataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("prompt"), path.MatchRoot("messages")),
		metadataOnce{},
		modelOfAPI{},
	}
}

// Read sends the request. It checks first that the provider allows test
// requests, and then everything else that could prevent the request.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	d.checkAllowed(diags)
	if diags.HasError() {
		return
	}
	if !req.Config.Raw.IsFullyKnown() {
		diags.AddError("Unknown values in a test request",
			"A request was due before all of its attributes were known, so none was sent. Terraform reads a data source only when "+
				"they are: please report this to the provider, with the version of Terraform or OpenTofu.")
		return
	}
	var m model
	diags.Append(req.Config.Get(ctx, &m)...)
	m.setDefaults()
	api := d.dataPlane(m.api(), diags)
	if diags.HasError() {
		return
	}
	m.AccountID = d.Data.KnownAccount(m.AccountID, diags)
	if diags.HasError() {
		return
	}

	request := m.toAPI(d.Data.TestRequestHeaders)
	response, err := chat.Send(ctx, api, request)
	if err != nil {
		addSendError(diags, request, err)
		return
	}
	expected := int(m.ExpectStatus.ValueInt64())
	if response.Status != expected {
		addUnexpectedStatus(diags, request, expected, response)
		return
	}
	if expected == http.StatusOK && !response.Completion {
		addNotCompletion(diags, request, response)
		return
	}
	m.fromAPI(response)
	diags.Append(resp.State.Set(ctx, &m)...)
}

// dataPlane returns the client for requests to an API. The REST API shares its
// address with the control plane, so base_url must be known too. Otherwise the
// request would go to the default address.
func (d *DataSource) dataPlane(api chat.API, diags *diag.Diagnostics) *client.Client {
	if api.REST() && d.Data.BaseURL.IsUnknown() {
		diags.AddError("Unknown provider configuration",
			"A request is due, but base_url of the provider is known only after apply, because it depends on an object that does not "+
				"exist yet. Create that object first (terraform apply -target=…), or set the attribute to a known value.")
	}
	return d.Data.DataPlane(diags)
}

// checkAllowed adds an error unless the provider was told to send requests.
func (d *DataSource) checkAllowed(diags *diag.Diagnostics) {
	switch {
	case d.Data == nil:
		d.Data.DataPlane(diags) // says that the provider is not configured
	case d.Data.AllowTestRequests.IsUnknown():
		diags.AddError("Test requests may not be allowed",
			"allow_test_requests of the provider is known only after apply, so it cannot be told whether this request may be sent, and "+
				"none was. It decides whether money is spent: give it a value that is known, or leave it out and set the environment "+
				"variable AIGATEWAY_ALLOW_TEST_REQUESTS to true.")
	case !d.Data.AllowTestRequests.ValueBool():
		diags.AddError("Test requests are not allowed",
			"aigateway_chat_completion sends a real request to a model each time it is read, with every plan, refresh and destroy, and "+
				"such a request costs money. It is meant for tests: terraform test, check blocks, and configurations made to try a "+
				"gateway. No request was sent.\n\n"+
				"To allow it, set allow_test_requests = true in the provider block, or the environment variable "+
				"AIGATEWAY_ALLOW_TEST_REQUESTS to true. Nothing else turns it on. If this configuration is not a test, remove the data source.")
	}
}
