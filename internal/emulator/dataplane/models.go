package dataplane

import (
	"net/http"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// listedSince is when the models of the list were created. The service's own times are
// not known.
var listedSince = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// serveModels handles GET compat/models: the models that the gateway can reach, without
// context length or prices. The names of the members were reported by a client of the
// service.
//
// The request is free, needs no more than an allowed client, and neither counts nor
// appears in the logs (inferred).
func (p *Plane) serveModels(w http.ResponseWriter, in inbound) {
	type model struct {
		ID      string `json:"id"`
		Object  string `json:"object"`
		Created int64  `json:"created_at"`
		Owner   string `json:"owned_by"`
	}
	list := []model{}
	for _, m := range providerapi.Catalog(p.workersModels) {
		if p.reaches(in, m.Provider) {
			list = append(list, model{m.Provider + "/" + m.Name, "model", listedSince.Unix(), m.Provider})
		}
	}
	wire.WriteJSON(w, http.StatusOK, struct {
		Object string  `json:"object"`
		Data   []model `json:"data"`
	}{"list", list})
}

// reaches reports whether a gateway has a credential for a provider: a stored key, or
// Unified Billing, which byok_only switches off. Workers AI needs none. (What the
// service lists is not documented in detail.)
func (p *Plane) reaches(in inbound, provider string) bool {
	if provider == providerapi.Workers {
		return true
	}
	if !in.config.BYOKOnly && slices.Contains(unifiedProviders, provider) {
		return true
	}
	key, err := p.store.FindKey(in.account, in.gateway, store.KeyQuery{Provider: provider})
	return err == nil && key != nil
}
