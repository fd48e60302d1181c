package dataplane

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Error codes of the data plane, documented unless a comment says otherwise, with
// the HTTP status that they come with.
const (
	codeGatewayMissing  = 2001 // 400
	codeRateLimited     = 2003 // 429
	codeProviderFailed  = 2005 // 400
	codeInvalidProvider = 2008 // 400
	codeUnauthorized    = 2009 // 401
	codePromptBlocked   = 2016 // 424
	codeResponseBlocked = 2017 // 424; on /ai/run 422, for prompts as well
	codeBadChat         = 2019 // 400
	codeNoCredit        = 2021 // 402
	codeRequestDLP      = 2029 // 400
	codeResponseDLP     = 2030 // 400
	codeNoAlias         = 2040 // 400 (observed live)
	codeSpendLimit      = 2041 // 429
)

// refusal is an error response of the gateway itself. A code of 0 means that the
// error has none.
type refusal struct {
	status  int
	code    int
	message string
	// policy is set if a policy refuses the request.
	policy *policyRefusal
}

func newRefusal(status, code int, message string) *refusal {
	return &refusal{status: status, code: code, message: message}
}

func badRequest(code int, message string) *refusal {
	return newRefusal(http.StatusBadRequest, code, message)
}

// body returns the body as the data plane writes it. The key is "error", not
// "errors", and the result is an empty list (observed live).
func (e *refusal) body() any {
	if e.policy != nil {
		return e.policy.body(e.message)
	}
	return struct {
		Success  bool         `json:"success"`
		Result   []any        `json:"result"`
		Messages []any        `json:"messages"`
		Error    []wire.Error `json:"error"`
	}{false, []any{}, []any{}, []wire.Error{{Code: e.code, Message: e.message}}}
}

// write writes the error in the envelope of the data plane.
func (e *refusal) write(w http.ResponseWriter) { wire.WriteJSON(w, e.status, e.body()) }

// writeREST writes the error in the envelope of the REST API. The envelope of its
// own endpoints is not known; this is the one of the endpoints around them.
func (e *refusal) writeREST(w http.ResponseWriter) {
	if e.policy != nil {
		e.write(w)
		return
	}
	wire.WriteEdgeError(w, e.status, wire.Error{Code: e.code, Message: e.message})
}

func invalidProvider() *refusal { return badRequest(codeInvalidProvider, "Invalid provider") }

// notImplemented returns an error of the emulator's own, for what the service may have.
func notImplemented(message string) *refusal {
	return newRefusal(http.StatusNotImplemented, codeInvalidProvider, message)
}

func rateLimited() *refusal {
	return newRefusal(http.StatusTooManyRequests, codeRateLimited, "Rate limited")
}
