package policies

import (
	"context"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A Simulation is a request that is to be tried against the policies of a gateway.
type Simulation struct {
	// Identity has the fields that policies may use, by group: "cf" with those that
	// Access and the network provide, "metadata" with those of cf-aig-metadata.
	Identity map[string]any
	// Model and Provider are those of the request, as in a [Rule].
	Model, Provider string
	// Spent is the money that is already spent, in US dollars, by the name of a policy
	// with a budget.
	Spent map[string]float64
}

// An Outcome is what the policies of a gateway say to a request.
type Outcome struct {
	// Decision is what matching policies come to: "no-limit", "block" or
	// "check_limits".
	Decision string
	// Allowed is whether the request would pass.
	Allowed bool
	// Reason is why not: "blocked" or "limit_exceeded"; empty if the request passes.
	Reason string
	// PolicyName and Bucket are the policy and the budget that refuse the request, if
	// the service names them.
	PolicyName, Bucket string
	// Spent and Limit are those of a budget that is used up, in US dollars; nil if the
	// service does not say.
	Spent, Limit *float64
	// Evaluated is how many policies were evaluated, nil if the service does not say.
	Evaluated *int64
}

// Simulate tries a request against the policies of a gateway, those in force and the
// drafts. It sends nothing to a model, and records no spend.
func Simulate(ctx context.Context, c *client.Client, accountID, gatewayID string, simulation Simulation) (*Outcome, error) {
	if err := check(c, accountID, gatewayID); err != nil {
		return nil, err
	}
	request := request("simulate policies", simulation.encode())
	request.Refine = refineCollection
	request.RepeatPOST = true
	call := call(c, accountID, gatewayID, http.MethodPost, "simulate")
	outcome, _, err := client.Get(ctx, c, request, call, outcomes, client.Identity{AccountID: accountID, GatewayID: gatewayID})
	return outcome, err
}

func (s Simulation) encode() wire.Body {
	identity := s.Identity
	if identity == nil {
		identity = map[string]any{}
	}
	body := wire.Body{"identity": identity, "model": s.Model, "provider": s.Provider}
	if len(s.Spent) > 0 {
		usage := wire.Body{}
		for name, spent := range s.Spent {
			usage[name] = wire.Body{"spent": spent}
		}
		body["bucketUsage"] = usage
	}
	return body
}

// outcomes decodes the result of a simulation, which describes no object.
var outcomes = client.Decoder[outcomeResponse, *Outcome]{Noun: "simulation", Convert: outcomeResponse.outcome}

type outcomeResponse struct {
	Evaluation struct {
		Decision string `json:"decision"`
	} `json:"evaluation"`
	Enforcement struct {
		Allowed    *wire.Boolean `json:"allowed"`
		Reason     string        `json:"reason"`
		Bucket     string        `json:"bucket"`
		Spent      *wire.Number  `json:"spent"`
		Limit      *wire.Number  `json:"limit"`
		PolicyName string        `json:"policyName"`
	} `json:"enforcement"`
	Evaluated *wire.Integer `json:"policiesEvaluated"`
}

func (r outcomeResponse) outcome() (*Outcome, error) {
	enforced := r.Enforcement
	if enforced.Allowed == nil {
		return nil, wire.NotA("simulation")
	}
	return &Outcome{
		Decision: r.Evaluation.Decision, Allowed: bool(*enforced.Allowed), Reason: enforced.Reason, PolicyName: enforced.PolicyName,
		Bucket: enforced.Bucket, Spent: (*float64)(enforced.Spent), Limit: (*float64)(enforced.Limit), Evaluated: (*int64)(r.Evaluated),
	}, nil
}
