// Package customproviders manages the custom providers of an account.
package customproviders

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

const (
	noun = "custom provider"
	// perPage is the most that the API returns at once, by its specification.
	perPage = 100
	// codeSlugTaken is the code for a slug that another custom provider of the
	// account has (documented, with HTTP 409).
	codeSlugTaken = 1003
)

// A Provider is a custom provider as the service describes it: one that an
// account has added to those that AI Gateway knows. A nil string is unset, which
// the service writes as null, "" or nothing.
type Provider struct {
	// ID addresses the provider. The service chooses it: a UUID.
	ID string
	// Name is what people see.
	Name string
	// Slug is unique in the account: letters, digits and hyphens. Requests name
	// the provider by "custom-" and the slug.
	Slug string
	// BaseURL is the URL to which the rest of a request's path is appended, with
	// https.
	BaseURL string
	// Description, and Link to the provider's documentation.
	Description, Link *string
	// Logo is an SVG image in base64, which the service creates.
	Logo *string
	// CurlExample and JSExample show how the provider is used.
	CurlExample, JSExample *string
	// Enable is whether the provider can be used, and Beta a mark. Both are nil
	// if the service does not say.
	Enable, Beta *bool
	// Headers go with every request to the provider. Their values may be secrets.
	// A value that is not a string is here as JSON. Headers is nil for none, and
	// if the service's string does not contain an object.
	Headers map[string]string
	// HasHeaders is whether the response has headers at all: it may leave them
	// out, since they may be secrets.
	HasHeaders bool
	// HeadersText is the JSON that Headers were read from, as the service wrote
	// it; empty for none.
	HeadersText string
	// Position is the provider's place among others. Its exact meaning is not
	// documented.
	Position *int64
	// CreatedAt and ModifiedAt are zero if the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// A Filter selects the custom providers of a list.
type Filter struct {
	// Search is a part of the id, the name or the slug; empty means any.
	Search string
	// Enable and Beta are those of the provider; nil means any.
	Enable, Beta *bool
}

// List iterates over the account's custom providers, fetching pages on demand. It
// stops at the first error.
func List(ctx context.Context, c *client.Client, accountID string, filter Filter) iter.Seq2[*Provider, error] {
	return list(ctx, c, accountID, filter, new(time.Time))
}

// list also notes the time by the server's clock, or zero. It takes the secrets
// that the service is known to hold, and might repeat.
func list(ctx context.Context, c *client.Client, accountID string, filter Filter, now *time.Time, secrets ...string) iter.Seq2[*Provider, error] {
	if err := check(c, accountID); err != nil {
		return client.Failed[*Provider](err)
	}
	call := client.Call0(c.AIGateway().CustomProviders.List, ai_gateway.CustomProviderListParams{AccountID: client.InAccount(accountID).AccountID})
	return client.List[response, *Provider]{
		Request: client.Request{Operation: "list custom providers", Secrets: secrets},
		Call:    call.WithQuery("search", filter.Search).WithQuery("enable", boolText(filter.Enable)).WithQuery("beta", boolText(filter.Beta)),
		Decoder: decoder,
		ID:      func(provider *Provider) string { return provider.ID },
		PerPage: perPage,
		OnPage:  func(resp *client.Response, _ client.Page[*Provider]) { *now = resp.Date() },
	}.All(ctx, c, client.Identity{AccountID: accountID})
}

func boolText(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

// Get reads one custom provider. The error is ErrNotFound if it does not exist.
// The secrets are those that the service is known to hold, and might repeat: see
// [Input.Secrets].
func Get(ctx context.Context, c *client.Client, accountID, id string, secrets ...string) (*Provider, error) {
	if err := checkProvider(c, accountID, id); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "read custom provider", Secrets: secrets}
	provider, _, err := client.Get(ctx, c, request, getCall(c, accountID, id), decoder, identity(accountID, id))
	return provider, err
}

func getCall(c *client.Client, accountID, id string) client.Call {
	return client.Call1(c.AIGateway().CustomProviders.Get, id, ai_gateway.CustomProviderGetParams(client.InAccount(accountID)))
}

// Find reads the custom provider with this slug. The error is ErrNotFound if
// there is none.
func Find(ctx context.Context, c *client.Client, accountID, slug string) (*Provider, error) {
	provider, _, err := find(ctx, c, accountID, slug)
	return provider, err
}

// find also returns the time by the server's clock, or zero.
func find(ctx context.Context, c *client.Client, accountID, slug string, secrets ...string) (*Provider, time.Time, error) {
	var now time.Time
	for provider, err := range list(ctx, c, accountID, Filter{Search: slug}, &now, secrets...) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if provider.Slug == slug {
			return provider, now, nil
		}
	}
	return nil, now, client.ErrNotFound
}

// Create creates a custom provider and returns it as the service stored it.
//
// If the response is lost, it looks for the slug, even if ctx has ended in the
// meantime: a provider that is as new as the request and has what was sent is the
// one that was asked for. Otherwise the error is ErrAlreadyExists if the slug is
// taken, ErrOutcomeUnknown if that cannot be told, or what the service responded.
func Create(ctx context.Context, c *client.Client, accountID string, input Input) (*Provider, error) {
	if err := check(c, accountID); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "create custom provider", Body: input.encode(), Secrets: input.Secrets(), Refine: explainTakenSlug}
	call := client.Call0(c.AIGateway().CustomProviders.New, ai_gateway.CustomProviderNewParams{AccountID: client.InAccount(accountID).AccountID})
	want := client.Identity{AccountID: accountID, Name: input.Slug}
	return client.Create(ctx, c, request, call, decoder, want, client.Search[*Provider]{
		Noun: noun, Unique: "of this slug", Looks: client.ListLooks, Lags: true, Stale: true,
		Find: func(ctx context.Context) (*Provider, time.Time, error) {
			return find(ctx, c, accountID, input.Slug, request.Secrets...)
		},
		CreatedAt: func(provider *Provider) time.Time { return provider.CreatedAt },
		AsSent:    func(provider *Provider) bool { return provider.isLike(input) },
	})
}

