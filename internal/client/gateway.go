package client

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// gatewaysPerPage is the most that the API hands out at once.
const gatewaysPerPage = 100

// Settings are what can be set on a gateway. A nil field is one that the
// caller does not know or does not care for: it is left out of a request where
// the wire allows it.
type Settings struct {
	// CacheEnabled switches caching. On Cloudflare's wire, caching is on
	// exactly if cache_ttl is above 0.
	CacheEnabled *bool
	// CacheTTL is how long an answer is cached, in seconds. It is nil in an
	// answer of the service when caching is off.
	CacheTTL *int64
	// RateLimitingEnabled switches rate limiting. On Cloudflare's wire, it is
	// on exactly if limit and interval are above 0.
	RateLimitingEnabled *bool
	// RateLimitingLimit is the number of requests in one interval. It is nil
	// in an answer of the service when rate limiting is off.
	RateLimitingLimit *int64
	// RateLimitingInterval is the interval in seconds. It is nil in an answer
	// of the service when rate limiting is off.
	RateLimitingInterval *int64
	// RateLimitingTechnique is "fixed" or "sliding".
	RateLimitingTechnique *string
	// LogEnabled is whether requests are logged (collect_logs).
	LogEnabled *bool
	// Authentication is whether requests must carry a token of the account.
	Authentication *bool
	// CacheInvalidateOnUpdate is the field of that name; what it does is not
	// documented.
	CacheInvalidateOnUpdate *bool
}

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
	// IsDefault marks the gateway that takes requests which name none. It is
	// nil where the service does not say.
	IsDefault *bool
	// CreatedAt and ModifiedAt are zero where the service does not say.
	CreatedAt, ModifiedAt time.Time
	// Others are the settings that the service holds besides [Settings].
	Others OtherSettings
}

// OtherSettings are settings of a gateway that [Settings] does not cover, by
// their names on the wire. An update replaces the whole gateway, and whether
// the service keeps or resets what an update leaves out is not documented; so
// they are sent back as they were read. Settings that hold secrets are not
// among them: the service may answer those masked.
type OtherSettings map[string]json.RawMessage

// CreateGateway creates a gateway and returns it as the service stored it.
//
// When the answer is lost, it looks for the gateway before it gives up, even
// if ctx has ended in the meantime: a gateway that is there, is as new as the
// request and has the settings that were sent is the one that was asked for.
// Otherwise the error is ErrAlreadyExists if a gateway of this name was there
// before, ErrOutcomeUnknown if nobody can tell, or what the service answered.
func (c *Client) CreateGateway(ctx context.Context, accountID, name string, settings Settings) (*Gateway, error) {
	if err := checkIDs(accountID, name); err != nil {
		return nil, err
	}
	op := operation{name: "create gateway", policy: once}
	body, err := json.Marshal(encodeCreate(name, settings))
	if err != nil {
		return nil, err
	}
	began := time.Now()
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.AIGatewayNewParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.New(ctx, params, append(opts, option.WithRequestBody("application/json", body))...)
		return err
	})
	if err == nil {
		gateway, decodeErr := decodeGateway(op.name, ex)
		if decodeErr == nil {
			return gateway, nil
		}
		err = decodeErr
	}
	return c.recoverCreate(ctx, accountID, name, settings, began, ex, err)
}

// GetGateway reads one gateway. The error is ErrNotFound if it does not exist.
func (c *Client) GetGateway(ctx context.Context, accountID, id string) (*Gateway, error) {
	gateway, _, err := c.getGateway(ctx, accountID, id)
	return gateway, err
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
	gateway, err := decodeGateway(op.name, ex)
	return gateway, ex.date(), err
}

// UpdateGateway replaces a gateway's settings, and sends others back with
// them. It returns the gateway as the service stored it. The error is
// ErrNotFound if it does not exist.
func (c *Client) UpdateGateway(ctx context.Context, accountID, id string, settings Settings, others OtherSettings) (*Gateway, error) {
	if err := checkIDs(accountID, id); err != nil {
		return nil, err
	}
	op := operation{name: "update gateway"}
	body, err := json.Marshal(encodeUpdate(settings, others))
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
	return decodeGateway(op.name, ex)
}

// DeleteGateway deletes a gateway and its logs. It is no error if there is
// none.
func (c *Client) DeleteGateway(ctx context.Context, accountID, id string) error {
	if err := checkIDs(accountID, id); err != nil {
		return err
	}
	op := operation{name: "delete gateway"}
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
				if seen[gateway.ID] {
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
		params.Page.Value, params.Page.Present = page, true
		params.PerPage.Value, params.PerPage.Present = gatewaysPerPage, true
		if search != "" {
			params.Search.Value, params.Search.Present = search, true
		}
		_, err := c.service.List(ctx, params, opts...)
		return err
	})
	if err != nil {
		return nil, resultInfo{}, err
	}
	return decodeGateways(op.name, ex)
}
