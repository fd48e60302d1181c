package client

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// codeSlugTaken is the code for a slug that another custom provider of the
// account has (documented, with HTTP 409).
const codeSlugTaken = 1003

// CustomProvider is a provider that an account has added to those that AI
// Gateway knows, as the service describes it. A nil text is one that is unset:
// the service writes null, "" or nothing.
type CustomProvider struct {
	// ID addresses the provider. The service chooses it: a UUID.
	ID string
	// Name is what people see.
	Name string
	// Slug is unique in the account: letters, digits and hyphens. Requests name
	// the provider by "custom-" and the slug.
	Slug string
	// BaseURL is what the rest of a request's path is appended to, with https.
	BaseURL string
	// Description, and Link to the provider's documentation.
	Description, Link *string
	// Logo is an SVG image in base64, which the service makes.
	Logo *string
	// CurlExample and JSExample show how the provider is used.
	CurlExample, JSExample *string
	// Enable is whether the provider can be used, Beta a mark; nil where the
	// service does not say.
	Enable, Beta *bool
	// Headers go with every request to the provider; their values may be
	// secrets. A value that is not a text stands there as JSON. It is nil for
	// none, and where the service's text holds no object.
	Headers map[string]string
	// TellsHeaders is whether the service's answer speaks of headers at all: as
	// they may be secrets, it may be silent about them.
	TellsHeaders bool
	// HeadersText is the JSON that Headers were read from, as the service wrote
	// it; empty for none.
	HeadersText string
	// Position is the provider's place among others; what exactly is not
	// documented.
	Position *int64
	// CreatedAt and ModifiedAt are zero where the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// CustomProviderFilter says which custom providers a list has.
type CustomProviderFilter struct {
	// Search is a part of the id, the name or the slug; empty means any.
	Search string
	// Enable and Beta are those of the provider; nil means any.
	Enable, Beta *bool
}

// ListCustomProviders yields the account's custom providers, page by page: a
// page is asked for when the one before it is used up. It stops at the first
// error.
func (c *Client) ListCustomProviders(ctx context.Context, accountID string, filter CustomProviderFilter) iter.Seq2[*CustomProvider, error] {
	return c.listCustomProviders(ctx, accountID, filter, new(time.Time))
}

// listCustomProviders also notes the time by the server's clock, or zero. It
// takes the secrets that the service is known to hold, and might repeat.
func (c *Client) listCustomProviders(ctx context.Context, accountID string, filter CustomProviderFilter, now *time.Time, secrets ...string) iter.Seq2[*CustomProvider, error] {
	op := operation{name: "list custom providers", secrets: secrets}
	id := func(provider *CustomProvider) string { return provider.ID }
	return paged(id, func(page int64) ([]*CustomProvider, resultInfo, error) {
		if err := c.checkCustomProviders(accountID); err != nil {
			return nil, resultInfo{}, err
		}
		ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
			var params ai_gateway.CustomProviderListParams
			params.AccountID.Value, params.AccountID.Present = accountID, true
			params.Page.Value, params.Page.Present = page, true
			params.PerPage.Value, params.PerPage.Present = objectsPerPage, true
			params.Search.Value, params.Search.Present = filter.Search, filter.Search != ""
			params.Enable.Value, params.Enable.Present = value(filter.Enable), filter.Enable != nil
			params.Beta.Value, params.Beta.Present = value(filter.Beta), filter.Beta != nil
			_, err := c.service.CustomProviders.List(ctx, params, opts...)
			return err
		})
		if err != nil {
			return nil, resultInfo{}, err
		}
		*now = ex.date()
		return decodedList(op.name, ex, "custom provider", customProviderAnswer.provider)
	})
}

// GetCustomProvider reads one custom provider. The error is ErrNotFound if it
// does not exist. The secrets are those that the service is known to hold, and
// might repeat: see [CustomProviderInput.Secrets].
func (c *Client) GetCustomProvider(ctx context.Context, accountID, id string, secrets ...string) (*CustomProvider, error) {
	op := operation{name: "read custom provider", secrets: secrets}
	ex, err := c.sendToCustomProvider(ctx, op, accountID, id)
	if err != nil {
		return nil, err
	}
	return decoded(op.name, ex, "custom provider", customProviderAnswer.provider)
}

// FindCustomProvider reads the custom provider with this slug. The error is
// ErrNotFound if there is none.
func (c *Client) FindCustomProvider(ctx context.Context, accountID, slug string) (*CustomProvider, error) {
	provider, _, err := c.findCustomProvider(ctx, accountID, slug)
	return provider, err
}

// findCustomProvider also returns the time by the server's clock, or zero.
func (c *Client) findCustomProvider(ctx context.Context, accountID, slug string, secrets ...string) (*CustomProvider, time.Time, error) {
	var now time.Time
	for provider, err := range c.listCustomProviders(ctx, accountID, CustomProviderFilter{Search: slug}, &now, secrets...) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if provider.Slug == slug {
			return provider, now, nil
		}
	}
	return nil, now, ErrNotFound
}

