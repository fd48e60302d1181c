package requestlog_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// chat sends one request through the gateway and returns the id of its log.
func chat(t *testing.T, service *acctest.Service, headers ...string) string {
	t.Helper()
	const body = `{"model":"workers-ai/@cf/meta/llama-3.1-8b-instruct","messages":[{"role":"user","content":"Hello?"}]}`
	url := service.GatewayBaseURL + "/" + service.AccountID + "/gw/compat/chat/completions"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("cf-aig-authorization", "Bearer "+service.Token)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	id := resp.Header.Get("cf-aig-log-id")
	if resp.StatusCode != http.StatusOK || id == "" {
		t.Fatalf("chat: HTTP %d, log id %q", resp.StatusCode, id)
	}
	service.Emulator.ResetRequests()
	return id
}

func one(t *testing.T, server *protocol.Server, config attrs) attrs {
	t.Helper()
	config["gateway_id"] = "gw"
	state, diags := server.ReadDataSource(oneType, config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return protocol.Object(t, state)
}

func TestLog(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	id := chat(t, service, `cf-aig-metadata: {"user":7,"team":"platform"}`)
	state := one(t, server, attrs{"log_id": id})
	service.RequireRequests(t, "GET "+logsPath+"/"+id, "GET "+logsPath+"/"+id+"/request", "GET "+logsPath+"/"+id+"/response")
	for attribute, want := range map[string]any{
		"id": id, "log_id": id, "account_id": service.AccountID, "gateway_id": "gw", "include_bodies": true,
		"provider_name": "workers-ai", "status_code": int64(200), "success": true, "cached": false,
		"metadata": `{"team":"platform","user":7}`, "request_head_complete": true,
	} {
		if state[attribute] != want {
			t.Errorf("%s = %v, want %v", attribute, state[attribute], want)
		}
	}
	request, _ := state["request_body"].(string)
	response, _ := state["response_body"].(string)
	if !strings.Contains(request, "Hello?") || !strings.Contains(response, "choices") {
		t.Errorf("the bodies are %q and %q", request, response)
	}
	if state["request_size"] != int64(len(request)) || state["request_head"] != request {
		t.Errorf("request_size %v, request_head %v", state["request_size"], state["request_head"])
	}
	listed := list(t, server, attrs{})["logs"].([]any)[0].(attrs)
	for attribute, want := range listed {
		if state[attribute] != want {
			t.Errorf("%s = %v, in the list %v", attribute, state[attribute], want)
		}
	}
}

func TestLogWithoutBodies(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for name, config := range map[string]attrs{
		"not stored": {"log_id": chat(t, service, "cf-aig-collect-log-payload: false")},
		"not wanted": {"log_id": chat(t, service), "include_bodies": false},
	} {
		state := one(t, server, config)
		if state["request_body"] != nil || state["response_body"] != nil || state["status_code"] != int64(200) {
			t.Errorf("%s: %v", name, state)
		}
		requests := len(service.Requests())
		service.Emulator.ResetRequests()
		if name == "not stored" && requests != 3 || name == "not wanted" && (requests != 1 || state["request_head"] != nil || state["response_head"] != nil) {
			t.Errorf("%s: %d requests, heads %v and %v", name, requests, state["request_head"], state["response_head"])
		}
	}
}

func TestBinaryBody(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	id := chat(t, service)
	service.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: "/response", Status: http.StatusOK, Body: "\xff\xfe"})
	if state := one(t, server, attrs{"log_id": id}); state["response_body"] != nil || state["request_body"] == nil {
		t.Errorf("the bodies are %v and %v", state["request_body"], state["response_body"])
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	const id = "0198b9c4-0000-7000-8000-000000000000"
	for _, test := range []struct {
		typeName string
		config   attrs
		at       string
		says     []string
	}{
		{oneType, attrs{"gateway_id": "gw", "log_id": id}, "log_id", []string{fmt.Sprintf("has no log %q", id), "2026-09-24", "Workers Observability"}},
		{oneType, attrs{"gateway_id": "other", "log_id": id}, "gateway_id", []string{`has no gateway "other"`, service.AccountID}},
		{listType, attrs{"gateway_id": "other"}, "gateway_id", []string{`has no gateway "other"`, service.AccountID}},
	} {
		_, diags := server.ReadDataSource(test.typeName, test.config)
		for _, text := range test.says {
			if !strings.Contains(diags.At(test.at).String(), text) {
				t.Errorf("%s %v: want an error at %s that says %q, got: %s", test.typeName, test.config, test.at, text, diags)
			}
		}
	}
}

// The real service lists the logs of a gateway that does not exist as none.
func TestListOfAMissingGatewayMayBeEmpty(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.Inject(emulator.Fault{
		Method: http.MethodGet, Path: "/logs", Status: http.StatusOK,
		Body: `{"success":true,"result":[],"result_info":{"count":0,"page":1,"per_page":50,"total_count":0}}`,
	})
	_, diags := server.ReadDataSource(listType, attrs{"gateway_id": "other"})
	if !strings.Contains(diags.At("gateway_id").String(), `has no gateway "other"`) {
		t.Error(diags)
	}
}

func TestEmptyList(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	state := list(t, server, attrs{})
	if len(state["logs"].([]any)) != 0 || state["total_count"] != int64(0) {
		t.Errorf("%v of %v", state["logs"], state["total_count"])
	}
	// Whether the gateway exists is worth a request only when nothing is found.
	service.RequireRequests(t, pageRequest(1, ""), "GET "+gateways+"/gw")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for typeName, config := range map[string]attrs{listType: {"gateway_id": "gw"}, oneType: {"gateway_id": "gw", "log_id": "log-1"}} {
		service.Emulator.Inject(emulator.Fault{
			Method: http.MethodGet, Status: http.StatusForbidden,
			Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
		})
		_, diags := server.ReadDataSource(typeName, config)
		for _, want := range []string{"Unable to ", `"gw`, "AI Gateway Read", service.AccountID} {
			if !strings.Contains(diags.String(), want) {
				t.Errorf("%s: the error does not say %q: %s", typeName, want, diags)
			}
		}
	}
}

