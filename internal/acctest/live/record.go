package live

import (
	"fmt"
	"strings"
)

// A Record is an answer as the machine-readable part of a report has it.
type Record struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	Quirk   string  `json:"quirk,omitempty"`
	Value   string  `json:"value,omitempty"`
	Detail  string  `json:"detail,omitempty"`
	// Kept is the reason why the emulator's default stays different. Maintainers add it.
	Kept string `json:"kept,omitempty"`
}

// places says where the emulator decides what a group of questions asks.
var places = []struct{ begin, file string }{
	{"create/", "internal/emulator/settings/gateway.go and internal/emulator/store/gateways.go"},
	{"omitted/", "UpdateGateway in internal/emulator/store/gateways.go"},
	{"null/", "internal/emulator/settings/gateway.go (Nullable, NullAs)"},
	{"initial/", "internal/emulator/settings/gateway.go (Default)"},
	{"read/", "internal/emulator/controlplane/gateways_render.go"},
	{"secret/activation", "internal/emulator/secrets"},
	{"secret/duplicate", "internal/emulator/controlplane/secrets.go"},
	{"secret/", "internal/emulator/controlplane/gateways_render.go"},
	{"update/", "internal/emulator/settings"},
	{"route/", "internal/emulator/controlplane/routes.go and routes_render.go"},
	{"version", "internal/emulator/controlplane/routes.go and routes_render.go"},
	{"deployment", "internal/emulator/controlplane/routes.go"},
	{"graph/", "internal/emulator/controlplane/route_elements.go"},
	{"key/", "internal/emulator/controlplane/provider_configs.go and internal/emulator/store/provider_configs.go"},
	{"custom/", "internal/emulator/settings/custom_provider.go and internal/emulator/controlplane/custom_providers.go"},
	{"policy/", "internal/emulator/controlplane/policies.go"},
	{"logs/", "internal/emulator/controlplane/logs.go and logs_render.go"},
	{"domains/", "internal/emulator/controlplane/custom_domains.go"},
	{"store/", "internal/emulator/controlplane/secrets.go"},
	{"plane/", "internal/emulator/dataplane/errors.go and pipeline.go"},
	{"token/", "internal/emulator/wire/envelope.go"},
	{"", "internal/emulator/controlplane/envelope.go"},
}

// place returns the files of the emulator that decide what a question asks.
func place(name string) string {
	for _, p := range places {
		if strings.HasPrefix(name, p.begin) {
			return p.file
		}
	}
	return ""
}

// Contradictions returns what has to change so that the emulator does by default what the
// service answered, one line for each answer.
func Contradictions(records Records) (lines []string) {
	questions := map[string]Question{}
	for _, q := range Questions() {
		questions[q.Name] = q
	}
	for _, record := range records.Answers {
		q, ok := questions[record.Name]
		quirk, known := q.Quirks[record.Value]
		switch {
		case !ok:
			lines = append(lines, record.Name+": there is no such question; rename or delete the answer")
		case record.Value == "" || record.Value == q.Emulated || record.Kept != "":
		case known:
			lines = append(lines, fmt.Sprintf("%s: the service: %s; the emulator: %s. Turn the quirk %s around: its behavior becomes the default (%s).",
				record.Name, record.Value, q.Emulated, quirk, place(record.Name)))
		default:
			lines = append(lines, fmt.Sprintf("%s: the service: %s; the emulator: %s. Change the emulator (%s), then Emulated of the question.",
				record.Name, record.Value, q.Emulated, place(record.Name)))
		}
	}
	return lines
}
