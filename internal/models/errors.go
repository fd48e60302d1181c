package models

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

const summary = "Unable to list models"

// Codes of a gateway's own errors (documented).
const (
	codeNoGateway = 2001
	codeNoToken   = 2009
)

// place is the gateway that is asked.
type place struct{ account, gateway string }

// addError adds the error of a request that returned no list.
func (p place) addError(diags *diag.Diagnostics, err error) {
	subject := fmt.Sprintf("The request for the models of gateway %q in account %s", p.gateway, p.account)
	var refused *chat.RefusedError
	var failed *client.Error
	switch {
	case errors.As(err, &refused):
		why, next := p.explain(refused.Response)
		diags.AddError(summary, subject+" returned "+refused.Response.Summary()+"\n\n"+why+"\n\n"+next)
	case errors.As(err, &failed):
		diags.AddError(summary, subject+" failed: "+strings.TrimPrefix(failed.Error(), failed.Op+": ")+".\n\n"+advice(err))
	default: // nothing was sent
		diags.AddError(summary, diagnostics.Sentence(diagnostics.Capitalize(err.Error())))
	}
}

// advice returns what to do about a request without a response that can be read.
func advice(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "A signal or Ctrl-C stopped the request. Run it again when you are ready."
	case errors.Is(err, client.ErrUnexpectedResponse):
		return "The response is not a list of models. " + diagnostics.GatewayAddress
	default:
		return "Check the network. If the network works: " + diagnostics.GatewayAddress
	}
}

// explain returns the usual cause of a response, and what to do next.
func (p place) explain(response *chat.Response) (why, next string) {
	switch {
	case hasCode(response, codeNoGateway):
		why, next = diagnostics.NoGatewayWhy, diagnostics.NoGatewayNext
	case hasCode(response, codeNoToken):
		why, next = diagnostics.GatewayTokenWhy, diagnostics.GatewayTokenNext
	case response.JSON == nil:
		why, next = "The response is not JSON, so it does not come from AI Gateway.", diagnostics.GatewayAddress
	case response.Status < http.StatusMultipleChoices:
		why, next = "The response has no list of models: the member \"data\" is missing.", diagnostics.GatewayAddress
	case response.Status < http.StatusBadRequest:
		why = "The server redirects the request, which AI Gateway never does. The redirect was not followed, because it would forward the token."
		next = diagnostics.GatewayAddress
	case response.Status == http.StatusTooManyRequests:
		why, next = "A rate limit is exceeded.", "Wait and run it again."
	case response.Status >= http.StatusInternalServerError:
		why = "AI Gateway failed. The configuration is not the cause."
		next = "Run it again later. Check the status page of Cloudflare."
	case response.Status == http.StatusNotFound:
		why, next = "The server has no list of models at this address.", diagnostics.GatewayAddress
	default:
		why, next = "The gateway rejected the request. The message, if there is one, says why.", "Correct what the message names."
	}
	return p.fill(why), p.fill(next)
}

// hasCode reports whether the first error of a response of the gateway's own has a code.
func hasCode(response *chat.Response, code int64) bool {
	return response.FromGateway && response.ErrorCode != nil && *response.ErrorCode == code
}

func (p place) fill(text string) string {
	return strings.NewReplacer("{account}", p.account, "{gateway}", p.gateway).Replace(text)
}