// TestBodiesFail: a body that cannot be read is not one that is not there.
func TestBodiesFail(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	id := chat(t, service)
	for _, side := range []string{"request", "response"} {
		service.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: "/" + side + "$", Status: http.StatusForbidden, Body: "{}"})
		_, diags := server.ReadDataSource(oneType, attrs{"gateway_id": "gw", "log_id": id})
		if !strings.Contains(diags.String(), "read log's "+side) {
			t.Errorf("%s: %s", side, diags)
		}
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	for _, test := range []struct {
		at     string
		config attrs
	}{
		{"gateway_id", attrs{"gateway_id": "../other"}},
		{"account_id", attrs{"account_id": "me"}},
		{"search", attrs{"search": ""}},
		{"start_date", attrs{"start_date": "yesterday"}},
		{"end_date", attrs{"start_date": "2026-08-03T10:00:00+02:00", "end_date": "2026-08-03T07:59:59Z"}},
		{"feedback", attrs{"feedback": int64(2)}},
		{"model", attrs{"model": ""}},
		{"min_cost", attrs{"min_cost": -0.1}},
		{"max_cost", attrs{"min_cost": 0.2, "max_cost": 0.1}},
		{"max_duration", attrs{"min_duration": int64(2), "max_duration": int64(1)}},
		{"max_tokens_in", attrs{"min_tokens_in": int64(2), "max_tokens_in": int64(1)}},
		{"max_tokens_out", attrs{"min_tokens_out": int64(2), "max_tokens_out": int64(1)}},
		{"max_total_tokens", attrs{"min_total_tokens": int64(2), "max_total_tokens": int64(1)}},
		{"min_tokens_in", attrs{"min_tokens_in": int64(-1)}},
		{"metadata", attrs{"metadata": attrs{}}},
		{"metadata", attrs{"metadata": attrs{"": "x"}}},
		{"metadata", attrs{"metadata": attrs{"team": nil}}},
		{"filters", attrs{"filters": []any{}}},
		{"filters", filter("colour", "eq", "red")},
		{"filters", filter("model", "like", "gpt")},
		{"filters", filter("model", "eq")},
		{"filters", filter("cost", "gt", "cheap")},
		{"filters", filter("cost", "gt", "1", "2")},
		{"filters", filter("success", "eq", "yes")},
		{"filters", filter("created_at", "lt", "2026-08-03")},
		{"order_by", attrs{"order_by": "cost"}},
		{"order_by_direction", attrs{"order_by_direction": "down"}},
		{"limit", attrs{"limit": int64(0)}},
		{"limit", attrs{"limit": int64(10001)}},
	} {
		if _, ok := test.config["gateway_id"]; !ok {
			test.config["gateway_id"] = "gw"
		}
		if _, diags := server.ReadDataSource(listType, test.config); !diags.At(test.at).HasError() {
			t.Errorf("%v: want an error at %s, got: %s", test.config, test.at, diags)
		}
	}
	for _, id := range []string{"", "..", "a/b", "a b", strings.Repeat("a", 129)} {
		if _, diags := server.ReadDataSource(oneType, attrs{"gateway_id": "gw", "log_id": id}); !diags.At("log_id").HasError() {
			t.Errorf("log_id %q: %s", id, diags)
		}
	}
	service.RequireRequests(t)
}

// TestUnknown: what is unknown is no filter that matches everything.
func TestUnknown(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	server := service.Protocol(t, nil)
	for typeName, attributes := range map[string][]string{
		listType: {"gateway_id", "search", "metadata", "filters", "min_cost", "start_date", "limit"},
		oneType:  {"gateway_id", "log_id", "include_bodies"},
	} {
		for _, attribute := range attributes {
			config := attrs{"gateway_id": "gw"}
			if typeName == oneType {
				config["log_id"] = "log-1"
			}
			config[attribute] = protocol.Unknown
			if _, diags := server.ReadDataSource(typeName, config); !diags.HasError() {
				t.Errorf("%s with an unknown %s is read", typeName, attribute)
			}
		}
		for _, attribute := range []string{"api_token", "base_url", "account_id"} {
			config := attrs{"gateway_id": "gw"}
			if typeName == oneType {
				config["log_id"] = "log-1"
			}
			_, diags := service.Protocol(t, attrs{attribute: protocol.Unknown}).ReadDataSource(typeName, config)
			if !strings.Contains(diags.String(), "known only after apply") {
				t.Errorf("%s, %s of the provider unknown: %s", typeName, attribute, diags)
			}
		}
	}
	service.RequireRequests(t)
}

// TestParity: the single data source has all that the list has.
func TestParity(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	single := map[string]bool{}
	for _, attribute := range server.Schema().DataSourceSchemas[oneType].Block.Attributes {
		single[attribute.Name] = true
		if secret := strings.HasSuffix(attribute.Name, "_body") || strings.HasSuffix(attribute.Name, "_head"); attribute.Sensitive != secret {
			t.Errorf("%s is sensitive: %v", attribute.Name, attribute.Sensitive)
		}
	}
	for _, attribute := range server.Schema().DataSourceSchemas[listType].Block.Attributes {
		if attribute.Name != "logs" {
			continue
		}
		for _, nested := range attribute.NestedType.Attributes {
			if !single[nested.Name] {
				t.Errorf("%s is only in the list", nested.Name)
			}
		}
	}
}
