package dataplane

import (
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// ServeDomain handles a request to a custom domain. The path is that below a gateway,
// since the hostname stands for account and gateway (documented). So the REST API and
// the control plane are not served there: their paths name no provider.
//
// A verified Access identity is the credential in place of the gateway's token
// (documented). A domain that is not active serves nothing; what the service then
// responds is not documented, since the hostname does not lead to it.
func (p *Plane) ServeDomain(w http.ResponseWriter, r *http.Request, domain *store.CustomDomain, body []byte) {
	if domain.Status != store.DomainActive {
		wire.WriteEdgeError(w, http.StatusNotFound, wire.Error{
			Code: wire.CodeCouldNotRoute, Message: "The custom domain " + domain.Hostname + " is not active: its status is " + domain.Status,
		})
		return
	}
	path := domain.Account + "/" + domain.Gateway + "/" + strings.TrimPrefix(r.URL.EscapedPath(), "/")
	p.serve(w, r, readInbound(r, path, body, p.hasToken(r.Header) || parseIdentity(r.Header) != nil))
}
