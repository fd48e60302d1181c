package controlplane

import (
	"fmt"
	"net/url"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// createGateway handles POST /gateways. The status is 200, not 201 (documented).
func (a *API) createGateway(c call) {
	values, ok := c.parse(settings.CreateSchema(a.store.Quirks()))
	if !ok {
		return
	}
	g, err := a.store.CreateGateway(c.account, values)
	a.respondGateway(c, g, err)
}

// respondGateway writes a gateway, or the error.
func (a *API) respondGateway(c call, g store.Gateway, err error) {
	c.respond(func() any { return a.renderGateway(g) }, err)
}

// listGateways handles GET /gateways with page, per_page (1 to 100) and search, which
// looks for a part of the id (documented).
func (a *API) listGateways(c call) {
	page, ok := c.page()
	if !ok {
		return
	}
	gateways, info := pageOf(a.store.Gateways(c.account, c.r.URL.Query().Get("search")), page)
	writeList(c.w, renderAll(gateways, a.renderGateway), info)
}

// getGateway handles GET /gateways/{id}.
func (a *API) getGateway(c call) {
	g, err := a.store.Gateway(c.account, c.gateway())
	a.respondGateway(c, g, err)
}

// updateGateway handles PUT /gateways/{id}. A null that the schema accepts is stored
// (inferred from the source of the service's framework).
func (a *API) updateGateway(c call) {
	values, ok := c.parse(settings.UpdateSchema(a.store.Quirks()))
	if !ok {
		return
	}
	g, err := a.store.UpdateGateway(c.account, c.gateway(), values)
	a.respondGateway(c, g, err)
}

// deleteGateway handles DELETE /gateways/{id}. The result is the deleted gateway
// (documented).
func (a *API) deleteGateway(c call) {
	g, err := a.store.DeleteGateway(c.account, c.gateway())
	a.respondGateway(c, g, err)
}

// gatewayURL handles GET /gateways/{id}/url/{provider}. The result is the base URL for
// requests to a provider, as a bare string (documented). The provider is not
// checked; what the service does with unknown ones is not known.
func (a *API) gatewayURL(c call) {
	_, err := a.store.Gateway(c.account, c.gateway())
	c.respond(func() any {
		return fmt.Sprintf("http://%s%s/%s/%s/%s", c.r.Host, wire.DataPrefix,
			c.account, c.gateway(), url.PathEscape(c.params["provider"]))
	}, err)
}
