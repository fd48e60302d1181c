package gateways

import (
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A format is a wire format: the form of requests and responses.
type format interface {
	// carries reports whether the format has a setting, by its name in the
	// provider's schema.
	carries(setting string) bool
	// encodeCreate returns the body of a create.
	encodeCreate(name string, settings Settings) wire.Body
	// encodeUpdate returns the body of an update. was is what the service is
	// known to hold.
	encodeUpdate(name string, settings, was Settings) wire.Body
	// decode converts a gateway of a response.
	decode(object wire.Object) (*Gateway, error)
}

func formatOf(can client.Capabilities) format {
	if can.Format == client.WireGatewayInput {
		return gatewayInput{}
	}
	return cloudflare{}
}

// Carries reports whether a service's wire format has a setting, by its name in
// the provider's schema.
func Carries(can client.Capabilities, setting string) bool { return formatOf(can).carries(setting) }

// SameOnWire reports whether two settings of one gateway make the same request,
// so that a change from one to the other means nothing to the service.
func SameOnWire(c *client.Client, a, b Settings) bool {
	format := formatOf(c.Capabilities())
	return wire.Same(format.encodeUpdate("", a, a), format.encodeUpdate("", b, a))
}

// decoder returns the decoder of gateways in the client's wire format.
func decoder(c *client.Client) client.Decoder[wire.Object, *Gateway] {
	return client.Decoder[wire.Object, *Gateway]{Noun: noun, Convert: func(object wire.Object) (*Gateway, error) {
		if object == nil { // null in a list
			object = wire.Object{}
		}
		return formatOf(c.Capabilities()).decode(object)
	}}
}

const noun = "gateway"
