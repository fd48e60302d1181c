// Package dataplane routes requests to models through gateways, over the state in
// package store. A request goes through the steps in pipeline.go, in the order in
// which the service evaluates them.
package dataplane

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

// Plane is the data plane: the gateway endpoints and the REST API for models.
type Plane struct {
	store     *store.Store
	token     string
	draws     *draws
	exporter  *exporter
	upstreams http.RoundTripper
}

// New returns a data plane over a store that accepts a token. Dynamic routes draw
// random numbers from a source that starts with seed.
func New(s *store.Store, token string, seed uint64) *Plane {
	return &Plane{store: s, token: token, draws: newDraws(seed), exporter: newExporter(), upstreams: newUpstreams()}
}
