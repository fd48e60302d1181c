package sdk

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway" //nolint:depguard // the SDK itself is tested here
	"github.com/cloudflare/cloudflare-go/v7/option"     //nolint:depguard // as above
	"github.com/cloudflare/cloudflare-go/v7/shared"     //nolint:depguard // as above

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// The provider passes its own request bodies to cloudflare-go and decodes the
// responses itself. Here the SDK's types do both, so that they check what the
// emulator accepts and returns.

// fields maps Go names of fields of an SDK parameter struct to values.
type fields map[string]any

// fill returns parameters with the given fields set. The SDK's own helpers are in
// its root package, which is too big to compile.
func fill[T any](t *testing.T, values fields) T {
	t.Helper()
	var params T
	for name, value := range values {
		field := reflect.ValueOf(&params).Elem().FieldByName(name)
		if !field.IsValid() {
			t.Fatalf("%T has no field %s", params, name)
		}
		field.FieldByName("Present").SetBool(true)
		target, given := field.FieldByName("Value"), reflect.ValueOf(value)
		if given.CanConvert(target.Type()) {
			target.Set(given.Convert(target.Type()))
		} else {
			// Sent as raw JSON. Parts of paths and queries never need that.
			field.FieldByName("Raw").Set(given)
		}
	}
	return params
}

// newGateways starts an emulator and returns it with the SDK's service for it.
func newGateways(t *testing.T) (*acctest.Service, *ai_gateway.AIGatewayService) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	return service, ai_gateway.NewAIGatewayService(
		option.WithBaseURL(service.BaseURL), option.WithAPIToken(service.Token), option.WithMaxRetries(0))
}

// settings adds the account and the required settings of a gateway to values.
func settings(service *acctest.Service, values fields) fields {
	all := fields{
		"AccountID": service.AccountID, "CacheInvalidateOnUpdate": false, "CacheTTL": 0, "CollectLogs": true,
		"RateLimitingInterval": 0, "RateLimitingLimit": 0,
	}
	maps.Copy(all, values)
	return all
}

func requireStatus(t *testing.T, err error, status int, code int64) {
	t.Helper()
	var failed *ai_gateway.Error
	if !errors.As(err, &failed) {
		t.Fatalf("error is %v, want an error of the SDK", err)
	}
	if failed.StatusCode != status || len(failed.Errors) == 0 || failed.Errors[0].Code != code {
		t.Errorf("error is %v, want status %d and code %d", failed, status, code)
	}
}

func TestCloudflareGoGateways(t *testing.T) {
	service, gateways := newGateways(t)
	ctx := t.Context()
	made, err := gateways.New(ctx, fill[ai_gateway.AIGatewayNewParams](t, settings(service, fields{
		"ID": "demo", "CacheTTL": 300, "Authentication": true, "RetryBackoff": "linear", "RetryDelay": 500, "RetryMaxAttempts": 3,
	})))
	if err != nil {
		t.Fatal(err)
	}
	requireRead(t, *made)
	if made.ID != "demo" || made.CacheTTL != 300 || !made.Authentication || made.RetryDelay != 500 || made.CreatedAt.IsZero() {
		t.Errorf("made %+v", made)
	}
	_, err = gateways.New(ctx, fill[ai_gateway.AIGatewayNewParams](t, settings(service, fields{"ID": "demo"})))
	requireStatus(t, err, http.StatusBadRequest, 7001)

	updated, err := gateways.Update(ctx, "demo", fill[ai_gateway.AIGatewayUpdateParams](t, settings(service, features)))
	if err != nil {
		t.Fatal(err)
	}
	requireRead(t, *updated)
	got, err := gateways.Get(ctx, "demo", fill[ai_gateway.AIGatewayGetParams](t, fields{"AccountID": service.AccountID}))
	if err != nil {
		t.Fatal(err)
	}
	requireRead(t, *got)
	requireFeatures(t, got)

	gone, err := gateways.Delete(ctx, "demo", fill[ai_gateway.AIGatewayDeleteParams](t, fields{"AccountID": service.AccountID}))
	if err != nil {
		t.Fatal(err)
	}
	requireRead(t, *gone)
	_, err = gateways.Get(ctx, "demo", fill[ai_gateway.AIGatewayGetParams](t, fields{"AccountID": service.AccountID}))
	requireStatus(t, err, http.StatusNotFound, 7002)
}

