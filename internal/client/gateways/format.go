package gateways

import (
	"cmp"

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
	can := c.Capabilities()
	return client.Decoder[wire.Object, *Gateway]{
		Noun: noun, Nameless: !can.NamesAreIDs,
		Identify: func(object wire.Object) client.Identity {
			id := text(object, "id")
			found := client.Identity{ID: id, Name: id, AccountID: cmp.Or(text(object, "account_id"), text(object, "account_tag"))}
			if !can.NamesAreIDs {
				found.Name = text(object, "name")
			}
			return found
		},
		Convert: func(object wire.Object) (*Gateway, error) { return formatOf(can).decode(object) },
	}
}

// text returns a field that is a string, and "" for anything else.
func text(object wire.Object, name string) string { return wire.Value(wire.As[string](object[name])) }

// identity returns what responses about a gateway have to describe.
func identity(accountID, id string) client.Identity {
	return client.Identity{AccountID: accountID, ID: id}
}

const noun = "gateway"