// Update changes what differs between from, which is what the service is known to
// hold, and to. It returns the custom provider as the service stored it. A nil
// field of to is left as it is; "", and an empty map of headers, clear one. If
// nothing differs, it only reads. The error is ErrNotFound if the provider does
// not exist, ErrAlreadyExists if the slug is taken.
//
// The API documents a change of all fields but Headers and Position. Those are
// sent as well, and the response shows whether they were taken. How a string is
// cleared is not documented: "" is sent, since the API declares strings, and
// where it does so it refuses null (observed on gateways).
func Update(ctx context.Context, c *client.Client, accountID, id string, from, to Input) (*Provider, error) {
	secrets := slices.Concat(from.Secrets(), to.Secrets())
	changes := from.changes(to)
	if len(changes) == 0 {
		return Get(ctx, c, accountID, id, secrets...)
	}
	if err := checkProvider(c, accountID, id); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "update custom provider", Body: changes, Secrets: secrets, Refine: explainTakenSlug}
	// The SDK lacks it; its path is that of the read.
	call := getCall(c, accountID, id).Instead(http.MethodPatch)
	return client.Change(ctx, c, request, call, changed, identity(accountID, id), func(ctx context.Context) (*Provider, error) {
		return Get(ctx, c, accountID, id, secrets...)
	})
}

// Delete deletes a custom provider. It is no error if there is none. The secrets
// are as in [Get].
func Delete(ctx context.Context, c *client.Client, accountID, id string, secrets ...string) error {
	if err := checkProvider(c, accountID, id); err != nil {
		return err
	}
	call := client.Call1(c.AIGateway().CustomProviders.Delete, id, ai_gateway.CustomProviderDeleteParams(client.InAccount(accountID)))
	request := client.Request{Operation: "delete custom provider", Secrets: secrets}
	return c.Delete(ctx, request, call, identity(accountID, id), func(ctx context.Context) error {
		_, err := Get(ctx, c, accountID, id, secrets...)
		return err
	})
}

func check(c *client.Client, accountID string) error {
	return c.CheckProviders("custom providers", accountID)
}

func checkProvider(c *client.Client, accountID, id string) error {
	return cmp.Or(check(c, accountID), client.CheckID(noun, id))
}

// explainTakenSlug makes an error ErrAlreadyExists if its code says so, whatever
// its status.
func explainTakenSlug(failed *client.Error) *client.Error {
	if failed.Status < http.StatusInternalServerError && failed.HasCode(codeSlugTaken) {
		return failed.WithKind(client.ErrAlreadyExists, failed.Note())
	}
	return failed
}

// identity returns what responses about a custom provider have to describe.
func identity(accountID, id string) client.Identity {
	return client.Identity{AccountID: accountID, ID: id}
}

var decoder = client.Decoder[response, *Provider]{Noun: noun, Identify: response.identity, Convert: response.provider}

// changed decodes the response to a change. Its form is not documented, so it may
// leave out what every custom provider has.
var changed = client.Decoder[response, *Provider]{
	Noun: noun, Identify: response.identity, Partial: true,
	Convert: func(r response) (*Provider, error) {
		if r.BaseURL == "" {
			return nil, wire.NotA(noun)
		}
		return r.provider()
	},
}

// response is a custom provider in a response.
type response struct {
	client.Owner
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Slug        string        `json:"slug"`
	BaseURL     string        `json:"base_url"`
	Description *string       `json:"description"`
	Link        *string       `json:"link"`
	Logo        *string       `json:"logo"`
	CurlExample *string       `json:"curl_example"`
	JSExample   *string       `json:"js_example"`
	Enable      *wire.Boolean `json:"enable"`
	Beta        *wire.Boolean `json:"beta"`
	Headers     headers       `json:"headers"`
	Position    *wire.Integer `json:"position"`
	CreatedAt   *wire.Moment  `json:"created_at"`
	ModifiedAt  *wire.Moment  `json:"modified_at"`
}

func (r response) identity() client.Identity {
	return client.Identity{ID: r.ID, Name: r.Slug, AccountID: r.Account()}
}

func (r response) provider() (*Provider, error) {
	text := strings.TrimSpace(r.Headers.text)
	return &Provider{
		ID: r.ID, Name: r.Name, Slug: r.Slug, BaseURL: r.BaseURL,
		Description: wire.NonEmpty(r.Description), Link: wire.NonEmpty(r.Link), Logo: wire.NonEmpty(r.Logo),
		CurlExample: wire.NonEmpty(r.CurlExample), JSExample: wire.NonEmpty(r.JSExample),
		Enable: (*bool)(r.Enable), Beta: (*bool)(r.Beta),
		Headers: decodeHeaders(text), HeadersText: text, HasHeaders: r.Headers.present,
		Position:  (*int64)(r.Position),
		CreatedAt: wire.Time(r.CreatedAt), ModifiedAt: wire.Time(r.ModifiedAt),
	}, nil
}
