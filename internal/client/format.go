package client

import "fmt"

// A WireFormat names a format of requests and responses about gateways.
type WireFormat string

const (
	// WireCloudflare is the format of Cloudflare's API.
	WireCloudflare WireFormat = "cloudflare"
	// WireGatewayInput is the format of servers and mocks generated from the
	// published OpenAPI document, with its schemas GatewayInput and Gateway.
	WireGatewayInput WireFormat = "gateway_input"
)

// Capabilities tell what a service that uses a wire format can do. The formats
// themselves are in package gateways; other packages need only this of them.
type Capabilities struct {
	// Format is the wire format.
	Format WireFormat
	// NamesAreIDs is whether a gateway's name is its id, and so unique.
	// Otherwise the name is free text and the service chooses an id.
	NamesAreIDs bool
	// Pages is whether lists of gateways have pages and can be searched.
	Pages bool
	// PutReplaces is whether an update resets what it omits, and may omit what the
	// client does not know.
	PutReplaces bool
	// Routes is whether the service has dynamic routes.
	Routes bool
	// Providers is whether the service has provider configs, custom providers, custom
	// domains, Secrets Stores and the credit balance.
	Providers bool
	// Policies is whether gateways have policies.
	Policies bool
	// DeleteLogs is whether the service deletes logs, which the published OpenAPI
	// document only lists.
	DeleteLogs bool
}

func capabilitiesOf(format WireFormat) (Capabilities, error) {
	switch format {
	case WireCloudflare:
		return Capabilities{Format: format, NamesAreIDs: true, PutReplaces: true, Pages: true, Routes: true, Providers: true, Policies: true, DeleteLogs: true}, nil
	case WireGatewayInput:
		return Capabilities{Format: format}, nil
	default:
		return Capabilities{}, fmt.Errorf("there is no wire format %q", format)
	}
}

// Capabilities returns those of the client's wire format.
func (c *Client) Capabilities() Capabilities { return c.capabilities }

// CheckCapability returns an error if the wire format does not have the objects,
// such as "dynamic routes".
func (c Capabilities) CheckCapability(has bool, objects string) error {
	if !has {
		return fmt.Errorf("the wire format %q has no %s, so no request was sent", c.Format, objects)
	}
	return nil
}

// CheckProviders returns an error if the wire format does not have the objects
// around providers, or if accountID is not an account ID.
func (c *Client) CheckProviders(objects, accountID string) error {
	if err := c.capabilities.CheckCapability(c.capabilities.Providers, objects); err != nil {
		return err
	}
	return CheckAccountID(accountID)
}
