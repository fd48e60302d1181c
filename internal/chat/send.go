package chat

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// An occasion describes what sends a request, in the error that none may be sent.
type occasion struct{ name, when, meant, otherwise string }

// send sends the request, whose defaults are set, once everything that could prevent it is
// checked. It returns the response if it is as expected. Otherwise it returns nil and adds
// errors.
func (m *requestModel) send(ctx context.Context, data *providerdata.Data, diags *diag.Diagnostics) *chat.Response {
	api := dataPlane(data, m.api(), diags)
	if diags.HasError() {
		return nil
	}
	m.AccountID = data.KnownAccount(m.AccountID, diags)
	if diags.HasError() {
		return nil
	}
	request := m.toAPI(data.TestRequestHeaders)
	response, err := chat.Send(ctx, api, request)
	if err != nil {
		addSendError(diags, request, err)
		return nil
	}
	expected := int(m.ExpectStatus.ValueInt64())
	if response.Status != expected {
		addUnexpectedStatus(diags, request, expected, response)
		return nil
	}
	if expected == http.StatusOK && !response.Completion {
		addNotCompletion(diags, request, response)
		return nil
	}
	return response
}

// dataPlane returns the client for requests to an API. The REST API shares its
// address with the control plane, so base_url must be known too. Otherwise the
// request would go to the default address.
func dataPlane(data *providerdata.Data, api chat.API, diags *diag.Diagnostics) *client.Client {
	if api.REST() && data.BaseURL.IsUnknown() {
		diags.AddError("Unknown provider configuration",
			"A request is due, but base_url of the provider is known only after apply, because it depends on an object that does not "+
				"exist yet. Create that object first (terraform apply -target=…), or set the attribute to a known value.")
	}
	return data.DataPlane(diags)
}

// checkDue adds an error unless the provider was told to send requests and the
// configuration of this one is known.
func checkDue(data *providerdata.Data, of occasion, config tfsdk.Config, diags *diag.Diagnostics) {
	if checkAllowed(data, of, diags); diags.HasError() || config.Raw.IsFullyKnown() {
		return
	}
	diags.AddError("Unknown values in a test request",
		"A request was due before all of its attributes were known, so none was sent. Terraform sends it only when they are: please report this to "+
			"the provider, with the version of Terraform or OpenTofu.")
}

// checkAllowed adds an error unless the provider was told to send requests.
func checkAllowed(data *providerdata.Data, of occasion, diags *diag.Diagnostics) {
	switch {
	case data == nil:
		data.DataPlane(diags) // says that the provider is not configured
	case data.AllowTestRequests.IsUnknown():
		diags.AddError("Test requests may not be allowed",
			"No request was sent, because allow_test_requests of the provider is known only after apply. It decides whether money is spent: "+
				"set it to a known value, or omit it and set the environment variable AIGATEWAY_ALLOW_TEST_REQUESTS to true.")
	case !data.AllowTestRequests.ValueBool():
		diags.AddError("Test requests are not allowed", fmt.Sprintf(
			"%s sends a real request to a model %s, and such a request costs money. %s No request was sent.\n\n"+
				"To allow it, set allow_test_requests = true in the provider block, or the environment variable "+
				"AIGATEWAY_ALLOW_TEST_REQUESTS to true. %s", of.name, of.when, of.meant, of.otherwise))
	}
}
