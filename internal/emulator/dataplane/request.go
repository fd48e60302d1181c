package dataplane

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

// inbound is a request as the client sent it.
type inbound struct {
	account string
	// gateway is empty for requests that pass through none.
	gateway string
	config  store.GatewayConfig
	// trusted is set if the client has sent a valid token.
	trusted bool
	// rest is set for requests of the REST API, universal for the steps of a universal
	// request.
	rest, universal bool

	method string
	// endpoint is the path below the gateway, or below the account for the REST
	// API.
	endpoint string
	query    url.Values
	header   http.Header
	body     []byte

	// trace records the steps of the request; nil if nobody wants to know.
	trace *trace.Trace
}

// request is a request to a model. It is passed by value; what it refers to must
// not be changed.
type request struct {
	inbound
	// compat is set for requests to compat/chat/completions and compat/embeddings.
	compat bool
	// step is the position in a universal request or among the models of a dynamic
	// route, override what that step says about retries.
	step     int
	override retryOverride

	// clientKey is the provider's key that the client sent, or "".
	clientKey string
	// key is the key that the gateway adds; nil if it adds none.
	key      *store.Key
	metadata map[string]any
	// verdict is what the policies of the gateway say.
	verdict policies.Verdict

	// routeName is the name of the dynamic route that the request is for, route the
	// route. They are unset once a model is found.
	routeName string
	route     *store.DeployedRoute

	// auto is set as long as the service has to choose the model; routing is its choice.
	auto    bool
	routing *routing

	provider string
	// custom is the provider if it is a custom one.
	custom *store.CustomProvider
	api    providerapi.API
	model  providerapi.Request
	// flaw is the provider's error for a request that it cannot read.
	flaw *providerapi.Error
	// unknownURL is the body of the provider's 404 for a path that it does not have.
	unknownURL any
}

// newRequest returns a request without a provider.
func (p *Plane) newRequest(in inbound) request {
	metadata := parseMetadata(in.header.Get("cf-aig-metadata"))
	if identity := parseIdentity(in.header); identity != nil && identity.ID != "" {
		if metadata == nil {
			metadata = map[string]any{}
		}
		metadata[userIDKey] = identity.ID
	}
	return request{inbound: in, clientKey: p.clientKey(in), metadata: metadata}
}

// forModel returns the request for a provider and model.
func (req request) forModel(provider, model string) request {
	req.provider, req.model.Model = provider, model
	return req
}

const (
	// dynamicPrefix begins model names that are dynamic routes.
	dynamicPrefix = "dynamic"
	// unknownProvider is the provider of a request for which a route has found no
	// model (documented for logs).
	unknownProvider = "unknown"
)

// forRoute returns the request for a dynamic route. Until the route finds a model,
// and in the log if it finds none, the model is the route and the provider is
// unknown (documented for logs).
func (req request) forRoute(name string) request {
	req.routeName = name
	return req.forModel(unknownProvider, dynamicPrefix+"/"+name)
}

// parseRequest reads a request: its endpoint, whose first segment names a provider,
// and the body in the shape of that provider's API.
func (p *Plane) parseRequest(in inbound) (request, *refusal) {
	req := p.newRequest(in)
	segment, below, _ := strings.Cut(in.endpoint, "/")
	var refused *refusal
	switch {
	case segment == "compat" && compatAPIs[below] != nil:
		if req, refused = parseCompat(req, compatAPIs[below]); refused != nil {
			return req, refused
		}
	case segment == "compat":
		return req, notImplemented("The emulator does not support this path; below compat it supports chat/completions, embeddings and models")
	case providerapi.Known(segment) || strings.HasPrefix(segment, store.CustomPrefix):
		req = parseNative(req, segment, below)
	default:
		return req, invalidProvider()
	}
	req.custom, refused = p.findCustomProvider(req.account, req.provider)
	return req, refused
}

// compatAPIs are the endpoints below compat that ask a model.
var compatAPIs = map[string]providerapi.API{
	"chat/completions": providerapi.OpenAIChat,
	"embeddings":       providerapi.OpenAIEmbeddings,
}

// parseCompat reads a request to an endpoint below compat. A body that is not a chat
// request is 2019 (documented). That this covers the method, the messages and
// embeddings is inferred.
func parseCompat(req request, api providerapi.API) (request, *refusal) {
	malformed := badRequest(codeBadChat, "Chat completion bad format")
	req.compat, req.api = true, api
	model, flaw := req.api.Parse(req.body)
	if req.method != http.MethodPost || flaw != "" {
		return req, malformed
	}
	req.model = model
	if name, ok := strings.CutPrefix(model.Model, dynamicPrefix+"/"); ok && name != "" {
		return req.forRoute(name), nil
	}
	if model.Model == autoModel && api == providerapi.OpenAIChat {
		return req.forAuto(), nil
	}
	prefix, name, ok := strings.Cut(model.Model, "/")
	if !ok || prefix == "" || name == "" {
		return req, malformed
	}
	provider, refused := resolveProvider(prefix)
	if refused != nil {
		return req, refused
	}
	return req.forModel(provider, name), nil
}

// resolveProvider returns the provider that logs and headers name for the prefix of
// a model name. google is an alias (both spellings are documented).
func resolveProvider(prefix string) (string, *refusal) {
	switch {
	case prefix == "google":
		return "google-ai-studio", nil
	case strings.HasPrefix(prefix, store.CustomPrefix), // findCustomProvider looks it up
		prefix == providerapi.Emulator, providerapi.Known(prefix):
		return prefix, nil
	default:
		return "", invalidProvider()
	}
}

// parseNative reads a request on a path of a provider. The provider itself responds
// to a malformed request, once the gateway has let it through.
func parseNative(req request, provider, path string) request {
	req.provider = provider
	req.api = providerapi.ForPath(provider, req.method, path, req.query)
	model, flaw := providerapi.ParsePath(provider, path, req.api, req.body)
	req.model = model
	if flaw != "" {
		req.flaw = &providerapi.Error{Status: http.StatusBadRequest, Message: flaw}
	}
	req.unknownURL, _ = providerapi.UnknownURL(provider, req.method, path, req.api)
	return req
}

// findCustomProvider returns the custom provider of that name, nil for other
// providers. One that does not exist or is not enabled is an invalid provider (the
// latter inferred).
func (p *Plane) findCustomProvider(account, provider string) (*store.CustomProvider, *refusal) {
	slug, ok := strings.CutPrefix(provider, store.CustomPrefix)
	if !ok {
		return nil, nil
	}
	if custom := p.store.EnabledCustomProvider(account, slug); custom != nil {
		return custom, nil
	}
	return nil, invalidProvider()
}
