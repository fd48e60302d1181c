package dataplane

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// The emulator does not classify texts. Marks anywhere in the body of a request say
// what a scanner would find:
//
//	[[guardrail:S1]]           the prompt falls into category S1
//	[[guardrail-response:S10]] the response will fall into category S10
//	[[dlp:PROFILE]]            the prompt matches the DLP profile of that id
//	[[dlp-response:PROFILE]]   the response will match it
//
// A category or profile that the gateway's settings do not name is not found.
var markPattern = regexp.MustCompile(`\[\[(guardrail|guardrail-response|dlp|dlp-response):([^\s\[\]"\\]+)\]\]`)

// side is the part of a request that is scanned.
type side string

const (
	onRequest  side = "REQUEST"
	onResponse side = "RESPONSE"
)

// Actions of guardrails and DLP.
const (
	flag  = "FLAG"
	block = "BLOCK"
)

// A mark is one finding that a prompt stands for.
type mark struct {
	scanner string // guardrail or dlp
	side    side
	name    string // category or profile
}

func findMarks(body []byte) []mark {
	var out []mark
	for _, m := range markPattern.FindAllSubmatch(body, -1) {
		found := mark{scanner: "guardrail", side: onRequest, name: string(m[2])}
		switch string(m[1]) {
		case "guardrail-response":
			found.side = onResponse
		case "dlp":
			found.scanner = "dlp"
		case "dlp-response":
			found.scanner, found.side = "dlp", onResponse
		}
		if !slices.Contains(out, found) {
			out = append(out, found)
		}
	}
	return out
}

// findings are what guardrails and DLP have found.
type findings struct {
	guardrails []store.GuardrailFinding
	dlp        *store.DLPReport
}

// and returns the findings of both sides.
func (f findings) and(other findings) findings {
	out := findings{guardrails: slices.Concat(f.guardrails, other.guardrails), dlp: f.dlp}
	switch {
	case f.dlp == nil:
		out.dlp = other.dlp
	case other.dlp != nil:
		report := store.DLPReport{Findings: slices.Concat(f.dlp.Findings, other.dlp.Findings), Action: f.dlp.Action}
		if other.dlp.Action == block {
			report.Action = block
		}
		out.dlp = &report
	}
	return out
}

// refusals are the responses to a finding with the action BLOCK. Status 424 is
// documented for guardrails on provider endpoints, and 400 for DLP, for which
// another source has 424.
var refusals = map[string]map[side]refusal{
	"guardrail": {
		onRequest:  {status: http.StatusFailedDependency, code: codePromptBlocked, message: "Prompt blocked due to security configurations"},
		onResponse: {status: http.StatusFailedDependency, code: codeResponseBlocked, message: "Response blocked due to security configurations"},
	},
	"dlp": {
		onRequest:  {status: http.StatusBadRequest, code: codeRequestDLP, message: "Request content blocked due to DLP policy violations"},
		onResponse: {status: http.StatusBadRequest, code: codeResponseDLP, message: "Response content blocked due to DLP policy violations"},
	},
}

// scansResponses reports whether the gateway scans responses. Guardrails scan those
// of text models only (documented).
func scansResponses(req request) bool {
	categories, _ := req.config.Guardrails["response"].(map[string]any)
	if len(categories) > 0 && req.model.Embeddings == nil {
		return true
	}
	return slices.ContainsFunc(dlpPolicies(req), func(p dlpPolicy) bool { return slices.Contains(p.checks, onResponse) })
}

// scan scans one side of a request: guardrails, then DLP unless guardrails block.
func scan(req request, marks []mark, side side) (findings, *refusal) {
	var found findings
	var blocked bool
	if found.guardrails, blocked = scanGuardrails(req, marks, side); blocked {
		refused := refusals["guardrail"][side]
		if req.isRun() {
			// Documented for the run API, with one code for prompts and
			// responses. Its messages are not; here they tell the two apart.
			refused.status, refused.code = http.StatusUnprocessableEntity, codeResponseBlocked
		}
		return found, &refused
	}
	if found.dlp, blocked = scanDLP(req, marks, side); blocked {
		refused := refusals["dlp"][side]
		return found, &refused
	}
	return found, nil
}

// isRun reports whether the request uses the run API. That this includes its legacy
// path with the model is inferred.
func (r request) isRun() bool {
	return r.rest && (r.endpoint == "ai/run" || strings.HasPrefix(r.endpoint, "ai/run/"))
}

func scanGuardrails(req request, marks []mark, side side) (found []store.GuardrailFinding, blocked bool) {
	part := "prompt"
	if side == onResponse {
		part = "response"
	}
	categories, _ := req.config.Guardrails[part].(map[string]any)
	for _, m := range marks {
		action, ok := categories[m.name].(string)
		if m.scanner != "guardrail" || m.side != side || !ok || side == onResponse && req.model.Embeddings != nil {
			continue
		}
		found = append(found, store.GuardrailFinding{Category: m.name, Check: string(side), Action: action})
		blocked = blocked || action == block
	}
	return found, blocked
}

func scanDLP(req request, marks []mark, side side) (report *store.DLPReport, blocked bool) {
	policies := dlpPolicies(req)
	for _, m := range marks {
		if m.scanner != "dlp" || m.side != side {
			continue
		}
		finding := store.DLPFinding{
			Check: string(side), PolicyIDs: []string{},
			Profile: store.DLPProfile{EntryIDs: []string{}, ProfileID: m.name},
		}
		action := ""
		for _, p := range policies {
			if !slices.Contains(p.checks, side) || !slices.Contains(p.profiles, m.name) {
				continue
			}
			if p.id != "" {
				finding.PolicyIDs = append(finding.PolicyIDs, p.id)
			}
			if action != block {
				action = p.action
			}
		}
		if action == "" {
			continue
		}
		if report == nil {
			report = &store.DLPReport{Action: flag}
		}
		report.Findings = append(report.Findings, finding)
		if action == block {
			report.Action, blocked = block, true
		}
	}
	return report, blocked
}

// dlpPolicy is one policy, from either shape of the setting.
type dlpPolicy struct {
	id, action string
	checks     []side
	profiles   []string
}

// dlpPolicies returns the policies that are enabled. The shape with a single action
// has no policies, and scans both sides (inferred).
func dlpPolicies(req request) []dlpPolicy {
	dlp := req.config.DLP
	if dlp["enabled"] != true {
		return nil
	}
	if action, ok := dlp["action"].(string); ok {
		return []dlpPolicy{{action: action, checks: []side{onRequest, onResponse}, profiles: wire.Strings(dlp["profiles"])}}
	}
	var out []dlpPolicy
	items, _ := dlp["policies"].([]any)
	for _, item := range items {
		policy, _ := item.(map[string]any)
		if policy["enabled"] != true {
			continue
		}
		p := dlpPolicy{profiles: wire.Strings(policy["profiles"])}
		p.id, _ = policy["id"].(string)
		p.action, _ = policy["action"].(string)
		for _, check := range wire.Strings(policy["check"]) {
			p.checks = append(p.checks, side(check))
		}
		out = append(out, p)
	}
	return out
}
