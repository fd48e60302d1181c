package matrix_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/faultproxy"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

type diagnostics = protocol.Diagnostics

const baseURL = "http://emulator.test"

// A cell is one operation with one fault, on a service of its own.
type cell struct {
	testing.TB
	op       operation
	clock    *clock
	emulator *emulator.Server
	proxy    *faultproxy.Proxy
	server   *protocol.Server
	subject  *protocol.Resource
	id       string // of the subject before the operation
	replaced bool   // whether the undisturbed operation replaces the subject
	// wantRead is what a data source returns without a fault, read what it returned
	// last.
	wantRead, read any
}

func newCell(t testing.TB, op operation) *cell {
	t.Helper()
	c := &cell{TB: t, op: op, clock: newClock()}
	var err error
	if c.emulator, err = emulator.New(emulator.Options{
		Clock: c.clock.emulator, SecretDelay: -1, NoSecretsStore: op.typeName == storeType,
	}); err != nil {
		t.Fatal(err)
	}
	c.proxy = faultproxy.New(c.emulator, 1)
	c.proxy.Pause, c.proxy.Now = c.clock.pause, c.clock.Now
	service := &acctest.Service{
		Emulator: c.emulator, AccountID: acctest.AccountID, Token: emulator.DefaultToken,
		BaseURL: baseURL + "/client/v4", GatewayBaseURL: baseURL + "/v1",
	}
	c.server = protocol.New(t, provider.NewWithOptions("test", provider.Options{
		Getenv: service.Getenv("AIGATEWAY_ALLOW_TEST_REQUESTS=true"), Transport: faultproxy.Transport(c.proxy), Clock: c.clock,
	}), attrs{})
	c.addBystanders()
	return c
}

