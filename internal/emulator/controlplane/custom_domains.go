package controlplane

import (
	"net/http"
	"regexp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

var (
	domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	zonePattern   = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// customDomainBody is the body of a new custom domain. domain and zone_id are
// documented, min_tls and its values come from Cloudflare's CLI. What the service
// checks of them is inferred.
var customDomainBody = apischema.Object{
	{Name: "domain", Schema: apischema.String{Min: 1, Pattern: domainPattern}},
	{Name: "zone_id", Schema: apischema.String{Min: 1, Pattern: zonePattern}},
	{Name: "min_tls", Schema: apischema.Enum{"1.0", "1.1", "1.2", "1.3"}, Optional: true},
}

// listCustomDomains handles GET /custom-domains. The documentation has no sample of the
// response: pages are as in the other lists (inferred).
func (a *API) listCustomDomains(c call) {
	page, ok := c.page()
	if !ok {
		return
	}
	domains, err := a.store.CustomDomains(c.account, c.gateway())
	if err != nil {
		writeNotFound(c.w)
		return
	}
	shown, info := pageOf(domains, page)
	writeList(c.w, renderAll(shown, a.renderCustomDomain), info)
}

func (a *API) respondCustomDomain(c call, d *store.CustomDomain, err error) {
	c.respond(func() any { return a.renderCustomDomain(d) }, err)
}

// createCustomDomain handles POST /custom-domains.
func (a *API) createCustomDomain(c call) {
	values, ok := c.parse(customDomainBody)
	if !ok {
		return
	}
	d, err := a.store.CreateCustomDomain(c.account, c.gateway(), values)
	a.respondCustomDomain(c, d, err)
}

// getCustomDomain handles GET /custom-domains/{hostname}.
func (a *API) getCustomDomain(c call) {
	d, err := a.store.CustomDomain(c.account, c.gateway(), c.params["hostname"])
	a.respondCustomDomain(c, d, err)
}

// deleteCustomDomain handles DELETE /custom-domains/{hostname}. That the result is the
// domain is inferred.
func (a *API) deleteCustomDomain(c call) {
	d, err := a.store.DeleteCustomDomain(c.account, c.gateway(), c.params["hostname"])
	a.respondCustomDomain(c, d, err)
}

// renderCustomDomain returns a custom domain as the documented sample shows it: with
// times in milliseconds, without zone_id and min_tls.
func (a *API) renderCustomDomain(d *store.CustomDomain) *wire.Object {
	out := &wire.Object{}
	out.Set("hostname", d.Hostname)
	out.Set("gateway_id", d.Gateway)
	if a.store.Has(quirk.ExtraFields) {
		out.Set("account_id", d.Account)
		out.Set("zone_id", d.ZoneID)
		out.Set("min_tls", d.MinTLS)
	}
	out.Set("status", d.Status)
	out.Set("cname_target", d.CNAMETarget)
	out.Set("created_at", d.Created.UnixMilli())
	out.Set("modified_at", d.Modified.UnixMilli())
	return out
}

// ServeActivation handles POST /emulator/custom-domains/{hostname}/activate, which the
// service does not have: it stands for the DNS record that somebody creates.
func (a *API) ServeActivation(w http.ResponseWriter, r *http.Request, hostname string) {
	switch {
	case !wire.BearerMatches(r.Header.Get("Authorization"), a.token):
		wire.WriteUnauthenticated(w, r.Header.Get("Authorization"))
		return
	case r.Method != http.MethodPost:
		wire.WriteBadMethod(w, r.Method)
		return
	}
	d, ok := a.store.ActivateCustomDomain(hostname)
	if !ok {
		writeNotFound(w)
		return
	}
	writeResult(w, a.renderCustomDomain(d))
}
