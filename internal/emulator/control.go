package emulator

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one request to the control plane, routed and authenticated.
type call struct {
	w       http.ResponseWriter
	r       *http.Request
	body    []byte
	account string
	params  map[string]string
}

// controlRoute is a path below /accounts/{account}/ai-gateway and its methods.
type controlRoute struct {
	pattern  string
	handlers map[string]func(*Server, call)
}

// controlRoutes is what the control plane offers.
func controlRoutes() []controlRoute {
	return []controlRoute{
		{"gateways", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listGateways,
			http.MethodPost: (*Server).createGateway,
		}},
		{"gateways/{gateway}", map[string]func(*Server, call){
			http.MethodGet:    (*Server).getGateway,
			http.MethodPut:    (*Server).updateGateway,
			http.MethodDelete: (*Server).deleteGateway,
		}},
		{"gateways/{gateway}/url/{provider}", map[string]func(*Server, call){
			http.MethodGet: (*Server).gatewayURL,
		}},
		{"gateways/{gateway}/routes", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listRoutes,
			http.MethodPost: (*Server).createRoute,
		}},
		{"gateways/{gateway}/routes/{route}", map[string]func(*Server, call){
			http.MethodGet:    (*Server).getRoute,
			http.MethodPatch:  (*Server).renameRoute,
			http.MethodDelete: (*Server).deleteRoute,
		}},
		{"gateways/{gateway}/routes/{route}/versions", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listRouteVersions,
			http.MethodPost: (*Server).createRouteVersion,
		}},
		{"gateways/{gateway}/routes/{route}/versions/{version}", map[string]func(*Server, call){
			http.MethodGet: (*Server).getRouteVersion,
		}},
		{"gateways/{gateway}/routes/{route}/deployments", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listRouteDeployments,
			http.MethodPost: (*Server).createRouteDeployment,
		}},
		{"gateways/{gateway}/logs", map[string]func(*Server, call){
			http.MethodGet:    (*Server).listLogs,
			http.MethodDelete: (*Server).deleteLogs,
		}},
		{"gateways/{gateway}/logs/{log}", map[string]func(*Server, call){
			http.MethodGet:   (*Server).getLog,
			http.MethodPatch: (*Server).editLog,
		}},
		{"gateways/{gateway}/logs/{log}/request", map[string]func(*Server, call){
			http.MethodGet: (*Server).logRequest,
		}},
		{"gateways/{gateway}/logs/{log}/response", map[string]func(*Server, call){
			http.MethodGet: (*Server).logResponse,
		}},
	}
}

// serveControl routes path, which is escaped and starts after /client/v4.
//
// Routing comes before authentication, as at the edge of Cloudflare's API
// (inferred), and the method is looked at last, since that is AI Gateway's own
// answer (observed live).
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	if account, rest, ok := accountPath(path, "ai"); ok {
		s.serveREST(w, r, account, rest, body)
		return
	}
	routes := s.routes
	account, rest, ok := accountPath(path, "ai-gateway")
	if !ok {
		routes = s.secretsRoutes
		account, rest, ok = accountPath(path, "secrets_store")
	}
	if !ok {
		writeNoRoute(w, path)
		return
	}
	for _, route := range routes {
		params, ok := matchPath(route.pattern, rest)
		if !ok {
			continue
		}
		if !s.bearerValid(r.Header.Get("Authorization")) {
			writeUnauthenticated(w)
			return
		}
		handler, ok := route.handlers[r.Method]
		if !ok {
			writeBadMethod(w, r.Method)
			return
		}
		handler(s, call{w: w, r: r, body: body, account: account, params: params})
		return
	}
	writeNoRoute(w, path)
}

// accountPath splits /accounts/{account}/{product}/{rest}.
func accountPath(path, product string) (account, rest string, ok bool) {
	parts := strings.SplitN(path, "/", 5)
	if len(parts) != 5 || parts[0] != "" || parts[1] != "accounts" || parts[3] != product {
		return "", "", false
	}
	return parts[2], parts[4], accountPattern.MatchString(parts[2])
}

// matchPath matches an escaped path against a pattern whose segments in braces
// are parameters. Parameters are unescaped and never empty.
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

// bearerValid reports whether a header value carries the server's token.
func (s *Server) bearerValid(header string) bool {
	scheme, token, ok := strings.Cut(header, " ")
	return ok && strings.EqualFold(scheme, "Bearer") && token == s.token
}

// decodeBody decodes the JSON body of a request. A body that is not JSON counts
// as {}: the service's framework does the same, so that every required field
// is reported as missing (inferred from its source).
func decodeBody(body []byte) any {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return map[string]any{}
	}
	return v
}

// pageQuery is the part of a list request that all lists share.
type pageQuery struct {
	page, perPage int
}

// parsePage reads page and per_page. The defaults are 1 and 20 (documented).
func parsePage(query url.Values, maxPerPage int) (pageQuery, problems) {
	var p problems
	q := pageQuery{
		page:    queryInt(&p, query, "page", 1, noMax),
		perPage: queryInt(&p, query, "per_page", 20, float64(maxPerPage)),
	}
	return q, p
}

// queryInt reads a whole number of at least 1. Texts that are no number become
// NaN, as JavaScript's conversion has it.
func queryInt(p *problems, query url.Values, name string, fallback int, maximum float64) int {
	if !query.Has(name) {
		return fallback
	}
	n, err := strconv.ParseFloat(query.Get(name), 64)
	if err != nil {
		n = math.NaN()
	}
	before := len(*p)
	integer(1, maximum).parse(p, []any{"query", name}, n)
	if len(*p) > before {
		return fallback
	}
	// Far pages are empty; the bound only keeps the arithmetic in range.
	return int(min(n, math.MaxInt32))
}

// pageOf returns the items of a page, none past the end, and its description.
func pageOf[T any](items []T, q pageQuery) ([]T, resultInfo) {
	info := resultInfo{Page: q.page, PerPage: q.perPage, TotalCount: len(items)}
	from := min((q.page-1)*q.perPage, len(items))
	to := min(from+q.perPage, len(items))
	return items[from:to], info
}

// gatewayURL answers the base URL for requests to a provider through a gateway
// (documented: the result is a bare string). The provider is not checked; what
// the service does with unknown ones is not known.
func (s *Server) gatewayURL(c call) {
	s.withGateway(c, func(*gateway) any {
		return fmt.Sprintf("http://%s%s/%s/%s/%s", c.r.Host, dataPrefix,
			c.account, c.params["gateway"], url.PathEscape(c.params["provider"]))
	})
}
