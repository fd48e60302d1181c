package client

import (
	"encoding/json"
	"slices"
)

// WireFormat is a form of requests and answers about gateways.
type WireFormat string

const (
	// WireCloudflare is the form of Cloudflare's API.
	WireCloudflare WireFormat = "cloudflare"
	// WireGatewayInput is the form of servers and mocks that were generated
	// from the published OpenAPI document, with its schemas GatewayInput and
	// Gateway.
	WireGatewayInput WireFormat = "gateway_input"
)

// Capabilities are what a wire format can carry, for plans to know.
type Capabilities struct {
	Format WireFormat
	// NamesAreIDs is whether a gateway is addressed by its name, which then
	// follows [GatewayNamePattern] and is unique. Otherwise the name is free
	// text, the server chooses an id, and nothing can be found by its name.
	NamesAreIDs bool
	// Pages is whether lists come in pages and can be searched.
	Pages bool
	// Routes is whether the service has dynamic routes.
	Routes bool
	// Providers is whether the service has what concerns providers: provider
	// configs, custom providers, Secrets Stores and the credit balance.
	Providers bool

	settings []string // nil means all
}

// Carries tells whether the format has a setting, by its name in the
// provider's schema.
func (c Capabilities) Carries(setting string) bool {
	return c.settings == nil || slices.Contains(c.settings, setting)
}

// format is the codec of a wire format.
type format struct {
	capabilities Capabilities
	encodeCreate func(name string, settings Settings) body
	encodeUpdate func(name string, settings, was Settings) body
	decode       func(raw json.RawMessage) (*Gateway, error)
}

// formats are the wire formats by their names.
var formats = map[WireFormat]format{
	WireCloudflare:   cloudflareFormat,
	WireGatewayInput: gatewayInputFormat,
}

// Capabilities are those of the client's wire format.
func (c *Client) Capabilities() Capabilities { return c.format.capabilities }

// SameOnWire tells whether two settings of one gateway make the same request,
// so that going from one to the other is nothing to the service.
func (c *Client) SameOnWire(a, b Settings) bool {
	return sameJSON(c.format.encodeUpdate("", a, a), c.format.encodeUpdate("", b, a))
}
