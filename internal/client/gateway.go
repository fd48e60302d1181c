package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// gatewaysPerPage is the most that the API hands out at once.
const gatewaysPerPage = 100

// Gateway is a gateway as the service describes it.
type Gateway struct {
	// ID addresses the gateway in paths and URLs. The service chooses it; on
	// Cloudflare's API it is the name.
	ID string
	// Name is what the gateway was called at its creation.
	Name string
	// Slug is the name as it stands in URLs.
	Slug string
	Settings
	// TellsOnlyWhatIsOn is whether the service does not tell the TTL of a cache
	// that is off, nor limit and interval of rate limiting that is.
	TellsOnlyWhatIsOn bool
	// IsDefault marks the gateway that takes requests which name none. It is
	// nil where the service does not say.
	IsDefault *bool
	// CreatedAt and ModifiedAt are zero where the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// GetGateway reads one gateway. The error is ErrNotFound if it does not exist.
func (c *Client) GetGateway(ctx context.Context, accountID, id string) (*Gateway, error) {
	gateway, _, err := c.getGateway(ctx, accountID, id)
	return gateway, err
}

// FindGateway reads the gateway of a name. The error is ErrNotFound if there is
// none, and where names are not unique, another one if there are several.
func (c *Client) FindGateway(ctx context.Context, accountID, name string) (*Gateway, error) {
	if c.format.capabilities.NamesAreIDs {
		return c.GetGateway(ctx, accountID, name)
	}
	var found *Gateway
	for gateway, err := range c.ListGateways(ctx, accountID, "") {
		switch {
		case err != nil:
			return nil, err
		case gateway.Name != name:
		case found != nil:
			return nil, fmt.Errorf("there are several gateways of this name, such as those with the ids %q and %q", found.ID, gateway.ID)
		default:
			found = gateway
		}
	}
	if found == nil {
		return nil, ErrNotFound
	}
	return found, nil
}

// getGateway also returns the time by the server's clock, or zero.
func (c *Client) getGateway(ctx context.Context, accountID, id string) (*Gateway, time.Time, error) {
	if err := checkIDs(accountID, id); err != nil {
		return nil, time.Time{}, err
	}
	op := operation{name: "read gateway"}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.AIGatewayGetParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Get(ctx, id, params, opts...)
		return err
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	gateway, err := c.decodeGateway(op.name, ex)
	return gateway, ex.date(), err
}

// UpdateGateway replaces a gateway's settings and returns the gateway as the
// service stored it. was is what the service is known to hold, so that what is
// to be switched off is switched off in the form that the API has for that. The
// error is ErrNotFound if the gateway does not exist.
func (c *Client) UpdateGateway(ctx context.Context, accountID, id, name string, settings, was Settings) (*Gateway, error) {
	if err := checkIDs(accountID, id); err != nil {
		return nil, err
	}
	op := operation{name: "update gateway", secrets: slices.Concat(settings.secrets(), was.secrets())}
	body, err := json.Marshal(c.format.encodeUpdate(name, settings, was))
	if err != nil {
		return nil, err
	}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.AIGatewayUpdateParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Update(ctx, id, params, append(opts, option.WithRequestBody("application/json", body))...)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !c.format.capabilities.NamesAreIDs && withoutResult(ex) {
		return c.GetGateway(ctx, accountID, id)
	}
	return c.decodeGateway(op.name, ex)
}

// DeleteGateway deletes a gateway and its logs. It is no error if there is
// none.
func (c *Client) DeleteGateway(ctx context.Context, accountID, id string) error {
	return c.deleteGateway(ctx, accountID, id)
}

// deleteGateway takes the secrets that the service is known to hold of the
// gateway, and might repeat.
func (c *Client) deleteGateway(ctx context.Context, accountID, id string, secrets ...string) error {
	if err := checkIDs(accountID, id); err != nil {
		return err
	}
	op := operation{name: "delete gateway", secrets: secrets}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.AIGatewayDeleteParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Delete(ctx, id, params, opts...)
		return err
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return checkDone(op.name, ex)
	}
}

// ListGateways yields the account's gateways whose id contains search, page by
// page: a page is asked for when the one before it is used up. It stops at the
// first error. Empty search means all.
func (c *Client) ListGateways(ctx context.Context, accountID, search string) iter.Seq2[*Gateway, error] {
	return func(yield func(*Gateway, error) bool) {
		if err := checkAccountID(accountID); err != nil {
			yield(nil, err)
			return
		}
		// A gateway that is created or deleted meanwhile moves the others
		// between pages: none is yielded twice.
		seen := map[string]bool{}
		for page, received := int64(1), int64(0); ; page++ {
			gateways, info, err := c.listGateways(ctx, accountID, search, page)
			if err != nil {
				yield(nil, err)
				return
			}
			news := false
			for _, gateway := range gateways {
				if seen[gateway.ID] || !c.found(gateway, search) {
					continue
				}
				seen[gateway.ID], news = true, true
				if !yield(gateway, nil) {
					return
				}
			}
			received += int64(len(gateways))
			total := int64Of(info.TotalCount)
			switch {
			case !c.format.capabilities.Pages:
				return
			case !news: // past the end, or a server that knows no pages
				return
			case total != nil && received >= *total:
				return
			case total == nil && len(gateways) < gatewaysPerPage:
				return
			}
		}
	}
}

func (c *Client) listGateways(ctx context.Context, accountID, search string, page int64) ([]*Gateway, resultInfo, error) {
	op := operation{name: "list gateways"}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.AIGatewayListParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		if c.format.capabilities.Pages {
			params.Page.Value, params.Page.Present = page, true
			params.PerPage.Value, params.PerPage.Present = gatewaysPerPage, true
			if search != "" {
				params.Search.Value, params.Search.Present = search, true
			}
		}
		_, err := c.service.List(ctx, params, opts...)
		return err
	})
	if err != nil {
		return nil, resultInfo{}, err
	}
	return c.decodeGateways(op.name, ex)
}

// found tells whether a gateway is what a list was searched for. A server that
// knows pages does the search itself.
func (c *Client) found(gateway *Gateway, search string) bool {
	return c.format.capabilities.Pages || strings.Contains(gateway.ID, search) || strings.Contains(gateway.Name, search)
}

func (c *Client) decodeGateway(op string, ex *exchange) (*Gateway, error) {
	var raw json.RawMessage
	if _, err := decodeResult(op, ex, &raw); err != nil {
		return nil, err
	}
	gateway, err := c.format.decode(raw)
	if err != nil {
		return nil, unexpected(op, ex, err)
	}
	return gateway, nil
}

func (c *Client) decodeGateways(op string, ex *exchange) ([]*Gateway, resultInfo, error) {
	var raws []json.RawMessage
	info, err := decodeResult(op, ex, &raws)
	if err != nil {
		return nil, resultInfo{}, err
	}
	gateways := make([]*Gateway, 0, len(raws))
	for _, raw := range raws {
		gateway, err := c.format.decode(raw)
		if err != nil {
			return nil, resultInfo{}, unexpected(op, ex, err)
		}
		gateways = append(gateways, gateway)
	}
	return gateways, info, nil
}
