// Package customdomains manages the custom domains of gateways: hostnames of one's own
// that stand for an account and a gateway in the URLs of requests.
//
// The API is documented (developers.cloudflare.com/ai-gateway/configuration/custom-domains)
// as one whose "contract is still being finalized", and is rolled out gradually.
package customdomains

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

const (
	noun = "custom domain"
	// listPage is how many domains a full page has (the API's default for lists).
	listPage = 20
)

// A Domain is a custom domain as the service describes it.
type Domain struct {
	// Hostname addresses the domain. No two gateways share one (inferred: the hostname
	// alone tells the gateway of a request).
	Hostname string
	// GatewayID is the gateway's id, empty if the service does not say.
	GatewayID string
	// Status is "pending_dcv" until the DNS record exists. The other values are not
	// documented.
	Status string
	// CNAMETarget is the content of the DNS record, a proxied CNAME, that the hostname
	// needs. The API does not create it.
	CNAMETarget string
	// ZoneID and MinTLS are what the domain was created with, or nil: the documented
	// responses leave them out.
	ZoneID, MinTLS *string
	// CreatedAt and ModifiedAt are zero if the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// An Input holds what a custom domain is created from.
type Input struct {
	// Hostname is as in [Domain].
	Hostname string
	// ZoneID is the zone that the hostname belongs to.
	ZoneID string
	// MinTLS is the lowest version of TLS that clients may use, such as "1.2"; nil
	// leaves it to the service.
	MinTLS *string
}

func (i Input) encode() wire.Body {
	b := wire.Body{"domain": i.Hostname, "zone_id": i.ZoneID}
	wire.Put(b, "min_tls", i.MinTLS)
	return b
}

// isLike reports whether a domain is as an input would create it, as far as the service
// tells.
func (d *Domain) isLike(input Input) bool {
	return d.Hostname == input.Hostname &&
		(d.ZoneID == nil || *d.ZoneID == input.ZoneID) &&
		(d.MinTLS == nil || input.MinTLS == nil || *d.MinTLS == *input.MinTLS)
}

// List iterates over a gateway's custom domains, fetching pages on demand. It stops at the
// first error. The documentation shows the list without query parameters, so the first
// page is asked for without any.
func List(ctx context.Context, c *client.Client, accountID, gatewayID string) iter.Seq2[*Domain, error] {
	if err := check(c, accountID, gatewayID); err != nil {
		return client.Failed[*Domain](err)
	}
	return client.List[response, *Domain]{
		Request: client.Request{Operation: "list custom domains", Refine: explain},
		Call:    call(c, accountID, gatewayID, http.MethodGet),
		Decoder: decoder,
		ID:      func(domain *Domain) string { return domain.Hostname },
		PerPage: listPage, PageAlone: true, ShortPageIsLast: true,
	}.All(ctx, c, identity(accountID, gatewayID, ""))
}

// Get reads one custom domain. The error is ErrNotFound if it does not exist, if the
// gateway does not exist, or if the account cannot use custom domains: the API
// documents no difference.
func Get(ctx context.Context, c *client.Client, accountID, gatewayID, hostname string) (*Domain, error) {
	domain, _, err := get(ctx, c, accountID, gatewayID, hostname)
	return domain, err
}

// get also returns the time by the server's clock, or zero.
func get(ctx context.Context, c *client.Client, accountID, gatewayID, hostname string) (*Domain, time.Time, error) {
	if err := checkDomain(c, accountID, gatewayID, hostname); err != nil {
		return nil, time.Time{}, err
	}
	request := client.Request{Operation: "read custom domain", Refine: explain}
	return client.Get(ctx, c, request, call(c, accountID, gatewayID, http.MethodGet, hostname), decoder, identity(accountID, gatewayID, hostname))
}

// Create creates a custom domain and returns it as the service stored it. It does not
// wait until the domain is active.
//
// If the response is lost, it looks for the hostname, even if ctx has ended in the
// meantime: a domain that is as new as the request is the one that was asked for.
// Otherwise the error is ErrAlreadyExists if the hostname is taken, ErrOutcomeUnknown if
// that cannot be told, or what the service responded.
func Create(ctx context.Context, c *client.Client, accountID, gatewayID string, input Input) (*Domain, error) {
	if err := checkDomain(c, accountID, gatewayID, input.Hostname); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "create custom domain", Body: input.encode(), Refine: explain}
	return client.Create(ctx, c, request, call(c, accountID, gatewayID, http.MethodPost), decoder,
		identity(accountID, gatewayID, input.Hostname), client.Search[*Domain]{
			Noun: noun, Unique: "of this hostname", Looks: client.ReadLooks, Stale: true,
			Find: func(ctx context.Context) (*Domain, time.Time, error) {
				return get(ctx, c, accountID, gatewayID, input.Hostname)
			},
			CreatedAt: func(domain *Domain) time.Time { return domain.CreatedAt },
			AsSent:    func(domain *Domain) bool { return domain.isLike(input) },
		})
}