// features holds the settings that only an update accepts. Two forms are left
// out, since this SDK version cannot read them: it does not know DLP policies, and
// it panics on a spend limit by metadata. The provider decodes responses itself.
var features = fields{
	"LogClassification": true,
	"DLP":               map[string]any{"enabled": true, "action": "BLOCK", "profiles": []string{"p1"}},
	"Guardrails": map[string]any{
		"prompt": map[string]any{"S1": "BLOCK", "P1": "FLAG"}, "response": map[string]any{"S10": "FLAG"},
	},
	"Otel": []any{map[string]any{
		"url": "https://otel.example.com/v1/traces", "headers": map[string]any{"x-team": "a"}, "content_type": "protobuf",
	}},
	"SpendLimits": map[string]any{"enabled": true, "rules": []any{map[string]any{
		"id": "team", "limit": 10, "limitType": "cost", "window": 3600, "technique": "fixed",
		"model": map[string]any{"mode": "filter", "values": []string{"gpt-5.2"}},
	}}},
	"Stripe": map[string]any{"authorization": "secret", "usage_events": []any{map[string]any{"payload": `{"cost":"$cost"}`}}},
}

func requireFeatures(t *testing.T, got *ai_gateway.AIGatewayGetResponse) {
	t.Helper()
	dlp, ok := got.DLP.AsUnion().(ai_gateway.AIGatewayGetResponseDLPObject)
	if !ok || dlp.Action != "BLOCK" || !slices.Equal(dlp.Profiles, []string{"p1"}) {
		t.Errorf("dlp = %+v", got.DLP)
	}
	if !got.LogClassification || got.Guardrails.Prompt.S1 != "BLOCK" || got.Guardrails.Response.S10 != "FLAG" {
		t.Errorf("guardrails = %+v", got.Guardrails)
	}
	if len(got.Otel) != 1 || got.Otel[0].ContentType != "protobuf" || got.Otel[0].Headers["x-team"] != "a" {
		t.Errorf("otel = %+v", got.Otel)
	}
	rules := got.SpendLimits.Rules
	if len(rules) != 1 || rules[0].ID != "team" || rules[0].Limit != 10 || !slices.Equal(rules[0].Model.Values, []string{"gpt-5.2"}) {
		t.Errorf("spend limits = %+v", rules)
	}
	if len(got.Stripe.UsageEvents) != 1 || got.Stripe.Authorization != "secret" {
		t.Errorf("stripe = %+v", got.Stripe)
	}
}

