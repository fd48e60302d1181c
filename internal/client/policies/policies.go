// Package policies manages the policies of gateways: who may use which models, and
// for how much money. Cloudflare has policies in beta; the facts here come from its
// documentation (features/policies), since the SDK lacks these endpoints.
package policies

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

const (
	noun    = "policy"
	objects = "policies"

	// withDrafts asks a GET for drafts as well, and inForce asks a POST or PUT to put
	// the policy in force. Without it, the change is a draft.
	withDrafts = "includeStaging"
	inForce    = "commit"
)

// An Action is what happens to a request that matches a policy.
type Action string

const (
	// Block refuses the request.
	Block Action = "block"
	// Allowlist refuses every request but those for the policy's models.
	Allowlist Action = "allowlist"
	// Unlimited allows the request, and lifts the budget of the same actor and models.
	Unlimited Action = "unlimited"
	// Budget allows the request until the money is spent.
	Budget Action = "budget"
)

// A Rule is what a policy says, without what the service adds.
type Rule struct {
	// Name is a label, which need not be unique. Simulations name policies by it.
	Name string
	// Actor names the budget that matching requests share. Fields in braces, such as
	// "user:{cf.user.id}", are replaced by those of the request.
	Actor string
	// Models and Providers select requests. Empty means all.
	Models, Providers []string
	// Condition is a CEL expression that returns a boolean.
	Condition string
	// Action is one of the constants, or the service's word for one that this version
	// does not know.
	Action Action
	// Amount is the budget in US dollars for each Period: hourly, daily, weekly or
	// monthly. Both are zero without a budget.
	Amount float64
	Period string
}

// Same reports whether two rules mean the same. The order of models and providers
// does not matter.
func (r Rule) Same(other Rule) bool {
	return r.Name == other.Name && r.Actor == other.Actor && r.Condition == other.Condition && r.sameAction(other) && r.sameResource(other)
}

func (r Rule) sameAction(other Rule) bool {
	return r.Action == other.Action && r.Amount == other.Amount && r.Period == other.Period
}

func (r Rule) sameResource(other Rule) bool {
	return SameSet(r.Models, other.Models) && SameSet(r.Providers, other.Providers)
}

// SameSet reports whether two lists have the same elements in any order.
func SameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// A Policy is a policy as the service describes it.
type Policy struct {
	Rule
	// ID addresses the policy. The service chooses it: a UUID.
	ID string
	// Committed is whether the policy is in force. The rule of one that is not is that
	// of its draft.
	Committed bool
	// HasDraft is whether a change of the policy is waiting to be put in force.
	HasDraft bool
	// Unknown names parts of the policy that this version does not know, and that may
	// change its meaning.
	Unknown []string
	// CreatedAt and UpdatedAt are zero if the service does not say.
	CreatedAt, UpdatedAt time.Time

	shown response
}

// List iterates over the policies of a gateway. It stops at the first error, which is
// ErrGatewayNotFound if the gateway does not exist. With drafts, it also yields those
// that were never put in force.
func List(ctx context.Context, c *client.Client, accountID, gatewayID string, drafts bool) iter.Seq2[*Policy, error] {
	return list(ctx, c, accountID, gatewayID, drafts, new(time.Time))
}

// list also notes the time by the server's clock, or zero.
func list(ctx context.Context, c *client.Client, accountID, gatewayID string, drafts bool, now *time.Time) iter.Seq2[*Policy, error] {
	if err := check(c, accountID, gatewayID); err != nil {
		return client.Failed[*Policy](err)
	}
	request := request("list policies", nil)
	request.Refine = refineCollection
	call := call(c, accountID, gatewayID, http.MethodGet)
	if drafts {
		call = call.WithQuery(withDrafts, "true")
	}
	return client.List[response, *Policy]{
		Request: request,
		Call:    call,
		Decoder: decoder,
		// A draft may stand beside the policy in force, with the same id.
		ID:     func(policy *Policy) string { return fmt.Sprint(policy.ID, policy.Committed) },
		OnPage: func(resp *client.Response, _ client.Page[*Policy]) { *now = resp.Date() },
	}.All(ctx, c, client.Identity{AccountID: accountID, GatewayID: gatewayID})
}

