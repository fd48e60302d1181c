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

// longestQuote is how many characters of a message an error quotes.
const longestQuote = 1000

// addUnexpectedStatus is for an answer with another status than expected.
func addUnexpectedStatus(diags *diag.Diagnostics, request chat.Request, expected int, answer *chat.Response) {
	why, next := explain(request, answer)
	if answer.Status >= http.StatusBadRequest {
		next += fmt.Sprintf("\n\nIf the test is about this answer, set expect_status = %d.", answer.Status)
	}
	diags.AddError(
		fmt.Sprintf("Test request answered with HTTP %d instead of %d", answer.Status, expected),
		describe(request)+" was answered with "+quote(answer)+"\n\n"+why+"\n\n"+next)
}

// forms are the answers that the APIs have for status 200: what one is, and
// what JSON is without that is none.
var forms = map[chat.API]struct{ what, without string }{
	chat.APICompat:          {"a chat completion in OpenAI's form", "choices"},
	chat.APIChatCompletions: {"a chat completion in OpenAI's form", "choices"},
	chat.APIResponses:       {"a response in the form of OpenAI's Responses API", "the output of a response that did not fail"},
	chat.APIMessages:        {"a message in Anthropic's form", "a message's content"},
	chat.APIRun:             {"Cloudflare's envelope with the result of a model", "the result of a run that was completed"},
}

// addNotCompletion is for an answer with status 200 that is not a model's.
func addNotCompletion(diags *diag.Diagnostics, request chat.Request, answer *chat.Response) {
	form := forms[request.API]
	what := "JSON without " + form.without
	if answer.JSON == nil {
		what = "not JSON"
	}
	contentType := "without a content type"
	if answer.ContentType != "" {
		contentType = fmt.Sprintf("of the content type %q", clip(answer.ContentType))
	}
	guess := "This is probably not an answer of AI Gateway.\n\n" + fill(request, checkGateway)
	if answer.ErrorMessage != nil {
		guess = "The request may have been billed.\n\nCorrect what the message names, or run it again later."
	}
	diags.AddError("Test request answered with something other than a chat completion",
		describe(request)+" was answered with "+quote(answer)+"\n\n"+
			"The body, "+contentType+", is "+what+", while "+form.what+" is expected with status 200. "+guess)
}

// addNoAnswer is for a request that got no answer, or was not sent at all.
func addNoAnswer(diags *diag.Diagnostics, request chat.Request, err error) {
	var failed *client.Error
	if !errors.As(err, &failed) {
		diags.AddError("Unable to send test request", diagnostics.Sentence(diagnostics.Capitalize(err.Error())))
		return
	}
	sent := errors.Is(err, client.ErrOutcomeUnknown)
	billed := "Nothing reached a model, so nothing was billed."
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
		summary, next = "Test request interrupted", "It was stopped, by a signal or by Ctrl-C. Run it again when you are ready."
	case errors.Is(err, context.DeadlineExceeded):
		summary = "Test request timed out"
		next = "The attribute timeout, in seconds, bounds the whole: give a slow model more of it. " + checkGateway
	case errors.Is(err, client.ErrUnexpectedResponse):
		summary, next = "Unable to read the answer to the test request", checkGateway
		billed = "The request may have been billed."
	case sent:
		summary, next = "Test request got no answer", "The connection broke. Run it again. If it breaks again: "+checkGateway
	default:
		summary, next = "Unable to connect to "+server, "Check the network. If it works: "+checkGateway
	}
	diags.AddError(summary, describe(request)+" failed: "+strings.TrimPrefix(failed.Error(), failed.Op+": ")+".\n\n"+billed+"\n\n"+fill(request, next))
}

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

// quote is an answer as "HTTP 400 Bad Request, code 2001: message (…)".
func quote(answer *chat.Response) string {
	text := fmt.Sprintf("HTTP %d", answer.Status)
	if name := http.StatusText(answer.Status); name != "" {
		text += " " + name
	}
	switch {
	case answer.ErrorCode != nil:
		text += fmt.Sprintf(", code %d", *answer.ErrorCode)
	case answer.ErrorLabel != "":
		text += fmt.Sprintf(", code %q", clip(answer.ErrorLabel))
	}
	if answer.ErrorMessage != nil {
		text += ": " + clip(*answer.ErrorMessage)
	}
	var notes []string
	if answer.Attempts > 1 {
		notes = append(notes, fmt.Sprintf("after %d attempts", answer.Attempts))
	}
	if answer.CacheStatus != nil {
		notes = append(notes, "cache status "+clip(*answer.CacheStatus))
	}
	if answer.LogID != nil {
		notes = append(notes, "log id "+clip(*answer.LogID))
	}
	if answer.RayID != "" {
		notes = append(notes, "CF-Ray "+clip(answer.RayID))
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > longestQuote {
		return string(runes[:longestQuote]) + "…"
	}
	return text
}
