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
	store *store.Store
	token string
	// workersModels are models of Workers AI besides its catalog.
	workersModels []string
	draws         *draws
	exporter      *exporter
	upstreams     http.RoundTripper
}

// Options configure a [Plane].
type Options struct {
	// Token is the token that clients send.
	Token string
	// Seed starts the source of the random numbers that dynamic routes draw.
	Seed uint64
	// WorkersModels are models of Workers AI besides its catalog.
	WorkersModels []string
}

// New returns a data plane over a store.
func New(s *store.Store, opts Options) *Plane {
	return &Plane{
		store: s, token: opts.Token, workersModels: opts.WorkersModels,
		draws: newDraws(opts.Seed), exporter: newExporter(), upstreams: newUpstreams(),
	}
}
