package dataplane

import (
	"context"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// response is the response of a provider.
type response struct {
	provider, model string

	status      int
	contentType string
	body        []byte
	// completion is the response before it was rendered; nil for errors and bodies
	// that are not JSON. Only completions are streamed and cached.
	completion *providerapi.Completion
	// cut is set if the stream ends after one chunk.
	cut bool
	// timedOut is set, and nothing else, if there was no response in time;
	// unreachable likewise, if the provider cannot be reached.
	timedOut, unreachable bool
}

// callProvider sends a request to its provider once, for as long as ctx allows. The
// built-in model plays all providers, except for custom ones on this machine.
func (p *Plane) callProvider(ctx context.Context, req request) response {
	if req.unknownURL != nil && !isLocal(req.custom) {
		// A path is looked up before a key is checked (inferred).
		return jsonResponse(http.StatusNotFound, req.unknownURL)
	}
	if e := p.credentialError(req); e != nil {
		return rejectedKey(req, *e)
	}
	if isLocal(req.custom) {
		return p.forward(ctx, req)
	}
	if req.flaw != nil {
		return errorResponse(req, *req.flaw)
	}
	if req.provider == providerapi.Workers && req.api.Kind() != "" && !providerapi.IsListed(req.model.Model, p.workersModels) {
		return jsonResponse(http.StatusBadRequest, providerapi.NoSuchModel(req.model.Model))
	}
	return p.callModel(ctx, req)
}

// callModel calls the built-in model.
func (p *Plane) callModel(ctx context.Context, req request) response {
	now := p.store.Now()
	completion := providerapi.Complete(req.provider, req.model, req.sentKey(), p.store.NewID(), now)
	out := response{status: http.StatusOK, contentType: "application/json"}
	switch fault := providerapi.FaultOf(req.provider, req.model.Model); fault.Kind {
	case providerapi.NoFault:
	case providerapi.EmptyResponse:
		completion.Empty, completion.TokensIn, completion.TokensOut = true, 0, 0
	case providerapi.Garbage:
		out.contentType, out.body = "text/html", []byte("<html>this is no JSON</html>")
		return out
	case providerapi.Cut:
		if !req.model.Stream {
			wire.CutConnection()
		}
		out.cut = true
	case providerapi.Slow:
		if !wire.Sleep(ctx, fault.Delay) {
			return response{timedOut: true}
		}
	case providerapi.Flaky:
		if p.store.CountFailure(req.account, req.gateway, req.model.Model, fault.Times) {
			return errorResponse(req, providerapi.NewStatusError(http.StatusInternalServerError))
		}
	case providerapi.StatusError:
		return errorResponse(req, providerapi.NewStatusError(fault.Status))
	case providerapi.UnknownModel:
		return errorResponse(req, providerapi.NewUnknownModel(req.model.Model))
	}
	out.completion = completion
	out.body = wire.Marshal(req.api.Render(req.model, completion))
	return out
}

// errorResponse returns an error of the provider in the shape of its API. The
// gateway passes it on verbatim (documented).
func errorResponse(req request, e providerapi.Error) response {
	return jsonResponse(e.Status, req.api.RenderError(e))
}

func jsonResponse(status int, body any) response {
	return response{status: status, contentType: "application/json", body: wire.Marshal(body)}
}

// rejectedKey is errorResponse for a key. Workers AI always uses the envelope of
// Cloudflare's API, with code 10000 (documented).
func rejectedKey(req request, e providerapi.Error) response {
	out := errorResponse(req, e)
	if req.provider == providerapi.Workers {
		out.body = wire.Marshal(providerapi.WorkersRun("").RenderError(e))
	}
	return out
}

// gatewayError returns the gateway's own error if the provider's response is not for
// the client. The REST API does so if a provider rejects a stored key (documented
// since October 2026); the gateway passes such a response on.
func gatewayError(req request, r response) *refusal {
	switch {
	case r.timedOut:
		return timedOut()
	case r.unreachable:
		return badRequest(codeProviderFailed, "Failed to get response from provider: "+req.provider+" cannot be reached") // documented
	case req.rest && req.key != nil && r.status == http.StatusUnauthorized:
		return newRefusal(http.StatusUnauthorized, codeUnauthorized, "Unauthorized")
	}
	return nil
}

// timedOut returns the error for a timeout. The service's own is not documented.
func timedOut() *refusal {
	return badRequest(codeProviderFailed, "Failed to get response from provider: the request timed out")
}

// noResponse returns the error for a request without a response of a provider.
func noResponse() *refusal {
	return badRequest(codeProviderFailed, "Failed to get response from provider")
}
