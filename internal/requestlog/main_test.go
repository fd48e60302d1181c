package requestlog_test

import (
	"fmt"
	"runtime/debug"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many small servers, and memory to spare
	acctest.Main(m)
}

const (
	listType = "aigateway_logs"
	oneType  = "aigateway_log"

	gateways = "/accounts/…/ai-gateway/gateways"
	logsPath = gateways + "/gw/logs"
)

type attrs = map[string]any

// An entry is a log in the terms of the API.
type entry = map[string]any

// emulate starts an emulator with the gateway "gw" and a provider for it.
func emulate(t *testing.T, quirks ...emulator.Quirk) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{Quirks: quirks})
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "gw"})
	return service, service.Protocol(t, nil)
}

// began is the time of the first of the seeded logs.
var began = time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)

// seeded returns the n-th of a thousand logs, from the oldest. They differ in
// everything that filters look at, with different periods.
func seeded(n int) entry {
	e := entry{
		"id":                    fmt.Sprintf("0198b9c4-0000-7000-8000-%012d", n),
		"created_at":            began.Add(time.Duration(n) * 700 * time.Millisecond).Format("2006-01-02T15:04:05.000Z"),
		"provider":              []string{"openai", "anthropic", "workers-ai"}[n%3],
		"model":                 []string{"gpt-x", "claude-y", "@cf/meta/llama", "gpt-x-mini"}[n%4],
		"model_type":            []string{"chat", "embedding"}[n%2],
		"path":                  "chat/completions",
		"request_type":          []string{"chat", "embeddings"}[n%2],
		"request_content_type":  []string{"application/json", "multipart/form-data"}[n/5%2],
		"response_content_type": []string{"application/json", "text/event-stream", "audio/mpeg"}[n/7%3],
		"status_code":           []int{200, 200, 200, 429, 500}[n%5],
		"success":               n%5 < 3,
		"cached":                n%6 == 0,
		"duration":              n * 3,
		"tokens_in":             n,
		"tokens_out":            2 * n,
		"cost":                  float64(n) / 1000,
		"custom_cost":           n%9 == 0,
		"step":                  n % 2,
		"feedback":              n%3 - 1,
	}
	switch n % 4 {
	case 0:
		e["metadata"] = entry{"team": []string{"red", "blue"}[n/4%2], "user": n % 10, "vip": n%8 == 0}
	case 1:
		e["metadata"] = entry{"team": "green", "user": "red", "n": fmt.Sprint(n)}
	}
	if n%13 == 0 {
		e["tokens_in"], e["tokens_out"] = nil, nil
	}
	// Filters look at these, and responses do not show them.
	e["event_id"] = fmt.Sprintf("event-%d", n/100)
	e["authentication"] = n%10 == 3
	e["wholesale"] = n%10 == 4
	e["compatibilityMode"] = n%10 == 5
	e["dlp_action"] = []string{"FLAG", "BLOCK"}[n/3%2]
	e["user_agent"] = []string{"curl/8", "openai-go/1"}[n/4%2]
	return e
}

// seed stores the first logs in the emulator.
func seed(service *acctest.Service, count int) {
	for n := range count {
		service.Emulator.PutLog(service.AccountID, "gw", seeded(n))
	}
	service.Emulator.ResetRequests()
}

// list reads the data source of logs.
func list(t *testing.T, server *protocol.Server, config attrs) attrs {
	t.Helper()
	config["gateway_id"] = "gw"
	state, diags := server.ReadDataSource(listType, config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return protocol.Object(t, state)
}

func ids(state attrs) []string {
	all := []string{}
	for _, log := range state["logs"].([]any) {
		all = append(all, log.(attrs)["id"].(string))
	}
	return all
}

func pageRequest(n int, filters string) string {
	return fmt.Sprintf("GET %s?%sorder_by=created_at&order_by_direction=desc&page=%d&per_page=50", logsPath, filters, n)
}
