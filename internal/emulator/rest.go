package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// restForms are the endpoints of the REST API below /accounts/{account}/ai
// (documented). Models of the legacy endpoint are in its path.
var restForms = map[string]form{
	"run":                 restRun{},
	"v1/chat/completions": openAIChat{},
	"v1/responses":        openAIResponses{},
	"v1/messages":         anthropicMessages{},
}

// serveREST answers a request below /client/v4/accounts/{account}/ai.
//
// Models of other providers go through the gateway that cf-aig-gateway-id
// names, or through the default one. Those of Workers AI pass by the gateways
// unless the header is there (documented).
func (s *Server) serveREST(w http.ResponseWriter, r *http.Request, account, path string, body []byte) {
	form, known := restForms[path]
	legacy := false
	if model, ok := strings.CutPrefix(path, "run/"); ok && !known {
		if unescaped, err := url.PathUnescape(model); err == nil {
			form, legacy = workersRun{model: unescaped}, isWorkersModel(unescaped)
		}
	}
	if !known && !legacy {
		writeNoRoute(w, r.URL.EscapedPath()[len(controlPrefix):])
		return
	}
	if !s.bearerValid(r.Header.Get("Authorization")) {
		writeUnauthenticated(w)
		return
	}
	if r.Method != http.MethodPost {
		writeBadMethod(w, r.Method)
		return
	}
	x := exchange{
		account: account, gateway: r.Header.Get("cf-aig-gateway-id"), trusted: true, rest: true,
		method: r.Method, endpoint: "ai/" + path, query: r.URL.Query(), header: r.Header, body: body, form: form,
	}
	if refusal := x.readREST(); refusal != nil {
		writeJSON(w, refusal.status, refusal.edgeBody())
		return
	}
	if x.gateway == "" && x.provider != workersProvider {
		x.gateway = defaultGatewayID
	}
	if x.gateway != "" {
		var refusal *dataError
		if x.settings, refusal = s.admit(account, x.gateway, true); refusal == nil {
			refusal = s.lookUpRoute(&x)
		}
		if refusal != nil {
			writeJSON(w, refusal.status, refusal.edgeBody())
			return
		}
	}
	s.serveExchange(w, r, x)
}

// authors are the names of the REST API for providers that have another one in
// the gateway (documented).
var authors = map[string]string{"google": "google-ai-studio", "xai": "grok"}

// readREST reads the request and finds out who answers it. An unknown model is
// 7003 (documented). What a bad body is, is not; the code is that of compat.
func (x *exchange) readREST() *dataError {
	q, flaw := x.form.read(x.body)
	x.question = q
	if flaw != "" || q.model == "" {
		if flaw == "" {
			flaw = "model: Required"
		}
		return &dataError{http.StatusBadRequest, codeBadChat, "Bad format: " + flaw}
	}
	author, model, _ := strings.Cut(q.model, "/")
	provider := author
	if renamed, ok := authors[author]; ok {
		provider = renamed
	}
	switch {
	case model == "":
	case isWorkersModel(q.model):
		x.provider = workersProvider
		return nil
	case author == dynamicPrefix && x.form == openAIChat{}:
		x.askRoute(model)
		return nil
	case provider == faultProvider || slices.Contains(providers, provider):
		x.provider, x.question.model = provider, model
		return nil
	}
	return &dataError{http.StatusNotFound, codeCouldNotRoute, "Model not found: " + q.model}
}
