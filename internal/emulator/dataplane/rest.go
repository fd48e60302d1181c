package dataplane

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// restAPIs are the endpoints of the REST API below /accounts/{account}/ai
// (documented), except the legacy one, which has the model in its path.
var restAPIs = map[string]providerapi.API{
	"run":                 providerapi.RESTRun,
	"v1/chat/completions": providerapi.OpenAIChat,
	"v1/responses":        providerapi.OpenAIResponses,
	"v1/messages":         providerapi.AnthropicMessages,
}

// restAPI returns the API of a path, or nil.
func restAPI(path string) providerapi.API {
	if api, ok := restAPIs[path]; ok {
		return api
	}
	escaped, ok := strings.CutPrefix(path, "run/")
	if !ok {
		return nil
	}
	model, err := url.PathUnescape(escaped)
	if err != nil || !providerapi.IsWorkersModel(model) {
		return nil
	}
	return providerapi.WorkersRun(model)
}

// ServeREST handles a request below /client/v4/accounts/{account}/ai.
//
// Models of other providers go through the gateway that cf-aig-gateway-id names, or
// through the default one. Those of Workers AI bypass gateways unless the header is
// set (documented).
func (p *Plane) ServeREST(w http.ResponseWriter, r *http.Request, account, path string, body []byte) {
	recorded := trace.FromContext(r.Context())
	recorded.Enter(r.Header.Get("cf-aig-gateway-id"))
	api := restAPI(path)
	switch {
	case api == nil:
		wire.WriteNoRoute(w, strings.TrimPrefix(r.URL.EscapedPath(), wire.ControlPrefix))
		return
	case !wire.BearerMatches(r.Header.Get("Authorization"), p.token):
		wire.WriteUnauthenticated(w, r.Header.Get("Authorization"))
		return
	case r.Method != http.MethodPost:
		wire.WriteBadMethod(w, r.Method)
		return
	}
	req := p.newRequest(inbound{
		account: account, gateway: r.Header.Get("cf-aig-gateway-id"), trusted: true, rest: true,
		method: r.Method, endpoint: "ai/" + path, query: r.URL.Query(), header: r.Header, body: body, trace: recorded,
	})
	req, refused := p.parseREST(req, api)
	if refused != nil {
		req.refuse(stepRequest, refused)
		refused.writeREST(w)
		return
	}
	if req.gateway == "" && req.provider != providerapi.Workers {
		req.gateway = store.DefaultGatewayID
		recorded.Enter(req.gateway)
	}
	if req.gateway != "" {
		if req.config, refused = p.openGateway(req.inbound); refused == nil {
			req, refused = p.resolve(req)
		} else {
			req.refuse(stepGateway, refused)
		}
		if refused != nil {
			refused.writeREST(w)
			return
		}
	}
	id := p.store.NewID()
	p.respond(w, r, p.process(r.Context(), req, visit{logID: id}), ids{request: id, log: id})
}

// authors are the names that the REST API has for providers with another name in
// the gateway (documented).
var authors = map[string]string{"google": "google-ai-studio", "xai": "grok"}

// parseREST reads a request and finds its provider. An unknown model is 7003
// (documented), and on run also one of Workers AI (inferred from the text for that
// path; the other paths have the error of Workers AI itself). The code for a malformed
// body is not documented; here it is that of compat.
func (p *Plane) parseREST(req request, api providerapi.API) (request, *refusal) {
	model, flaw := api.Parse(req.body)
	if flaw == "" && model.Model == "" {
		flaw = "model: Required"
	}
	if flaw != "" {
		return req, badRequest(codeBadChat, "Bad format: "+flaw)
	}
	req.api, req.model = api, model
	author, name, _ := strings.Cut(model.Model, "/")
	provider := author
	if renamed, ok := authors[author]; ok {
		provider = renamed
	}
	switch {
	case name == "":
	case api == providerapi.RESTRun && providerapi.IsWorkersModel(model.Model) && !providerapi.IsListed(model.Model, p.workersModels):
	case providerapi.IsWorkersModel(model.Model):
		return req.forModel(providerapi.Workers, model.Model), nil
	case model.Model == autoModel && (api == providerapi.OpenAIChat || api == providerapi.OpenAIResponses):
		return req.forAuto(), nil
	case author == dynamicPrefix && api == providerapi.OpenAIChat:
		return req.forRoute(name), nil
	case provider == providerapi.Emulator || providerapi.Known(provider):
		return req.forModel(provider, name), nil
	}
	return req, newRefusal(http.StatusNotFound, wire.CodeCouldNotRoute, "Model not found: "+model.Model)
}
