// Package gateways manages the gateways of an account, and has their wire
// formats.
package gateways

import (
	"context"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// perPage is the most that the API returns at once.
const perPage = 100

// NamePattern matches what Cloudflare accepts as the name of a new gateway,
// besides its length of 1 to [NameMaxLength] characters. The length is from the
// API's specification, the pattern from its users' observation.
var NamePattern = regexp.MustCompile(`^[a-z0-9_]+(?:-[a-z0-9_]+)*$`)

// NameMaxLength is the longest name of a gateway, in characters, by the API's
// specification.
const NameMaxLength = 64

// A Gateway is a gateway as the service describes it.
type Gateway struct {
	// ID addresses the gateway in paths and URLs. The service chooses it; on
	// Cloudflare's API it is the name.
	ID string
	// Name is what the gateway was called at its creation.
	Name string
	// Slug is the name as it stands in URLs.
	Slug string
	Settings
	// OmitsWhenOff is whether the service does not tell the TTL while caching is
	// off, nor the limit and interval while rate limiting is.
	OmitsWhenOff bool
	// IsDefault is whether the gateway takes requests that name none, nil if the
	// service does not say.
	IsDefault *bool
	// CreatedAt and ModifiedAt are zero if the service does not say.
	CreatedAt, ModifiedAt time.Time
	// Carried tells what the request that returned this gateway did with fields that
	// this version does not know.
	Carried client.Carried
}

// Get reads one gateway. The error is ErrNotFound if it does not exist.
func Get(ctx context.Context, c *client.Client, accountID, id string) (*Gateway, error) {
	return get(ctx, c, accountID, id)
}

// get takes the secrets that the service is known to hold, and might repeat.
func get(ctx context.Context, c *client.Client, accountID, id string, secrets ...string) (*Gateway, error) {
	shown, _, err := getShown(ctx, c, accountID, id, secrets...)
	return shown.Gateway, err
}

// getShown is [get] with the gateway's form in the response. It also returns the time
// by the server's clock, or zero.
func getShown(ctx context.Context, c *client.Client, accountID, id string, secrets ...string) (shownGateway, time.Time, error) {
	if err := client.CheckGateway(accountID, id); err != nil {
		return shownGateway{}, time.Time{}, err
	}
	call := client.Call1(c.AIGateway().Get, id, client.InAccount(accountID))
	request := client.Request{Operation: "read gateway", Secrets: secrets}
	return client.Get(ctx, c, request, call, shownDecoder(c), identity(accountID, id))
}

// Find reads the gateway with this name. The error is ErrNotFound if there is
// none. Where names are not unique, it is another error if there are several.
func Find(ctx context.Context, c *client.Client, accountID, name string) (*Gateway, error) {
	if c.Capabilities().NamesAreIDs {
		return Get(ctx, c, accountID, name)
	}
	var found *Gateway
	for gateway, err := range List(ctx, c, accountID, "") {
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
		return nil, client.ErrNotFound
	}
	return found, nil
}

// Default reports whether the gateway is the one that the service creates by itself. It is
// told by its id (documented).
func (g *Gateway) Default() bool { return g.ID == "default" }

// List iterates over the account's gateways whose id contains search, fetching
// pages on demand. It stops at the first error. An empty search means all.
func List(ctx context.Context, c *client.Client, accountID, search string) iter.Seq2[*Gateway, error] {
	if err := client.CheckAccountID(accountID); err != nil {
		return client.Failed[*Gateway](err)
	}
	list := client.List[wire.Object, *Gateway]{
		Request: client.Request{Operation: "list gateways"},
		Call:    client.Call0(c.AIGateway().List, ai_gateway.AIGatewayListParams{AccountID: client.InAccount(accountID).AccountID}),
		Decoder: decoder(c),
		ID:      func(gateway *Gateway) string { return gateway.ID },

		ShortPageIsLast: true,
	}
	if !c.Capabilities().Pages { // nor does the service search
		return matching(list.All(ctx, c, identity(accountID, "")), search)
	}
	list.PerPage, list.Call = perPage, list.Call.WithQuery("search", search)
	return list.All(ctx, c, identity(accountID, ""))
}

// matching iterates over the gateways whose id or name contains search.
func matching(list iter.Seq2[*Gateway, error], search string) iter.Seq2[*Gateway, error] {
	return func(yield func(*Gateway, error) bool) {
		for gateway, err := range list {
			matches := err != nil || strings.Contains(gateway.ID, search) || strings.Contains(gateway.Name, search)
			if matches && !yield(gateway, err) {
				return
			}
		}
	}
}

// Update replaces a gateway's settings and returns the gateway as the service
// stored it. was is what the service was known to hold when the settings were
// decided, so that a feature is switched off in the form that the API has for that.
// The error is ErrNotFound if the gateway does not exist.
//
// In the cloudflare format it reads the gateway first, and sends back what the
// gateway has and this version does not know, in features that the settings keep.
// Settings that are nil stay as they are. Categories of guardrails that neither the
// settings nor was have are kept; the result is without them, and its Carried names
// them.
func Update(ctx context.Context, c *client.Client, accountID, id, name string, settings, was Settings) (*Gateway, error) {
	if err := client.CheckGateway(accountID, id); err != nil {
		return nil, err
	}
	secrets := slices.Concat(settings.Secrets(), was.Secrets())
	if !c.Capabilities().PutReplaces {
		return put(ctx, c, accountID, id, formatOf(c.Capabilities()).encodeUpdate(name, settings, was), secrets)
	}
	shown, err := readForUpdate(ctx, c, accountID, id, secrets)
	if err != nil {
		return nil, err
	}
	u := update{client: c, accountID: accountID, id: id, settings: settings, was: was, shown: shown}
	return u.send(ctx)
}

// Delete deletes a gateway and its logs. It is no error if there is none.
func Delete(ctx context.Context, c *client.Client, accountID, id string) error {
	return deleteKnowing(ctx, c, accountID, id, nil)
}

// deleteKnowing is [Delete] with the secrets that the service is known to hold of
// the gateway, and might repeat.
func deleteKnowing(ctx context.Context, c *client.Client, accountID, id string, secrets []string) error {
	if err := client.CheckGateway(accountID, id); err != nil {
		return err
	}
	call := client.Call1(c.AIGateway().Delete, id, ai_gateway.AIGatewayDeleteParams(client.InAccount(accountID)))
	request := client.Request{Operation: "delete gateway", Secrets: secrets}
	// The published OpenAPI document describes no body.
	request.EmptyIsDone = !c.Capabilities().NamesAreIDs
	return c.Delete(ctx, request, call, identity(accountID, id), func(ctx context.Context) error {
		_, err := get(ctx, c, accountID, id, secrets...)
		return err
	})
}