// addBystanders creates the objects that exist in every cell, and reads those
// that the fault "other" shows.
func (c *cell) addBystanders() {
	if c.op.typeName == storeType {
		return // the account can have no other store
	}
	e, account := c.emulator, acctest.AccountID
	store := e.StoreIDs(account)[0]
	graph := []map[string]any{
		{"id": "start", "type": "start", "outputs": attrs{"next": attrs{"elementId": "m"}}},
		{"id": "m", "type": "model", "properties": attrs{"provider": "openai", "model": "gpt-5.2", "timeout": 1000, "retries": 0},
			"outputs": attrs{"success": attrs{"elementId": "end"}, "fallback": attrs{"elementId": "end"}}},
		{"id": "end", "type": "end", "outputs": attrs{}},
	}
	var reads []string
	for _, id := range []string{parentID, bystanderID} {
		e.PutGateway(account, attrs{"id": id, "store_id": store, "authentication": true, "cache_ttl": 7})
		route := e.PutRoute(account, id, bystanderID, graph)
		secret := e.PutSecret(account, store, id+"_openai_"+bystanderID, "sk-bystander")
		config := e.PutProviderConfig(account, id, attrs{"provider_slug": "openai", "alias": bystanderID, "secret_id": secret})
		policy := e.PutPolicy(account, id, attrs{
			"name": bystanderID, "actor": "company:all", "resource": "*", "condition": "true", "action": attrs{"type": "no-limit"},
		})
		at := "/ai-gateway/gateways/" + id
		stored, _ := e.Route(account, id, route)
		reads = append(reads, at+"/routes", at+"/routes/"+route+"/versions", at+"/routes/"+route+"/deployments", at+"/provider_configs",
			at+"/routes/"+route+"/versions/"+stored.Versions[0], at+"/routes/"+route, at+"/provider_configs/"+config, at,
			"/secrets_store/stores/"+store+"/secrets/"+secret, at+"/policies", at+"/policies/"+policy, at+"/policies/"+policy+"?includeStaging=true")
	}
	e.PutLog(account, parentID, attrs{"id": logID, "request": "{}", "response": "{}"})
	e.PutCustomDomain(account, parentID, attrs{"domain": bystanderID + ".example.com", "zone_id": zoneID})
	custom := e.PutCustomProvider(account, attrs{"name": bystanderID, "slug": bystanderID, "base_url": "https://bystander.example.com"})
	e.SetCreditBalance(account, 12)
	reads = append(reads, "/ai-gateway/custom-providers/"+custom,
		"/ai-gateway/gateways/"+parentID+"/custom-domains", "/ai-gateway/gateways/"+parentID+"/custom-domains/"+bystanderID+".example.com")
	c.clock.advance(time.Hour)
	for _, path := range reads {
		r, err := http.NewRequestWithContext(c.Context(), http.MethodGet, baseURL+"/client/v4/accounts/"+account+path, nil)
		if err != nil {
			c.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+emulator.DefaultToken)
		resp, err := faultproxy.Transport(c.proxy).RoundTrip(r)
		if err != nil {
			c.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}

// prepare brings the object into the state before the operation.
func (c *cell) prepare() {
	if c.op.isRead() {
		c.run()
		c.wantRead = c.read
		return
	}
	c.subject = c.server.Resource(c.op.typeName)
	if c.op.from != nil {
		plan, diags := c.subject.Plan(c.op.from)
		if diags.HasError() {
			c.Fatal(diags)
		}
		if diags := c.subject.Apply(plan); diags.HasError() {
			c.Fatal(diags)
		}
		c.id, _ = c.subject.State()["id"].(string)
		c.clock.advance(time.Hour)
	}
	c.emulator.ResetRequests()
}

func (op operation) isRead() bool { return op.do == nil }

// run carries out the operation.
func (c *cell) run() diagnostics {
	if !c.op.isRead() {
		return c.op.do(c)
	}
	c.read = nil
	if c.op.lists {
		found, diags := c.server.List(c.op.typeName, c.op.to, protocol.Query{IncludeResource: true})
		if !diags.HasError() {
			c.read = attrs{"results": found}
		}
		return diags
	}
	state, diags := c.server.ReadDataSource(c.op.typeName, c.op.to)
	if !diags.HasError() {
		c.read = protocol.Object(c, state)
	}
	return diags
}

func apply(c *cell) diagnostics {
	plan, diags := c.subject.Plan(c.op.to)
	if diags.HasError() {
		return diags
	}
	return append(diags, c.subject.Apply(plan)...)
}

func refresh(c *cell) diagnostics { return c.subject.Refresh() }

func importIt(c *cell) diagnostics {
	imported := c.server.Resource(c.op.typeName)
	state := c.subject.State()
	id := acctest.AccountID
	for _, name := range importNames[c.op.typeName] {
		id += "/" + state[name].(string)
	}
	diags := imported.Import(id)
	if !diags.HasError() {
		c.subject = imported
	}
	return diags
}

var importID = regexp.MustCompile(`import \{\s+to = aigateway_\w+\.\w+\s+id = "([^"]+)"`)

// converge does what a user does after the fault: apply once more. Where the
// operation said that the object may exist and how to import it, and the apply
// says that it exists, the user imports it. It reports whether that was needed.
func (c *cell) converge(before diagnostics) (imported bool) {
	if !c.op.isRead() {
		failures := protocol.Record(c, func(t testing.TB) {
			t.Helper()
			c.subject = c.subject.With(c.server.Reporting(t))
			c.subject.MustApply(c.op.to)
		})
		c.subject = c.subject.With(c.server)
		block := importID.FindStringSubmatch(before.String())
		if block == nil { // the server chooses the id, so only the second error names it
			block = importID.FindStringSubmatch(strings.Join(failures, "\n"))
		}
		if len(failures) == 0 {
			return false
		}
		if c.op.to == nil || c.subject.Exists() || block == nil || !importID.MatchString(strings.Join(failures, "\n")) {
			for _, failure := range failures {
				c.Errorf("the next apply: %s", failure)
			}
			return false
		}
		if diags := c.subject.Import(block[1]); diags.HasError() {
			c.Errorf("the import: %s", diags)
			return true
		}
		c.subject.MustApply(c.op.to)
		return true
	}
	if diags := c.run(); diags.HasError() {
		c.Errorf("the next read: %s", diags)
	}
	return false
}

// A snapshot is what the service holds.
type snapshot struct{ bystanders, subjects any }

// snapshot returns everything that the service stores. What differs from run to
// run is left out of the subjects.
func (c *cell) snapshot() snapshot {
	e, account := c.emulator, acctest.AccountID
	var bystanders, subjects []any
	add := func(isBystander bool, object any) {
		if isBystander {
			bystanders = append(bystanders, plain(c, object))
		} else {
			subjects = append(subjects, stripped(plain(c, object)))
		}
	}
	for _, id := range e.GatewayIDs(account) {
		gateway, _ := e.Gateway(account, id)
		add(!strings.HasPrefix(id, "subject"), gateway)
		for _, route := range e.Routes(account, id) {
			if route.Name != bystanderID {
				route.Versions, route.Deployments = nil, nil
			}
			add(route.Name == bystanderID, route)
		}
		for _, config := range e.ProviderConfigs(account, id) {
			add(config["alias"] == bystanderID, config)
		}
		for _, policy := range slices.Concat(e.Policies(account, id), e.PolicyDrafts(account, id)) {
			add(policy["name"] == bystanderID, policy)
		}
		domains := e.CustomDomains(account, id)
		for _, hostname := range slices.Sorted(maps.Keys(domains)) {
			add(strings.HasPrefix(hostname, bystanderID), attrs{"hostname": hostname, "settings": domains[hostname]})
		}
	}
	for _, name := range e.StoreNames(account) {
		add(!strings.HasPrefix(name, "subject"), attrs{"store": name})
	}
	for _, store := range e.StoreIDs(account) {
		for _, name := range e.SecretNames(account, store) {
			value, _ := e.SecretValue(account, store, name)
			add(strings.HasSuffix(name, bystanderID), attrs{"secret": name, "value": value})
		}
	}
	for _, custom := range e.CustomProviders(account) {
		add(custom["slug"] == bystanderID, custom)
	}
	return snapshot{bystanders, subjects}
}

// plain returns a value as JSON has it.
func plain(t testing.TB, value any) any {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

var varying = regexp.MustCompile(`^(ID|Created|Modified|Deployed|id|created_at|modified_at|secret_id|secret_preview)$`)

// stripped removes ids and times from an object.
func stripped(object any) any {
	fields, ok := object.(map[string]any)
	if !ok {
		return object
	}
	for name := range fields {
		if varying.MatchString(name) {
			delete(fields, name)
		}
	}
	return fields
}

// jargon is what no message says: names of Go and of JSON's decoder, and what a
// terminal acts on.
var jargon = regexp.MustCompile(`json: |Go value|Go struct|RawMessage|unmarshal|map\[|%!|<nil>|0x[0-9a-f]{6}|runtime error|[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{202a}-\x{202e}]`)

// checkDiagnostics fails the cell for messages that do not help.
func (c *cell) checkDiagnostics(diags diagnostics) {
	for _, d := range diags {
		text := d.Summary + "\n" + d.Detail
		switch {
		case strings.TrimSpace(d.Summary) == "" || strings.TrimSpace(d.Detail) == "":
			c.Errorf("a message is empty: %q", text)
		case len(text) > 6000:
			c.Errorf("a message has %d bytes: %.200s", len(text), text)
		case jargon.MatchString(text):
			c.Errorf("a message has %q: %.400s", jargon.FindString(text), text)
		}
	}
}

// isAnother reports whether the operation replaced the subject.
func (c *cell) isAnother() bool {
	return c.id != "" && c.subject.Exists() && c.subject.State()["id"] != c.id
}

// checkIdentity fails the cell if the resource is another object than before.
func (c *cell) checkIdentity() {
	if c.op.isRead() || !c.subject.Exists() {
		return
	}
	state := c.subject.State()
	for _, name := range []string{"id", "name", "slug", "alias"} {
		if state[name] == bystanderID || !c.replaced && c.id != "" && name == "id" && state[name] != c.id {
			c.Errorf("state has another object: %s = %v", name, state[name])
		}
	}
	if gateway, ok := state["gateway_id"]; ok && gateway != parentID {
		c.Errorf("state has another object: gateway_id = %v", gateway)
	}
}

// same fails the cell unless both values are equal.
func (c *cell) same(what string, want, got any) {
	c.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		c.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
