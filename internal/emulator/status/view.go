package status

import (
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/trace"
)

// maxItems bounds the items of every list on the page: an account without a limit may
// hold thousands of gateways.
const maxItems = 50

// view is what the template shows.
type view struct {
	Style    template.CSS
	Now      string
	Quirks   []string
	Accounts []accountView
	Data     []requestView
	Control  []requestView
	Kept     int
}

type accountView struct {
	ID              string
	Gateways        []gatewayView
	Omitted         int
	CustomProviders []customProviderView
}

type customProviderView struct {
	Name, Slug, BaseURL, Headers string
	Enabled                      bool
}

type gatewayView struct {
	ID              string
	Modified        string
	Settings        []settingView
	Routes          []routeView
	RoutesOmitted   int
	Keys            []keyView
	Policies        []policyView
	Domains         []*store.CustomDomain
	KeysOmitted     int
	PoliciesOmitted int
}

type keyView struct {
	Provider, Alias, Limit string
	Default                bool
}

type policyView struct{ Name, Actor, Condition, Resource, Action, State string }

type requestView struct {
	Time, Date, Method, Status, Class string
	// Path has long ids cut off, FullPath has not.
	Path, FullPath string
	*trace.Trace
	// By is the step that decided.
	By trace.Step
}

// view returns what the page shows now.
func (p *Page) view() view {
	v := view{Style: template.CSS(style), Now: p.store.Now().UTC().Format("2006-01-02 15:04:05 UTC"), Kept: kept} //nolint:gosec // a constant of this package
	for _, q := range slices.Sorted(maps.Keys(p.store.Quirks())) {
		v.Quirks = append(v.Quirks, string(q))
	}
	for _, account := range p.store.Overview() {
		v.Accounts = append(v.Accounts, newAccountView(account))
	}
	data, control := p.history.snapshot()
	for _, r := range data {
		v.Data = append(v.Data, newRequestView(r))
	}
	for _, r := range control {
		v.Control = append(v.Control, newRequestView(r))
	}
	return v
}

// first returns the first items of a list and how many there are besides.
func first[T any](list []T) ([]T, int) {
	n := min(len(list), maxItems)
	return list[:n], len(list) - n
}

func newAccountView(account store.AccountOverview) accountView {
	out := accountView{ID: account.ID}
	gateways, omitted := first(account.Gateways)
	out.Omitted = omitted
	for _, g := range gateways {
		out.Gateways = append(out.Gateways, newGatewayView(g, account.Stores))
	}
	for _, custom := range account.CustomProviders {
		shown := customProviderView{
			Name: custom.Text("name"), Slug: custom.Text("slug"), BaseURL: withoutSecrets(custom.Text("base_url")),
			Enabled: custom.Values["enable"] == true,
		}
		if custom.Text("headers") != "" {
			shown.Headers = "set, not shown"
		}
		out.CustomProviders = append(out.CustomProviders, shown)
	}
	return out
}

// withoutSecrets returns a URL without the parts that may hold secrets.
func withoutSecrets(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(not a URL)"
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return shown.String()
}

func newGatewayView(g store.GatewayOverview, stores map[string]string) gatewayView {
	out := gatewayView{ID: g.ID, Modified: clock(g.Modified), Settings: settingsOf(g, stores), Domains: g.Domains}
	routes, omitted := first(g.Routes)
	out.RoutesOmitted = omitted
	for _, r := range routes {
		out.Routes = append(out.Routes, newRouteView(r))
	}
	keys, omitted := first(g.Keys)
	out.KeysOmitted = omitted
	for _, k := range keys {
		shown := keyView{Provider: k.Provider, Alias: k.Alias, Default: k.Default, Limit: "none"}
		if limit, ok := k.RateLimit.(float64); ok && limit > 0 {
			shown.Limit = fmt.Sprintf("%s requests in %s", number(limit), seconds(k.Period))
		}
		out.Keys = append(out.Keys, shown)
	}
	policies, omitted := first(g.Policies)
	out.PoliciesOmitted = omitted
	for _, policy := range policies {
		out.Policies = append(out.Policies, policyViews(policy)...)
	}
	return out
}

// policyViews returns the rule in force and the draft of a policy.
func policyViews(policy store.Policy) []policyView {
	var out []policyView
	for _, rule := range []struct {
		state  string
		values map[string]any
	}{{"in force", policy.Committed}, {"draft", policy.Draft}} {
		if rule.values == nil {
			continue
		}
		text := func(name string) string {
			value, _ := rule.values[name].(string)
			return value
		}
		out = append(out, policyView{
			Name: text("name"), Actor: text("actor"), Condition: text("condition"), State: rule.state,
			Resource: resourceText(rule.values["resource"]), Action: actionText(rule.values["action"]),
		})
	}
	return out
}

func resourceText(resource any) string {
	if text, ok := resource.(string); ok {
		return text
	}
	return compact(resource)
}

func actionText(action any) string {
	values, _ := action.(map[string]any)
	switch values["type"] {
	case "limit":
		amount, _ := values["amount"].(float64)
		return fmt.Sprintf("limit %s USD %v", number(amount), values["period"])
	case "block":
		if values["except"] == true {
			return "block all but this"
		}
		return "block"
	case "no-limit":
		return "no limit"
	}
	return compact(action)
}

func newRequestView(r Request) requestView {
	out := requestView{
		Time: r.Time.UTC().Format(time.TimeOnly), Date: r.Time.UTC().Format(time.RFC3339), Method: r.Method, FullPath: r.Path,
		Status: strconv.Itoa(r.Status), Class: "s" + strconv.Itoa(r.Status/100), Trace: r.Trace, By: r.Trace.Decided(),
	}
	if r.Query != "" {
		out.FullPath += "?" + r.Query
	}
	out.Path = longIDs.ReplaceAllString(out.FullPath, "$1…")
	if r.Status == 0 {
		out.Status, out.Class = "cut", "s5"
	}
	return out
}

// longIDs are the ids of accounts and of other objects: hexadecimal digits, some with
// hyphens.
var longIDs = regexp.MustCompile(`\b([0-9a-f]{8})[0-9a-f-]{24,28}\b`)

// clock returns a time for people to read.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// number returns a number without an exponent.
func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// seconds returns a number of seconds for people to read.
func seconds(n float64) string {
	for _, unit := range []struct {
		name string
		size float64
	}{{"day", 86400}, {"hour", 3600}, {"minute", 60}} {
		if count := n / unit.size; n > 0 && count == float64(int64(count)) {
			if count == 1 {
				return "1 " + unit.name
			}
			return number(count) + " " + unit.name + "s"
		}
	}
	return number(n) + " s"
}
