package dataplane

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

// autoModel is the name that leaves the choice of the model to the service (beta,
// documented).
const autoModel = "cloudflare/auto"

// routing is what the service says of its choice.
type routing struct {
	// model is {author}/{model}, as on the REST API.
	model, reason, decisionID string
}

// Reasons of a choice (documented). The others are about sessions and failures, which
// the emulator's choice does not know.
const (
	costOptimal = "cost_optimal_within_pool"
	onlyOne     = "forced_by_candidate_pool"
)

// autoModels are the models that the service chooses from by default (documented, in
// another order), and extraModels some of those that a request must allow. The emulator
// does not classify requests: it takes the first one that is eligible.
var (
	autoModels = []string{
		"openai/gpt-5.6-luna", "openai/gpt-5.6-terra", "openai/gpt-5.6-sol", "xai/grok-4.5",
		"anthropic/claude-sonnet-5", "anthropic/claude-opus-5", "anthropic/claude-fable-5",
	}
	extraModels = []string{
		"@cf/google/gemma-4-26b-a4b-it", "@cf/openai/gpt-oss-20b", "@cf/zai-org/glm-5.2",
		"anthropic/claude-sonnet-4.6", "openai/gpt-5.5", "xai/grok-4.6",
	}
)

// forAuto returns the request for a model that [Plane.choose] chooses. Until then, and
// in the log if it finds none, the provider is unknown (inferred).
func (req request) forAuto() request {
	req.auto = true
	return req.forModel(unknownProvider, autoModel)
}

// choose returns the request with the model that the service chooses, if the request
// leaves that to the service. The pool is that of the allowed models and providers, and
// of providers for which there is a credential (documented).
//
// Code and text of the errors are not documented, only the status 400 for an entry that
// matches no model.
func (p *Plane) choose(req request) (request, *refusal) {
	if !req.auto {
		return req, nil
	}
	pool, refused := allowedModels(req.header)
	if refused != nil {
		req.refuse(stepAuto, refused)
		return req, refused
	}
	pool = slices.DeleteFunc(pool, func(model string) bool {
		provider, _ := split(model)
		return !p.reaches(req.inbound, provider)
	})
	if len(pool) == 0 {
		refused = &refusal{status: http.StatusBadRequest, message: "No model is eligible for the request"}
		req.refuse(stepAuto, refused)
		return req, refused
	}
	reason := costOptimal
	if len(pool) == 1 {
		reason = onlyOne
	}
	provider, name := split(pool[0])
	req = req.forModel(provider, name)
	req.auto, req.routing = false, &routing{pool[0], reason, p.store.NewID()}
	req.note(stepAuto, trace.Passed, "chose "+pool[0]+": "+reason)
	return req, nil
}

// split returns the provider and the name of a model of the pool.
func split(model string) (provider, name string) {
	if providerapi.IsWorkersModel(model) {
		return providerapi.Workers, model
	}
	author, name, _ := strings.Cut(model, "/")
	if renamed, ok := authors[author]; ok {
		author = renamed
	}
	return author, name
}

// allowedModels returns the pool by the headers of a request: patterns of models, which
// stand in for the default ones, and providers. A model must match both (documented).
func allowedModels(header http.Header) ([]string, *refusal) {
	pool, all := slices.Clone(autoModels), slices.Concat(autoModels, extraModels)
	if patterns := list(header.Get("cf-aig-allowed-models")); len(patterns) > 0 {
		pool = nil
		for _, pattern := range patterns {
			matches := slices.DeleteFunc(slices.Clone(all), func(model string) bool {
				ok, err := path.Match(pattern, model)
				return err != nil || !ok
			})
			if len(matches) == 0 {
				return nil, &refusal{status: http.StatusBadRequest, message: "cf-aig-allowed-models: '" + pattern + "' matches no model"}
			}
			pool = append(pool, matches...)
		}
	} else if header.Get("cf-aig-allowed-providers") != "" {
		pool = all
	}
	if providers := list(header.Get("cf-aig-allowed-providers")); len(providers) > 0 {
		pool = slices.DeleteFunc(pool, func(model string) bool {
			author, _, _ := strings.Cut(model, "/")
			if providerapi.IsWorkersModel(model) {
				author = providerapi.Workers
			}
			return !slices.Contains(providers, author)
		})
	}
	return pool, nil
}

// list splits a header at its commas.
func list(header string) []string {
	var items []string
	for item := range strings.SplitSeq(header, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