// Get reads one policy. If it has both a rule in force and a draft, the rule is the one
// in force. The error is ErrNotFound if there is neither.
//
// The service returns the draft in place of the rule in force if it is asked for drafts,
// and says so. Only then a second request reads the rule in force.
func Get(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (*Policy, error) {
	newest, err := getOnce(ctx, c, accountID, gatewayID, id, true)
	if err != nil || newest.Committed {
		return newest, err
	}
	committed, err := getOnce(ctx, c, accountID, gatewayID, id, false)
	switch {
	case errors.Is(err, client.ErrNotFound):
		return newest, nil
	case err != nil:
		return nil, err
	}
	committed.HasDraft = committed.Committed
	return committed, nil
}

func getOnce(ctx context.Context, c *client.Client, accountID, gatewayID, id string, drafts bool) (*Policy, error) {
	if err := checkPolicy(c, accountID, gatewayID, id); err != nil {
		return nil, err
	}
	call := call(c, accountID, gatewayID, http.MethodGet, id)
	if drafts {
		call = call.WithQuery(withDrafts, "true")
	}
	policy, _, err := client.Get(ctx, c, request("read policy", nil), call, decoder, identity(accountID, gatewayID, id))
	return policy, err
}

// FindByName reads the first policy with this name, in force or not, from the list. The
// error is ErrNotFound if there is none, and also ErrGatewayNotFound if the gateway does
// not exist.
func FindByName(ctx context.Context, c *client.Client, accountID, gatewayID, name string) (*Policy, error) {
	for policy, err := range List(ctx, c, accountID, gatewayID, true) {
		if err != nil || policy.Name == name {
			return policy, err
		}
	}
	return nil, client.ErrNotFound
}

// Create creates a policy and puts it in force. The caller must delete a policy whose
// Committed is false: the service saved it as a draft.
//
// If the response is lost, it searches the list, even if ctx has ended in the meantime.
// A policy that is as new as the request and has the same rule is the one that was asked
// for. The error is ErrGatewayNotFound if the gateway does not exist.
func Create(ctx context.Context, c *client.Client, accountID, gatewayID string, rule Rule) (*Policy, error) {
	if err := check(c, accountID, gatewayID); err != nil {
		return nil, err
	}
	request := request("create policy", rule.encode())
	request.Refine = refineCollection
	call := call(c, accountID, gatewayID, http.MethodPost).WithQuery(inForce, "true")
	want := client.Identity{AccountID: accountID, GatewayID: gatewayID, Name: rule.Name}
	return client.Create(ctx, c, request, call, created, want, client.Search[*Policy]{
		Noun: noun, Looks: client.ListLooks, Lags: true,
		Find: func(ctx context.Context) (*Policy, time.Time, error) {
			return find(ctx, c, accountID, gatewayID, rule)
		},
		CreatedAt: func(policy *Policy) time.Time { return policy.CreatedAt },
		AsSent:    func(policy *Policy) bool { return policy.Same(rule) },
	})
}

// find returns the newest policy with the rule. The error is ErrNotFound if there is
// none.
func find(ctx context.Context, c *client.Client, accountID, gatewayID string, rule Rule) (*Policy, time.Time, error) {
	var now time.Time
	var newest *Policy
	for policy, err := range list(ctx, c, accountID, gatewayID, true, &now) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if policy.Same(rule) && (newest == nil || policy.CreatedAt.After(newest.CreatedAt)) {
			newest = policy
		}
	}
	if newest == nil {
		return nil, now, client.ErrNotFound
	}
	return newest, now, nil
}