func TestCloudflareGoPaging(t *testing.T) {
	service, gateways := newGateways(t)
	var want []string
	for i := range 45 {
		id := fmt.Sprintf("many-%02d", i)
		service.Emulator.PutGateway(service.AccountID, map[string]any{"id": id})
		want = append(want, id)
	}
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "other"})
	pager := gateways.ListAutoPaging(t.Context(), fill[ai_gateway.AIGatewayListParams](t, fields{
		"AccountID": service.AccountID, "Search": "many-",
	}))
	var got []string
	for pager.Next() {
		requireRead(t, pager.Current())
		got = append(got, pager.Current().ID)
	}
	if err := pager.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestCloudflareGoLogs(t *testing.T) {
	service, gateways := newGateways(t)
	ctx, logs := t.Context(), gateways.Logs
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "demo"})
	for i := range 60 {
		log := map[string]any{"cost": i, "tokens_in": i, "tokens_out": nil, "request": `{"n":1}`, "response": `{"n":2}`}
		if i%2 == 0 {
			log["provider"] = "anthropic"
		}
		service.Emulator.PutLog(service.AccountID, "demo", log)
	}
	find := func(values fields) (found []ai_gateway.LogListResponse) {
		t.Helper()
		values["AccountID"] = service.AccountID
		pager := logs.ListAutoPaging(ctx, "demo", fill[ai_gateway.LogListParams](t, values))
		for pager.Next() {
			requireRead(t, pager.Current())
			found = append(found, pager.Current())
		}
		if err := pager.Err(); err != nil {
			t.Fatal(err)
		}
		return found
	}
	filter := func(key, operator string, value ai_gateway.LogListParamsFiltersValueUnion) []ai_gateway.LogListParamsFilter {
		return []ai_gateway.LogListParamsFilter{fill[ai_gateway.LogListParamsFilter](t, fields{
			"Key": key, "Operator": operator, "Value": []ai_gateway.LogListParamsFiltersValueUnion{value},
		})}
	}
	for _, test := range []struct {
		query fields
		want  int
	}{
		{fields{}, 60},
		{fields{"PerPage": 50, "MetaInfo": true}, 60},
		{fields{"Filters": filter("provider", "eq", shared.UnionString("anthropic"))}, 30},
		{fields{"Filters": filter("cost", "gt", shared.UnionFloat(49.5))}, 10},
		{fields{"Filters": filter("success", "eq", shared.UnionBool(false))}, 0},
		{fields{"Provider": "openai", "MaxCost": 9.0}, 5},
		{fields{"OrderBy": "provider", "OrderByDirection": "asc"}, 60},
	} {
		if got := len(find(test.query)); got != test.want {
			t.Errorf("%v: %d logs, want %d", test.query, got, test.want)
		}
	}

	id := find(fields{})[0].ID
	log, err := logs.Get(ctx, "demo", id, fill[ai_gateway.LogGetParams](t, fields{"AccountID": service.AccountID}))
	if err != nil {
		t.Fatal(err)
	}
	requireRead(t, *log)
	if log.TokensIn != 59 || !log.JSON.TokensOut.IsNull() || log.RequestHead != `{"n":1}` || !log.RequestHeadComplete {
		t.Errorf("log = %+v", log)
	}
	request, err := logs.Request(ctx, "demo", id, fill[ai_gateway.LogRequestParams](t, fields{"AccountID": service.AccountID}))
	if err != nil || fmt.Sprint(*request) != "map[n:1]" {
		t.Errorf("request = %v, %v", request, err)
	}
	if _, err := logs.Edit(ctx, "demo", id, fill[ai_gateway.LogEditParams](t, fields{
		"AccountID": service.AccountID, "Feedback": 1.0, "Score": 80.0, "Metadata": map[string]any{"team": "red"},
	})); err != nil {
		t.Error(err)
	}
	if got := find(fields{"Filters": filter("feedback", "eq", shared.UnionFloat(1))}); len(got) != 1 || got[0].ID != id {
		t.Errorf("with feedback: %v", got)
	}
	if _, err := logs.Delete(ctx, "demo", fill[ai_gateway.LogDeleteParams](t, fields{"AccountID": service.AccountID, "Limit": 10})); err != nil {
		t.Error(err)
	}
	if got := len(find(fields{})); got != 50 {
		t.Errorf("%d logs are left, want 50", got)
	}
	url, err := gateways.URLs.Get(ctx, "demo", "openai", fill[ai_gateway.URLGetParams](t, fields{"AccountID": service.AccountID}))
	if err != nil || *url != service.GatewayBaseURL+"/"+service.AccountID+"/demo/openai" {
		t.Errorf("url = %v, %v", url, err)
	}
}

// requireRead fails the test if a response has members that the SDK does not know
// or could not decode into its type.
func requireRead(t *testing.T, response any) {
	t.Helper()
	for _, complaint := range unread(reflect.ValueOf(response), "") {
		t.Errorf("%T: %s", response, complaint)
	}
}

// newer lists members that this version of the SDK lacks or declares with another
// type: metadata is an object (observed live), and a string in the SDK.
var newer = []string{".byok_only", ".Metadata", ".feedback", ".score"}

// unread lists the members below v that the SDK does not know or could not decode.
func unread(v reflect.Value, at string) (complaints []string) {
	complain := func(place, what string) {
		if !slices.Contains(newer, place) {
			complaints = append(complaints, place+" "+what)
		}
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			complaints = append(complaints, unread(v.Index(i), fmt.Sprintf("%s[%d]", at, i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			complaints = append(complaints, unread(v.MapIndex(key), fmt.Sprintf("%s[%v]", at, key))...)
		}
	case reflect.Struct:
		meta := v.FieldByName("JSON")
		if !meta.IsValid() {
			break
		}
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if state, ok := field(meta, name); ok && state.IsInvalid() {
				complain(at+"."+name, "was not decoded: "+state.Raw())
			} else if v.Type().Field(i).IsExported() && name != "JSON" {
				complaints = append(complaints, unread(v.Field(i), at+"."+name)...)
			}
		}
		for _, key := range meta.FieldByName("ExtraFields").MapKeys() {
			complain(at+"."+key.String(), "is unknown to the SDK")
		}
	}
	return complaints
}

// A state is the SDK's metadata of one member of a response.
type state interface {
	IsInvalid() bool
	Raw() string
}

// field returns the state of a member by its Go name.
func field(meta reflect.Value, name string) (state, bool) {
	f := meta.FieldByName(name)
	if !f.IsValid() || !f.CanInterface() {
		return nil, false
	}
	return reflect.TypeAssert[state](f)
}
