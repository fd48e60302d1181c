// Package controlplane serves the REST API that manages gateways and what belongs
// to them, over the state in package store.
package controlplane

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// API is the control plane.
type API struct {
	store         *store.Store
	token         string
	gatewayRender []renderStep
	gatewayRoutes []endpoint
	secretsRoutes []endpoint
}

// New returns a control plane over a store that accepts a token.
func New(s *store.Store, token string) *API {
	return &API{
		store:         s,
		token:         token,
		gatewayRender: gatewayRenderSteps(s),
		gatewayRoutes: gatewayEndpoints(),
		secretsRoutes: secretsEndpoints(),
	}
}

// call is one request, routed and authenticated.
type call struct {
	w       http.ResponseWriter
	r       *http.Request
	body    []byte
	account string
	params  map[string]string
}

// gateway returns the gateway that the path names.
func (c call) gateway() string { return c.params["gateway"] }

// endpoint is a path and its methods.
type endpoint struct {
	pattern  string
	handlers map[string]func(*API, call)
}

// gatewayEndpoints returns the endpoints below /accounts/{account}/ai-gateway.
func gatewayEndpoints() []endpoint {
	const (
		get    = http.MethodGet
		post   = http.MethodPost
		put    = http.MethodPut
		patch  = http.MethodPatch
		remove = http.MethodDelete
	)
	type handlers = map[string]func(*API, call)
	return []endpoint{
		{"gateways", handlers{get: (*API).listGateways, post: (*API).createGateway}},
		{"gateways/{gateway}", handlers{
			get: (*API).getGateway, put: (*API).updateGateway, remove: (*API).deleteGateway,
		}},
		{"gateways/{gateway}/url/{provider}", handlers{get: (*API).gatewayURL}},
		{"gateways/{gateway}/routes", handlers{get: (*API).listRoutes, post: (*API).createRoute}},
		{"gateways/{gateway}/routes/{route}", handlers{
			get: (*API).getRoute, patch: (*API).renameRoute, remove: (*API).deleteRoute,
		}},
		{"gateways/{gateway}/routes/{route}/versions", handlers{
			get: (*API).listRouteVersions, post: (*API).createRouteVersion,
		}},
		{"gateways/{gateway}/routes/{route}/versions/{version}", handlers{get: (*API).getRouteVersion}},
		{"gateways/{gateway}/routes/{route}/deployments", handlers{
			get: (*API).listRouteDeployments, post: (*API).createRouteDeployment,
		}},
		{"gateways/{gateway}/logs", handlers{get: (*API).listLogs, remove: (*API).deleteLogs}},
		{"gateways/{gateway}/logs/{log}", handlers{get: (*API).getLog, patch: (*API).editLog}},
		{"gateways/{gateway}/logs/{log}/request", handlers{get: (*API).logRequest}},
		{"gateways/{gateway}/logs/{log}/response", handlers{get: (*API).logResponse}},
		{"gateways/{gateway}/provider_configs", handlers{
			get: (*API).listProviderConfigs, post: (*API).createProviderConfig,
		}},
		{"gateways/{gateway}/provider_configs/{config}", handlers{
			put: (*API).rotateProviderConfig, remove: (*API).deleteProviderConfig,
		}},
		{"gateways/{gateway}/policies", handlers{get: (*API).listPolicies, post: (*API).createPolicy}},
		{"gateways/{gateway}/policies/commit", handlers{post: (*API).commitPolicies}},
		{"gateways/{gateway}/policies/simulate", handlers{post: (*API).simulatePolicies}},
		{"gateways/{gateway}/policies/{policy}", handlers{
			get: (*API).getPolicy, put: (*API).updatePolicy, remove: (*API).deletePolicy,
		}},
		{"gateways/{gateway}/custom-domains", handlers{
			get: (*API).listCustomDomains, post: (*API).createCustomDomain,
		}},
		{"gateways/{gateway}/custom-domains/{hostname}", handlers{
			get: (*API).getCustomDomain, remove: (*API).deleteCustomDomain,
		}},
		{"custom-providers", handlers{get: (*API).listCustomProviders, post: (*API).createCustomProvider}},
		{"custom-providers/{id}", handlers{
			get: (*API).getCustomProvider, patch: (*API).editCustomProvider, remove: (*API).deleteCustomProvider,
		}},
		{"billing/credit-balance", handlers{get: (*API).creditBalance}},
	}
}

// Serve handles a request. path is escaped and starts after /client/v4.
//
// Routing comes before authentication, as at the edge of Cloudflare's API
// (inferred). The method is checked last, since that is AI Gateway's own response
// (observed live).
func (a *API) Serve(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	endpoints := a.gatewayRoutes
	account, rest, ok := wire.SplitAccountPath(path, "ai-gateway")
	if !ok {
		endpoints = a.secretsRoutes
		account, rest, ok = wire.SplitAccountPath(path, "secrets_store")
	}
	if !ok {
		wire.WriteNoRoute(w, path)
		return
	}
	for _, e := range endpoints {
		params, ok := matchPath(e.pattern, rest)
		if !ok {
			continue
		}
		if !wire.BearerMatches(r.Header.Get("Authorization"), a.token) {
			wire.WriteUnauthenticated(w, r.Header.Get("Authorization"))
			return
		}
		handler, ok := e.handlers[r.Method]
		if !ok {
			wire.WriteBadMethod(w, r.Method)
			return
		}
		handler(a, call{w: w, r: r, body: body, account: account, params: params})
		return
	}
	wire.WriteNoRoute(w, path)
}

// matchPath matches an escaped path against a pattern whose segments in braces are
// parameters. Parameters are unescaped and never empty.
func matchPath(pattern, path string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range want {
		name, isParam := strings.CutPrefix(segment, "{")
		if !isParam {
			if segment != got[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(got[i])
		if err != nil || value == "" {
			return nil, false
		}
		params[strings.TrimSuffix(name, "}")] = value
	}
	return params, true
}

// decodeBody decodes the JSON body of a request. A body that is not JSON counts as
// {}: the service's framework does the same, so that every required field is
// reported as missing (inferred from its source).
func decodeBody(body []byte) any {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return map[string]any{}
	}
	return v
}

// parse checks the body. If it has problems, it responds and reports false.
//
// Bodies are checked before anything is looked up, so a bad body for a missing
// object is 400 (inferred from the source of the service's framework).
func (c call) parse(schema apischema.Schema) (map[string]any, bool) {
	values, problems := apischema.ParseBody(schema, decodeBody(c.body))
	return values, !c.refused(problems)
}

// refused responds to a request with problems, and reports whether there are any.
func (c call) refused(problems apischema.Problems) bool {
	if len(problems) == 0 {
		return false
	}
	errs := make([]wire.Error, 0, len(problems))
	for _, p := range problems {
		errs = append(errs, wire.Error{Code: codeInvalid, Message: p.Message, Path: p.Path})
	}
	writeErrors(c.w, http.StatusBadRequest, errs...)
	return true
}

// respond writes the result of an operation on an object of a gateway, or its
// error. Code 7001 was observed live for all that the state does not allow.
func (c call) respond(result func() any, err error) {
	var refusal store.RequestError
	switch {
	case err == nil:
		writeResult(c.w, result())
	case errors.As(err, &refusal):
		writeErrors(c.w, http.StatusBadRequest, wire.Error{Code: codeInvalid, Message: refusal.Error()})
	default:
		writeNotFound(c.w)
	}
}
