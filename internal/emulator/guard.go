package emulator

import (
	"net/http"
	"regexp"
	"slices"
)

// The emulator does not judge texts. Marks anywhere in the body of a request
// say what a scanner would find:
//
//	[[guardrail:S1]]           the prompt falls into category S1
//	[[guardrail-response:S10]] the response will fall into category S10
//	[[dlp:PROFILE]]            the prompt matches the DLP profile of that id
//	[[dlp-response:PROFILE]]   the response will match it
//
// What follows is up to the gateway's settings: a category or profile that they
// do not name is not looked for.
var markPattern = regexp.MustCompile(`\[\[(guardrail|guardrail-response|dlp|dlp-response):([^\s\[\]"\\]+)\]\]`)

// side is the part of an exchange that is scanned.
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

// mark is one finding that a request asks for.
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

// guardrailFinding is a category that was found, as logs show it (the shape is
// made up; the service's is not known).
type guardrailFinding struct {
	Category string `json:"category"`
	Check    side   `json:"check"`
	Action   string `json:"action"`
}

// dlpReport is the header cf-aig-dlp (documented).
type dlpReport struct {
	Findings []dlpFinding `json:"findings"`
	Action   string       `json:"action"`
}

type dlpFinding struct {
	Profile   dlpProfile `json:"profile"`
	PolicyIDs []string   `json:"policy_ids"`
	Check     side       `json:"check"`
}

type dlpProfile struct {
	Context struct{} `json:"context"`
	// EntryIDs are those of the entries of a profile that matched. The emulator
	// knows no entries.
	EntryIDs  []string `json:"entry_ids"`
	ProfileID string   `json:"profile_id"`
}

// refusals are what a finding with the action BLOCK is answered with. Status
// 424 is documented for guardrails and 400 for DLP; other sources have 422 and
// 424.
var refusals = map[string]map[side]dataError{
	"guardrail": {
		onRequest:  {http.StatusFailedDependency, codePromptBlocked, "Prompt blocked due to security configurations"},
		onResponse: {http.StatusFailedDependency, codeResponseBlocked, "Response blocked due to security configurations"},
	},
	"dlp": {
		onRequest:  {http.StatusBadRequest, codeRequestDLP, "Request content blocked due to DLP policy violations"},
		onResponse: {http.StatusBadRequest, codeResponseDLP, "Response content blocked due to DLP policy violations"},
	},
}

// scansResponses reports whether the gateway looks at responses. Guardrails
// look at those of text models only (documented).
func (x *exchange) scansResponses() bool {
	categories, _ := x.settings.guardrails["response"].(map[string]any)
	if len(categories) > 0 && x.question.embed == nil {
		return true
	}
	return slices.ContainsFunc(x.dlpPolicies(), func(p dlpPolicy) bool { return slices.Contains(p.checks, onResponse) })
}

// scan looks at one side of an exchange, guardrails first. It notes what it
// finds and returns the refusal if something is to be blocked.
func (x *exchange) scan(n *note, side side) *dataError {
	if x.blockedByGuardrails(n, side) {
		refusal := refusals["guardrail"][side]
		if _, run := x.form.(restRun); run && side == onResponse {
			refusal.status = http.StatusUnprocessableEntity // documented for /ai/run
		}
		return &refusal
	}
	if x.blockedByDLP(n, side) {
		refusal := refusals["dlp"][side]
		return &refusal
	}
	return nil
}

func (x *exchange) blockedByGuardrails(n *note, side side) bool {
	part := "prompt"
	if side == onResponse {
		part = "response"
	}
	categories, _ := x.settings.guardrails[part].(map[string]any)
	blocked := false
	for _, m := range n.marks {
		action, ok := categories[m.name].(string)
		if m.scanner != "guardrail" || m.side != side || !ok || side == onResponse && x.question.embed != nil {
			continue
		}
		n.guardrails = append(n.guardrails, guardrailFinding{m.name, side, action})
		blocked = blocked || action == block
	}
	return blocked
}

func (x *exchange) blockedByDLP(n *note, side side) bool {
	policies := x.dlpPolicies()
	blocked := false
	for _, m := range n.marks {
		if m.scanner != "dlp" || m.side != side {
			continue
		}
		finding := dlpFinding{Check: side, PolicyIDs: []string{}, Profile: dlpProfile{EntryIDs: []string{}, ProfileID: m.name}}
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
		if n.dlp == nil {
			n.dlp = &dlpReport{Action: flag}
		}
		n.dlp.Findings = append(n.dlp.Findings, finding)
		if action == block {
			n.dlp.Action, blocked = block, true
		}
	}
	return blocked
}

// dlpPolicy is one policy, from either shape of the setting.
type dlpPolicy struct {
	id, action string
	checks     []side
	profiles   []string
}

// dlpPolicies returns the policies that are in force. The shape with a single
// action has no policies, and looks at both sides (inferred).
func (x *exchange) dlpPolicies() []dlpPolicy {
	dlp := x.settings.dlp
	if dlp["enabled"] != true {
		return nil
	}
	if action, ok := dlp["action"].(string); ok {
		return []dlpPolicy{{action: action, checks: []side{onRequest, onResponse}, profiles: texts(dlp["profiles"])}}
	}
	var out []dlpPolicy
	items, _ := dlp["policies"].([]any)
	for _, item := range items {
		policy, _ := item.(map[string]any)
		if policy["enabled"] != true {
			continue
		}
		p := dlpPolicy{profiles: texts(policy["profiles"])}
		p.id, _ = policy["id"].(string)
		p.action, _ = policy["action"].(string)
		for _, check := range texts(policy["check"]) {
			p.checks = append(p.checks, side(check))
		}
		out = append(out, p)
	}
	return out
}

// texts are the strings in a list.
func texts(v any) []string {
	items, _ := v.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
