package status

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

// settingView is a setting of a gateway. Off ones are shown less prominently.
type settingView struct {
	Name, Value string
	On          bool
}

// settingsOf returns the main settings of a gateway, and others that are switched on. It
// leaves out secrets: headers and authorization of otel and stripe.
func settingsOf(g store.GatewayOverview, stores map[string]string) []settingView {
	v := values(g.Settings)
	all := []settingView{
		v.flag("Authentication", "authentication", "required", "off: anybody may send requests"),
		v.cache(), v.rateLimit(), v.logs(g.Logs), v.spendLimits(),
	}
	for _, optional := range []settingView{
		v.guardrails(), v.dlp(), v.retries(),
		v.flag("Stored keys only", "byok_only", "on", ""),
		v.flag("Zero data retention", "zdr", "on", ""),
		v.secretsStore(stores),
		v.otel(),
		v.flag("Logpush", "logpush", "stored, has no effect here", ""),
		v.stripe(),
	} {
		if optional.On {
			all = append(all, optional)
		}
	}
	return all
}

// values are the settings of a gateway.
type values map[string]any

func (v values) number(name string) float64 {
	n, _ := v[name].(float64)
	return n
}

func (v values) text(name string) string {
	text, _ := v[name].(string)
	return text
}

func (v values) object(name string) values {
	object, _ := v[name].(map[string]any)
	return object
}

func (v values) list(name string) []any {
	list, _ := v[name].([]any)
	return list
}

func (v values) flag(title, name, on, off string) settingView {
	if v[name] == true {
		return settingView{title, on, true}
	}
	return settingView{title, off, false}
}

func (v values) cache() settingView {
	if ttl := v.number("cache_ttl"); ttl > 0 {
		return settingView{"Cache", seconds(ttl), true}
	}
	return settingView{"Cache", "off", false}
}

func (v values) rateLimit() settingView {
	limit, interval := v.number("rate_limiting_limit"), v.number("rate_limiting_interval")
	if limit <= 0 || interval <= 0 {
		return settingView{"Rate limit", "off", false}
	}
	technique := v.text("rate_limiting_technique")
	if technique == "" {
		technique = "fixed"
	}
	return settingView{"Rate limit", fmt.Sprintf("%s requests in %s, %s window", number(limit), seconds(interval), technique), true}
}

func (v values) logs(count int) settingView {
	if v["collect_logs"] == true {
		return settingView{"Logs", fmt.Sprintf("on, %d stored", count), true}
	}
	return settingView{"Logs", "off", false}
}

func (v values) spendLimits() settingView {
	limits := v.object("spend_limits")
	var rules []string
	for _, item := range limits.list("rules") {
		rule, _ := item.(map[string]any)
		if rule["enabled"] != false {
			rules = append(rules, values(rule).spendLimit())
		}
	}
	if limits["enabled"] != true || len(rules) == 0 {
		return settingView{"Spend limits", "off", false}
	}
	return settingView{"Spend limits", strings.Join(rules, "; "), true}
}

// spendLimit returns one rule, such as 5 USD in 1 day, sliding, per model.
func (v values) spendLimit() string {
	parts := []string{number(v.number("limit")) + " USD in " + seconds(v.number("window")), v.text("technique")}
	dimensions := map[string]values{"model": v.object("model"), "provider": v.object("provider")}
	for name, dimension := range v.object("metadata") {
		fields, _ := dimension.(map[string]any)
		dimensions["metadata."+name] = fields
	}
	for _, name := range slices.Sorted(maps.Keys(dimensions)) {
		switch d := dimensions[name]; d.text("mode") {
		case "partition":
			parts = append(parts, "for each "+name)
		case "filter":
			parts = append(parts, name+" in "+compact(d["values"]))
		}
	}
	return strings.Join(parts, ", ")
}

func (v values) guardrails() settingView {
	var parts []string
	for _, side := range []string{"prompt", "response"} {
		categories := v.object("guardrails").object(side)
		var found []string
		for _, name := range slices.Sorted(maps.Keys(categories)) {
			found = append(found, name+" "+strings.ToLower(categories.text(name)))
		}
		if len(found) > 0 {
			parts = append(parts, side+": "+strings.Join(found, ", "))
		}
	}
	return settingView{"Guardrails", strings.Join(parts, "; "), len(parts) > 0}
}

func (v values) dlp() settingView {
	dlp := v.object("dlp")
	text := "on"
	if action := dlp.text("action"); action != "" {
		text = strings.ToLower(action) + " " + compact(dlp["profiles"])
	} else if n := len(dlp.list("policies")); n > 0 {
		text = plural(n, "policy", "policies")
	}
	return settingView{"DLP", text, dlp["enabled"] == true}
}

func (v values) retries() settingView {
	attempts := v.number("retry_max_attempts")
	text := fmt.Sprintf("%s attempts, %s ms apart", number(attempts), number(v.number("retry_delay")))
	if backoff := v.text("retry_backoff"); backoff != "" {
		text += ", " + backoff
	}
	return settingView{"Retries", text, attempts > 1}
}

func (v values) secretsStore(stores map[string]string) settingView {
	id := v.text("store_id")
	name, exists := stores[id]
	if !exists {
		name = id + " (no such store)"
	}
	return settingView{"Secrets Store", name, id != ""}
}

func (v values) otel() settingView {
	var targets []string
	for _, item := range v.list("otel") {
		target, _ := item.(map[string]any)
		targets = append(targets, withoutSecrets(values(target).text("url")))
	}
	return settingView{"OpenTelemetry", strings.Join(targets, ", "), len(targets) > 0}
}

func (v values) stripe() settingView {
	return settingView{"Stripe", "stored, has no effect here", v["stripe"] != nil}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