// Delete deletes a custom domain. It is no error if there is none, or no such gateway.
func Delete(ctx context.Context, c *client.Client, accountID, gatewayID, hostname string) error {
	if err := checkDomain(c, accountID, gatewayID, hostname); err != nil {
		return err
	}
	request := client.Request{Operation: "delete custom domain", Refine: explain}
	remove := call(c, accountID, gatewayID, http.MethodDelete, hostname)
	return c.Delete(ctx, request, remove, identity(accountID, gatewayID, hostname), func(ctx context.Context) error {
		_, err := Get(ctx, c, accountID, gatewayID, hostname)
		return err
	})
}

// call makes the call of a request. The SDK lacks these; their path continues that of
// the gateway.
func call(c *client.Client, accountID, gatewayID, method string, further ...string) client.Call {
	gateway := client.Call1(c.AIGateway().Get, gatewayID, client.InAccount(accountID))
	return gateway.Instead(method, append([]string{"custom-domains"}, further...)...)
}

func check(c *client.Client, accountID, gatewayID string) error {
	return cmp.Or(c.CheckProviders("custom domains", accountID), client.CheckID("gateway", gatewayID))
}

func checkDomain(c *client.Client, accountID, gatewayID, hostname string) error {
	return cmp.Or(check(c, accountID, gatewayID), client.CheckID(noun, hostname))
}

// rollout is what else a refusal of these endpoints can mean. How the service refuses an
// account that does not have them is not documented.
const rollout = "custom domains are being rolled out gradually, and an account that does not have them yet may be refused like this: its " +
	"dashboard then shows no custom domains in the settings of a gateway"

// explain makes an error ErrAlreadyExists if its text says so. The service uses the code
// for invalid input when the name of a gateway is taken (observed); that it does the same
// for hostnames is inferred. A refusal of the endpoint gets a note about the rollout.
func explain(failed *client.Error) *client.Error {
	switch {
	case errors.Is(failed, client.ErrInvalid) && failed.Says("already exist"):
		return failed.WithKind(client.ErrAlreadyExists, failed.Note())
	case failed.Status == http.StatusForbidden, errors.Is(failed, client.ErrCouldNotRoute):
		return failed.WithKind(failed.Kind(), rollout)
	}
	return failed
}

// identity returns what responses about a custom domain have to describe.
func identity(accountID, gatewayID, hostname string) client.Identity {
	return client.Identity{AccountID: accountID, GatewayID: gatewayID, ID: hostname}
}

var decoder = client.Decoder[response, *Domain]{Noun: noun, Identify: response.identity, Convert: response.domain}

// response is a custom domain in a response. Times are in milliseconds (documented).
type response struct {
	client.Owner
	Hostname    string          `json:"hostname"`
	GatewayID   string          `json:"gateway_id"`
	Status      string          `json:"status"`
	CNAMETarget string          `json:"cname_target"`
	ZoneID      json.RawMessage `json:"zone_id"`
	MinTLS      json.RawMessage `json:"min_tls"`
	CreatedAt   *wire.Moment    `json:"created_at"`
	ModifiedAt  *wire.Moment    `json:"modified_at"`
}

func (r response) identity() client.Identity {
	return client.Identity{ID: r.Hostname, GatewayID: r.GatewayID, AccountID: r.Account()}
}

func (r response) domain() (*Domain, error) {
	return &Domain{
		Hostname: r.Hostname, GatewayID: r.GatewayID, Status: r.Status, CNAMETarget: r.CNAMETarget,
		// Not documented in responses: what is not a string counts as left out.
		ZoneID: wire.NonEmpty(wire.As[string](r.ZoneID)), MinTLS: wire.NonEmpty(wire.As[string](r.MinTLS)),
		CreatedAt: wire.Time(r.CreatedAt), ModifiedAt: wire.Time(r.ModifiedAt),
	}, nil
}