// CreateCustomProvider creates a custom provider and returns it as the service
// stored it.
//
// When the answer is lost, it looks for the slug before it gives up, even if
// ctx has ended in the meantime: a provider that is there, is as new as the
// request and has what was sent is the one that was asked for. Otherwise the
// error is ErrAlreadyExists if the slug is taken, ErrOutcomeUnknown if nobody
// can tell, or what the service answered.
func (c *Client) CreateCustomProvider(ctx context.Context, accountID string, input CustomProviderInput) (*CustomProvider, error) {
	if err := c.checkCustomProviders(accountID); err != nil {
		return nil, err
	}
	op := operation{name: "create custom provider", policy: once, secrets: input.Secrets()}
	encoded, err := json.Marshal(input.encode())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.CustomProviderNewParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.CustomProviders.New(ctx, params, append(opts, option.WithRequestBody("application/json", encoded))...)
		return err
	})
	if err == nil {
		var created *CustomProvider
		if created, err = decoded(op.name, ex, "custom provider", customProviderAnswer.provider); err == nil {
			return created, nil
		}
	}
	return recoverCreated(ctx, c, search[CustomProvider]{
		what: "custom provider", unique: "of this slug", listOnly: true,
		find: func(ctx context.Context) (*CustomProvider, time.Time, error) {
			return c.findCustomProvider(ctx, accountID, input.Slug, op.secrets...)
		},
		made:   func(provider *CustomProvider) time.Time { return provider.CreatedAt },
		asSent: func(provider *CustomProvider) bool { return provider.isLike(input) },
	}, began, ex, slugTaken(err))
}

// UpdateCustomProvider changes what differs between from, which is what the
// service is known to hold, and to, and returns the custom provider as the
// service stored it. A nil field of to is left as it is; "", and an empty map of
// headers, clear one. Where nothing differs it only reads. The error is
// ErrNotFound if the provider does not exist, ErrAlreadyExists if the slug is
// taken.
//
// The API documents a change of all fields but Headers and Position. Those are
// sent as well; whether they were taken, the answer tells. How a text is
// cleared is not documented: "" is sent, since the API declares texts, and where
// it does so it refuses null (observed on gateways).
func (c *Client) UpdateCustomProvider(ctx context.Context, accountID, id string, from, to CustomProviderInput) (*CustomProvider, error) {
	op := operation{name: "update custom provider", secrets: slices.Concat(from.Secrets(), to.Secrets())}
	changes := from.changes(to)
	if len(changes) == 0 {
		return c.GetCustomProvider(ctx, accountID, id, op.secrets...)
	}
	encoded, err := json.Marshal(changes)
	if err != nil {
		return nil, err
	}
	ex, err := c.sendToCustomProvider(ctx, op, accountID, id, instead(http.MethodPatch), option.WithRequestBody("application/json", encoded))
	if err != nil {
		return nil, slugTaken(err)
	}
	if err := checkDone(op.name, ex); err != nil {
		return nil, err
	}
	provider, err := decoded(op.name, ex, "custom provider", customProviderAnswer.provider)
	if err == nil && provider.BaseURL != "" {
		return provider, nil
	}
	// The answer does not tell, or not all: its form is not documented.
	return c.GetCustomProvider(ctx, accountID, id, op.secrets...)
}

// DeleteCustomProvider deletes a custom provider. It is no error if there is
// none. The secrets are as in [Client.GetCustomProvider].
func (c *Client) DeleteCustomProvider(ctx context.Context, accountID, id string, secrets ...string) error {
	if err := c.checkCustomProvider(accountID, id); err != nil {
		return err
	}
	op := operation{name: "delete custom provider", secrets: secrets}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.CustomProviderDeleteParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.CustomProviders.Delete(ctx, id, params, opts...)
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

// sendToCustomProvider reads a custom provider, or changes it: the SDK lacks
// that, which has the path of the other.
func (c *Client) sendToCustomProvider(ctx context.Context, op operation, accountID, id string, with ...option.RequestOption) (*exchange, error) {
	if err := c.checkCustomProvider(accountID, id); err != nil {
		return nil, err
	}
	return c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.CustomProviderGetParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.CustomProviders.Get(ctx, id, params, slices.Concat(with, opts)...)
		return err
	})
}

func (c *Client) checkCustomProviders(accountID string) error {
	return c.checkProviders("custom providers", accountID)
}

func (c *Client) checkCustomProvider(accountID, id string) error {
	if err := c.checkCustomProviders(accountID); err != nil {
		return err
	}
	return checkID("custom provider", id)
}

// slugTaken is err, as ErrAlreadyExists where the code says so, whatever the
// status.
func slugTaken(err error) error {
	var failed *Error
	if errors.As(err, &failed) && failed.Status < http.StatusInternalServerError && failed.HasCode(codeSlugTaken) {
		return failed.withKind(ErrAlreadyExists, failed.note)
	}
	return err
}

// customProviderAnswer is what the service says of a custom provider.
type customProviderAnswer struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Slug        string        `json:"slug"`
	BaseURL     string        `json:"base_url"`
	Description *string       `json:"description"`
	Link        *string       `json:"link"`
	Logo        *string       `json:"logo"`
	CurlExample *string       `json:"curl_example"`
	JSExample   *string       `json:"js_example"`
	Enable      *boolean      `json:"enable"`
	Beta        *boolean      `json:"beta"`
	Headers     headersAnswer `json:"headers"`
	Position    *integer      `json:"position"`
	CreatedAt   *moment       `json:"created_at"`
	ModifiedAt  *moment       `json:"modified_at"`
}

func (a customProviderAnswer) provider() (*CustomProvider, error) {
	if a.ID == "" {
		return nil, errors.New("the answer describes a custom provider without an id")
	}
	text := strings.TrimSpace(a.Headers.text)
	return &CustomProvider{
		ID: a.ID, Name: a.Name, Slug: a.Slug, BaseURL: a.BaseURL,
		Description: present(a.Description), Link: present(a.Link), Logo: present(a.Logo),
		CurlExample: present(a.CurlExample), JSExample: present(a.JSExample),
		Enable: boolOf(a.Enable), Beta: boolOf(a.Beta),
		Headers: decodeHeaders(text), HeadersText: text, TellsHeaders: a.Headers.told,
		Position:  int64Of(a.Position),
		CreatedAt: momentOf(a.CreatedAt), ModifiedAt: momentOf(a.ModifiedAt),
	}, nil
}
