package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// CreateGateway creates a gateway and returns it as the service stored it.
//
// When the answer is lost, it looks for the gateway before it gives up, even
// if ctx has ended in the meantime: a gateway that is there, is as new as the
// request and has the settings that were sent is the one that was asked for.
// Otherwise the error is ErrAlreadyExists if a gateway of this name was there
// before, ErrOutcomeUnknown if nobody can tell, or what the service answered.
//
// Features, and log classification, are sent in a second request, since the
// API takes them on update alone. If that fails, the gateway is deleted again.
// Only if that fails as well are both results set: the gateway as it is, and
// the error.
func (c *Client) CreateGateway(ctx context.Context, accountID, name string, settings Settings) (*Gateway, error) {
	gateway, err := c.createPlain(ctx, accountID, name, settings)
	if err != nil || !c.format.capabilities.NamesAreIDs || !settings.onlyOnUpdate() {
		return gateway, err
	}
	complete, err := c.UpdateGateway(ctx, accountID, gateway.ID, name, settings, gateway.Settings)
	if err == nil {
		return complete, nil
	}
	var failed *Error
	if !errors.As(err, &failed) {
		return gateway, err
	}
	kind := failed.kind
	if errors.Is(failed, ErrAlreadyExists) || errors.Is(failed, ErrNotFound) {
		kind = ErrInvalid // of a create, these would speak of the name
	}
	failed = failed.withKind(kind, "the gateway had just been created and was deleted again, since its features could not be set")
	failed.Op = "create gateway"
	undo, cancel := recovery(ctx)
	defer cancel()
	if deleteErr := c.deleteGateway(undo, accountID, gateway.ID, settings.secrets()...); deleteErr != nil {
		return gateway, failed.withKind(kind,
			"the gateway had just been created, and deleting it again failed as well ("+deleteErr.Error()+
				"): it exists without the features that the configuration asks for")
	}
	return nil, failed
}

// createPlain is the first request of CreateGateway.
func (c *Client) createPlain(ctx context.Context, accountID, name string, settings Settings) (*Gateway, error) {
	if err := checkAccountID(accountID); err != nil {
		return nil, err
	}
	if c.format.capabilities.NamesAreIDs {
		if err := checkIDs(accountID, name); err != nil {
			return nil, err
		}
	}
	op := operation{name: "create gateway", policy: once, secrets: settings.secrets()}
	body, err := json.Marshal(c.format.encodeCreate(name, settings))
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
		gateway, decodeErr := c.decodeGateway(op.name, ex)
		if decodeErr == nil {
			return gateway, nil
		}
		err = decodeErr
	}
	if !c.format.capabilities.NamesAreIDs {
		return nil, unrecovered(ex, err)
	}
	return c.recoverCreate(ctx, accountID, name, settings, began, ex, err)
}

// unrecovered is the error of a create that cannot be looked up, since names
// are not unique there.
func unrecovered(ex *exchange, failure error) error {
	var failed *Error
	switch {
	case !errors.As(failure, &failed):
		return failure
	case ex.outcomeUnknown():
		return failed.withKind(ErrOutcomeUnknown, "this wire format has no way to look for it")
	case ex.err == nil && ex.status < 300:
		// Success, by an answer that cannot be read.
		return failed.withKind(failed.kind, "a gateway may have been made, and this wire format has no way to look for it")
	default:
		return failed
	}
}

// recoverCreate decides what became of a create that did not succeed plainly:
// failure is what is known so far.
func (c *Client) recoverCreate(ctx context.Context, accountID, name string, sent Settings, began time.Time, ex *exchange, failure error) (*Gateway, error) {
	failed, unknown := lostAnswer(ex, failure)
	// The service answers a taken name with the code of invalid input, and
	// with HTTP 504 at times: only a look tells.
	refused := ex.err == nil && (ex.status == http.StatusBadRequest || ex.status == http.StatusConflict)
	if failed == nil || !unknown && !refused {
		return nil, failure
	}
	ctx, cancel := recovery(ctx)
	defer cancel()

	gateway, now, err := c.lookForCreated(ctx, accountID, name, unknown)
	switch {
	case err == nil && unknown && fresh(gateway.CreatedAt, now, time.Since(began)) && storedAsSent(gateway, sent):
		return gateway, nil
	case err == nil:
		return nil, failed.withKind(ErrAlreadyExists, "a gateway of this name was there before")
	case refused:
		return nil, failed
	default:
		return nil, failed.lookedInVain("gateway", ex, err)
	}
}

// lookForCreated reads the gateway, more than once if its creation may still
// be under way.
func (c *Client) lookForCreated(ctx context.Context, accountID, name string, patient bool) (gateway *Gateway, now time.Time, err error) {
	c.patiently(ctx, recoveryLooks, func() bool {
		gateway, now, err = c.getGateway(ctx, accountID, name)
		return patient && errors.Is(err, ErrNotFound)
	})
	return gateway, now, err
}