// Update changes a policy to the rule, puts it in force, and returns the policy as the
// service stored it. It sends what differs, and keeps members of the resource and the
// action that this version does not know. If nothing differs, it only reads.
//
// The service does not document what becomes of a draft when a change is put in force.
// If there is one, Update sends the whole rule, so that the result does not depend on it.
func Update(ctx context.Context, c *client.Client, accountID, gatewayID, id string, rule Rule) (*Policy, error) {
	before, err := Get(ctx, c, accountID, gatewayID, id)
	if err != nil {
		return nil, err
	}
	if !before.HasDraft && before.Same(rule) {
		return before, nil
	}
	body := before.changes(rule)
	call := call(c, accountID, gatewayID, http.MethodPut, id).WithQuery(inForce, "true")
	// The documented response has no result.
	return client.Change(ctx, c, request("update policy", body), call, changed, identity(accountID, gatewayID, id), func(ctx context.Context) (*Policy, error) {
		return Get(ctx, c, accountID, gatewayID, id)
	})
}

// Delete deletes a policy and its draft. It is no error if there is none.
func Delete(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
	if err := checkPolicy(c, accountID, gatewayID, id); err != nil {
		return err
	}
	call := call(c, accountID, gatewayID, http.MethodDelete, id)
	return c.Delete(ctx, request("delete policy", nil), call, identity(accountID, gatewayID, id), func(ctx context.Context) error {
		_, err := getOnce(ctx, c, accountID, gatewayID, id, true)
		return err
	})
}

func check(c *client.Client, accountID, gatewayID string) error {
	return cmp.Or(
		c.Capabilities().CheckCapability(c.Capabilities().Policies, objects),
		client.CheckAccountID(accountID),
		client.CheckID("gateway", gatewayID),
	)
}

func checkPolicy(c *client.Client, accountID, gatewayID, id string) error {
	return cmp.Or(check(c, accountID, gatewayID), client.CheckID(noun, id))
}

// call makes a request to the gateway's policies, with the path after them.
func call(c *client.Client, accountID, gatewayID, method string, further ...string) client.Call {
	return client.Call1(c.AIGateway().Get, gatewayID, client.InAccount(accountID)).
		Instead(method, append([]string{objects}, further...)...)
}

func request(operation string, body any) client.Request {
	return client.Request{Operation: operation, Body: body, Refine: refine}
}

// refine says that a path that does not exist may be one that the account lacks.
func refine(failed *client.Error) *client.Error {
	if errors.Is(failed, client.ErrCouldNotRoute) {
		return failed.WithKind(client.ErrCouldNotRoute, "policies are in beta, and this account may not have them yet")
	}
	return failed
}

// refineCollection also makes a missing collection ErrGatewayNotFound.
func refineCollection(failed *client.Error) *client.Error {
	if failed = refine(failed); errors.Is(failed, client.ErrNotFound) {
		return failed.WithKind(client.ErrGatewayNotFound, failed.Note())
	}
	return failed
}

// identity returns what responses about a policy have to describe.
func identity(accountID, gatewayID, id string) client.Identity {
	return client.Identity{AccountID: accountID, GatewayID: gatewayID, ID: id}
}

var decoder = client.Decoder[response, *Policy]{Noun: noun, Identify: response.identity, Convert: response.policy}

// created decodes the response to a creation, in which a member beside the result says
// whether the policy is in force.
var created = client.Decoder[response, *Policy]{
	Noun: noun, Identify: response.identity, Convert: response.policy,
	Beside: func(policy *Policy, members wire.Object) {
		if committed := wire.As[wire.Boolean](members["committed"]); committed != nil {
			policy.Committed = bool(*committed)
		}
	},
}

// changed decodes the response to a change, in case that it describes the policy.
var changed = client.Decoder[response, *Policy]{Noun: noun, Identify: response.identity, Partial: true, Convert: response.policy}
