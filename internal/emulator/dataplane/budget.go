package dataplane

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/limits"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
)

// price is in US dollars per million tokens.
type price struct{ in, out float64 }

// prices are made up, and of the size of real ones. A provider that is not listed has
// no known price: its requests cost 0 and no budget counts them.
var prices = map[string]price{
	"openai":            {2, 8},
	"anthropic":         {3, 15},
	"google-ai-studio":  {1, 10},
	"google-vertex-ai":  {1, 10},
	"grok":              {3, 15},
	"groq":              {0.5, 1},
	"deepseek":          {0.5, 2},
	"mistral":           {2, 6},
	providerapi.Workers: {0.5, 2},
}

// cheapNames mark the models that cost a tenth of their provider's price.
var cheapNames = []string{"mini", "nano", "flash", "haiku", "lite", "fast"}

// listPrice returns the cost of a response in US dollars.
func listPrice(provider, model string, tokensIn, tokensOut int) float64 {
	p := prices[provider]
	amount := (p.in*float64(tokensIn) + p.out*float64(tokensOut)) / 1e6
	if slices.ContainsFunc(cheapNames, func(name string) bool { return strings.Contains(model, name) }) {
		amount /= 10
	}
	return amount
}

// cost is what a response costs.
type cost struct {
	amount float64 // US dollars
	// custom is set if the client has set the amount.
	custom bool
}

// charge returns what a response costs and counts it in the budgets of
// the gateway and of its policies.
// cf-aig-custom-cost has precedence over the price list. Errors cost nothing.
func (p *Plane) charge(req request, r response) cost {
	c := r.completion
	if c == nil {
		return cost{}
	}
	var out cost
	out.amount, out.custom = customCost(req.header.Get("cf-aig-custom-cost"), c.TokensIn, c.TokensOut)
	if !out.custom {
		out.amount = listPrice(req.provider, req.model.Model, c.TokensIn, c.TokensOut)
	}
	p.store.Charge(req.account, req.gateway, usageOf(req), out.amount)
	p.store.ChargePolicies(req.account, req.gateway, req.verdict, out.amount)
	return out
}

// requireBudget refuses a request if a budget of the spend limits is used up.
func (p *Plane) requireBudget(req request) *refusal {
	rule, exhausted := p.store.ExhaustedBudget(req.account, req.gateway, usageOf(req))
	if !exhausted {
		return nil
	}
	// Text and code were observed live in September 2026; a sample of October has
	// code 2045.
	return newRefusal(http.StatusTooManyRequests, codeSpendLimit, fmt.Sprintf(
		"Spend limit exceeded: rule '%s' (cost limit %s per %ds, %s) for %s %s",
		rule.ID, strconv.FormatFloat(rule.Limit, 'f', -1, 64), int64(rule.Window/time.Second), rule.Technique,
		req.provider, req.model.Model))
}

func usageOf(req request) limits.Usage {
	return limits.Usage{Provider: req.provider, Model: req.model.Model, Metadata: req.metadata}
}
