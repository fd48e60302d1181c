package chat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// addUnexpectedStatus adds an error for a response with another status than expected.
func addUnexpectedStatus(diags *diag.Diagnostics, request chat.Request, expected int, response *chat.Response) {
	why, next := explain(request, response)
	if response.Status >= http.StatusBadRequest {
		next += fmt.Sprintf("\n\nIf the test expects this response, set expect_status = %d.", response.Status)
	}
	diags.AddError(
		fmt.Sprintf("Test request returned HTTP %d instead of %d", response.Status, expected),
		describe(request)+" returned "+response.Summary()+"\n\n"+why+"\n\n"+next)
}

// formats describe the responses of the APIs with status 200: what a response is,
// and which part distinguishes it from other JSON.
var formats = map[chat.API]struct{ what, missing string }{
	chat.APICompat:          {"a chat completion in OpenAI's format", "choices"},
	chat.APIChatCompletions: {"a chat completion in OpenAI's format", "choices"},
	chat.APIResponses:       {"a response in the format of OpenAI's Responses API", "the output of a successful response"},
	chat.APIMessages:        {"a message in Anthropic's format", "the content of a message"},
	chat.APIRun:             {"Cloudflare's envelope with the result of a model", "the result of a completed run"},
}

// addNotCompletion adds an error for a response with status 200 that is not a
// model's.
func addNotCompletion(diags *diag.Diagnostics, request chat.Request, response *chat.Response) {
	format := formats[request.API]
	what := "JSON without " + format.missing
	if response.JSON == nil {
		what = "not JSON"
	}
	contentType := "without a content type"
	if response.ContentType != "" {
		contentType = fmt.Sprintf("with the content type %q", printable(response.ContentType))
	}
	next := "The response probably does not come from AI Gateway.\n\n" + fill(request, checkGateway)
	if response.ErrorMessage != nil {
		next = "The request may have been billed.\n\nCorrect what the message names, or run it again later."
	}
	diags.AddError("Test request did not return a chat completion",
		describe(request)+" returned "+response.Summary()+"\n\n"+
			"The body, "+contentType+", is "+what+". With status 200, "+format.what+" is expected. "+next)
}

// addSendError adds an error for a request without a readable response, or one
// that was not sent at all.
func addSendError(diags *diag.Diagnostics, request chat.Request, err error) {
	var failed *client.Error
	if !errors.As(err, &failed) {
		diags.AddError("Unable to send test request", diagnostics.Sentence(diagnostics.Capitalize(err.Error())))
		return
	}
	sent := errors.Is(err, client.ErrOutcomeUnknown)
	billed := "The request did not reach a model, so nothing was billed."
	if sent {
		billed = "The request may have reached the model and may have been billed, so it was not repeated."
	}
	server := "the gateway"
	if request.API.REST() {
		server = "Cloudflare's API"
	}
	var summary, next string
	switch {
	case errors.Is(err, context.Canceled):
		summary, next = "Test request interrupted", "A signal or Ctrl-C stopped the request. Run it again when you are ready."
	case errors.Is(err, context.DeadlineExceeded):
		summary = "Test request timed out"
		next = "The attribute timeout limits the whole operation, in seconds. Increase it for a slow model. " + checkGateway
	case errors.Is(err, client.ErrUnexpectedResponse):
		summary, next = "Unable to read test response", checkGateway
		billed = "The request may have been billed."
	case sent:
		summary, next = "No response to test request", "The connection was closed. Run it again. If the error persists: "+checkGateway
	default:
		summary, next = "Unable to connect to "+server, "Check the network. If the network works: "+checkGateway
	}
	diags.AddError(summary, describe(request)+" failed: "+strings.TrimPrefix(failed.Error(), failed.Op+": ")+".\n\n"+billed+"\n\n"+fill(request, next))
}

// describe returns the subject of the errors about a request.
func describe(request chat.Request) string {
	text := fmt.Sprintf("The chat request to model %q", request.Model)
	if request.API.REST() {
		text += fmt.Sprintf(" with api = %q", request.API)
	}
	if request.GatewayID == "" {
		return text + " without a gateway_id in account " + request.AccountID
	}
	return text + fmt.Sprintf(" through gateway %q in account %s", request.GatewayID, request.AccountID)
}
