package requestlog_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/requestlog"
)

const (
	deleteType = requestlog.DeleteActionType

	// again is the end of every error of the action.
	again = "terraform apply -invoke=action.aigateway_delete_logs.<name>"
)

// deletion returns the configuration of an action that deletes logs of the gateway "gw".
func deletion(filters attrs) attrs {
	config := attrs{"gateway_id": "gw", "confirm": "gw"}
	maps.Copy(config, filters)
	return config
}

// left returns the numbers of the seeded logs that the gateway still has, sorted.
func left(t *testing.T, server *protocol.Server) []int {
	t.Helper()
	numbers := []int{}
	for _, id := range ids(list(t, server, attrs{"limit": int64(1000)})) {
		var n int
		if _, err := fmt.Sscanf(id[len(id)-12:], "%d", &n); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

// encoded returns the query parameter of filters.
func encoded(filters string) string { return "filters=" + url.QueryEscape(filters) }

func countRequest(filters string) string {
	if filters != "" {
		filters = encoded(filters) + "&"
	}
	return "GET " + logsPath + "?" + filters + "page=1&per_page=1"
}

func deleteRequest(filters string, limit int) string {
	if filters != "" {
		filters = encoded(filters) + "&"
	}
	return fmt.Sprintf("DELETE %s?%slimit=%d&order_by=created_at&order_by_direction=asc", logsPath, filters, limit)
}

// TestDeleteLogs deletes what the service checks itself with one request.
func TestDeleteLogs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		filters attrs
		wire    string
		goes    func(n int) bool
	}{
		"all":      {attrs{"all": true}, "", func(int) bool { return true }},
		"failed":   {attrs{"success": false}, `[{"key":"success","operator":"eq","value":[false]}]`, func(n int) bool { return n%5 >= 3 }},
		"provider": {attrs{"provider_name": "openai", "all": false}, `[{"key":"provider","operator":"eq","value":["openai"]}]`, func(n int) bool { return n%3 == 0 }},
		"filters": {
			attrs{"filters": []any{attrs{"key": "duration", "operator": "lt", "values": []any{"30"}}}},
			`[{"key":"duration","operator":"lt","value":[30]}]`, func(n int) bool { return n < 10 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			seed(service, 30)
			progress, diags := server.InvokeAction(deleteType, deletion(test.filters))
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			var goes int
			var stay []int
			for n := range 30 {
				if test.goes(n) {
					goes++
				} else {
					stay = append(stay, n)
				}
			}
			service.RequireRequests(t, countRequest(test.wire), deleteRequest(test.wire, goes), countRequest(test.wire))
			if rest := left(t, server); !slices.Equal(rest, stay) {
				t.Errorf("left: %v, want %v", rest, stay)
			}
			prefix := `Logs of gateway "gw" in account ` + service.AccountID + ": "
			requireProgress(t, progress, prefix+fmt.Sprintf("deleting %d.", goes), prefix+fmt.Sprintf("about %d deleted, by the service's counts", goes))
		})
	}
}

func requireProgress(t *testing.T, progress []string, want ...string) {
	t.Helper()
	same := len(progress) == len(want)
	for i := range min(len(progress), len(want)) {
		same = same && strings.Contains(progress[i], want[i])
	}
	if !same {
		t.Errorf("progress:\n  %s\nwant:\n  %s", strings.Join(progress, "\n  "), strings.Join(want, "\n  "))
	}
}

// TestDeleteLogsListsThem: what the action deletes is what the data source lists with the
// same filters, also if only the provider can tell.
func TestDeleteLogsListsThem(t *testing.T) {
	t.Parallel()
	const count = 130
	at := func(n int) string { return seeded(n)["created_at"].(string) }
	for name, filters := range map[string]attrs{
		"until":             {"end_date": at(60)},
		"from":              {"start_date": at(100)},
		"between":           {"start_date": at(40), "end_date": at(43)},
		"within a second":   {"start_date": at(40), "end_date": at(40)},
		"whole seconds":     {"start_date": began.Format("2006-01-02T15:04:05Z"), "end_date": "2026-08-03T10:00:07Z"},
		"and a provider":    {"end_date": at(60), "provider_name": "openai"},
		"metadata":          {"metadata": attrs{"team": "red", "vip": "true"}},
		"metadata, crossed": {"metadata": attrs{"user": "red"}},
		"cost":              {"min_cost": 0.01, "max_cost": 0.02},
		"tokens":            {"max_tokens_in": int64(30)},
		"total":             {"min_total_tokens": int64(300)},
		"duration":          {"min_duration": int64(300), "success": true},
		"search":            {"search": "gpt-x-mini"},
		"none":              {"search": "nobody has this"},
		"none of the time":  {"end_date": "2020-01-01T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			seed(service, count)
			goes := map[string]bool{}
			for _, id := range ids(list(t, server, with(filters, "limit", int64(1000)))) {
				goes[id] = true
			}
			service.Emulator.ResetRequests()
			progress, diags := server.InvokeAction(deleteType, deletion(filters))
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			for _, request := range service.Requests() {
				if strings.HasPrefix(request, "DELETE") && (len(goes) == 0 || !strings.Contains(request, "?filters=")) {
					t.Errorf("%s", request)
				}
			}
			last := "no log matches, so nothing was deleted"
			if len(goes) > 0 {
				last = fmt.Sprintf("about %d deleted", len(goes))
			}
			if len(progress) == 0 || !strings.Contains(progress[len(progress)-1], last) {
				t.Errorf("progress %q, want %q at the end", progress, last)
			}
			rest := ids(list(t, server, attrs{"limit": int64(1000)}))
			if len(rest) != count-len(goes) {
				t.Errorf("%d logs are left, want %d", len(rest), count-len(goes))
			}
			for _, id := range rest {
				if goes[id] {
					t.Errorf("%s is left", id)
				}
			}
		})
	}
}

// with returns filters with one more attribute.
func with(filters attrs, name string, value any) attrs {
	all := maps.Clone(filters)
	all[name] = value
	return all
}

// TestDeleteLogsByID names 50 logs in each request.
func TestDeleteLogsByID(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 260)
	progress, diags := server.InvokeAction(deleteType, deletion(attrs{"search": "openai"})) // 87
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var kinds []string
	for _, request := range service.Requests() {
		method, query, _ := strings.Cut(request, " ")
		for _, part := range []string{"per_page=50", "per_page=1", "limit=50", "limit=37"} {
			if strings.HasSuffix(query, part) || strings.Contains(query, part+"&") {
				method += " " + part
			}
		}
		kinds = append(kinds, method)
	}
	want := []string{
		"GET per_page=50", "GET per_page=50", "GET per_page=1", "DELETE limit=50", "GET per_page=1", "DELETE limit=37", "GET per_page=1",
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("requests %q, want %q", kinds, want)
	}
	requireProgress(t, progress, "deleting 87.", "about 87 deleted")
	if rest := left(t, server); len(rest) != 260-87 {
		t.Errorf("%d are left", len(rest))
	}
}

// TestDeleteLogsProgress reports every thousand logs.
func TestDeleteLogsProgress(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 1100)
	progress, diags := server.InvokeAction(deleteType, deletion(attrs{"min_duration": int64(0)}))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	requireProgress(t, progress, "deleting 1100.", "about 1000 deleted, 100 left.", "about 1100 deleted, by the service's counts")
}

// TestDeleteLogsConfirm: without the right name, or without knowing what to delete, nothing
// is sent, whenever the values become known.
func TestDeleteLogsConfirm(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 3)
	for name, test := range map[string]struct {
		config attrs
		at     string // no attribute if empty
		says   string
	}{
		"another gateway": {attrs{"gateway_id": "gw", "confirm": "other", "all": true}, "confirm", `confirm is "other", and gateway_id is "gw"`},
		"yes":             {attrs{"gateway_id": "gw", "confirm": "yes", "all": true}, "confirm", `set confirm = "gw"`},
		"no filter":       {attrs{"gateway_id": "gw", "confirm": "gw"}, "", "Deletion of logs without a filter"},
		"not all":         {attrs{"gateway_id": "gw", "confirm": "gw", "all": false}, "", "all = true to delete all logs"},
		"both":            {deletion(attrs{"all": true, "model": "gpt-x", "success": true}), "all", "regardless of these filters: model, success"},
		"bounds":          {deletion(attrs{"min_cost": 2.0, "max_cost": 1.0}), "max_cost", "Lower bound above upper bound"},
		"an empty string": {deletion(attrs{"provider_name": "", "success": true}), "provider_name", "length must be at least 1"},
		"an empty list":   {deletion(attrs{"filters": []any{}}), "filters", "at least 1 elements"},
		"no such key":     {deletion(attrs{"filters": []any{attrs{"key": "team", "operator": "eq", "values": []any{"x"}}}}), "", "value must be one of"},
		"no date":         {deletion(attrs{"end_date": "yesterday"}), "end_date", "RFC3339"},
	} {
		diags := server.ValidateAction(deleteType, test.config)
		if test.at != "" {
			diags = diags.At(test.at)
		}
		lifecycle.RequireText(t, diags, test.says)
		if !diags.HasError() {
			t.Errorf("%s: no error", name)
		}
	}
	for name, config := range map[string]attrs{
		"confirm":    {"gateway_id": "gw", "confirm": protocol.Unknown, "all": true},
		"gateway_id": {"gateway_id": protocol.Unknown, "confirm": "gw", "all": true},
		"all":        {"gateway_id": "gw", "confirm": "gw", "all": protocol.Unknown, "success": true},
		"a filter":   {"gateway_id": "gw", "confirm": "gw", "end_date": protocol.Unknown},
		"account":    {"account_id": protocol.Unknown, "gateway_id": "gw", "confirm": "gw", "all": true},
		"in filters": deletion(attrs{"filters": []any{attrs{"key": "model", "operator": "eq", "values": protocol.Unknown}}}),
	} {
		if diags := server.PlanAction(deleteType, config); len(diags) > 0 {
			t.Errorf("%s unknown: %s", name, diags)
		}
		_, diags := server.InvokeAction(deleteType, config)
		lifecycle.RequireText(t, diags, "Unknown values in an action")
	}
	service.RequireRequests(t)
	if rest := left(t, server); len(rest) != 3 {
		t.Errorf("left: %v", rest)
	}
}

// TestDeleteLogsLateValues: values that validation did not know are checked before
// anything is sent. An empty filter would select any log.
func TestDeleteLogsLateValues(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 3)
	for name, test := range map[string]struct {
		config attrs
		says   string
	}{
		"empty string":   {deletion(attrs{"provider_name": ""}), "provider_name is empty"},
		"beside another": {deletion(attrs{"model": "", "success": true}), "model is empty"},
		"empty list":     {deletion(attrs{"filters": []any{}}), "filters is empty"},
		"empty map":      {deletion(attrs{"metadata": attrs{}}), "metadata is empty"},
		"no date":        {deletion(attrs{"end_date": "yesterday"}), "RFC3339"},
		"no filter":      {deletion(nil), "without a filter"},
		"not confirmed":  {deletion(attrs{"confirm": "other", "all": true}), "not confirmed"},
		"no key": {
			deletion(attrs{"filters": []any{attrs{"key": "team", "operator": "eq", "values": []any{"x"}}}}), `logs have no filter key "team"`,
		},
	} {
		progress, diags := server.InvokeUnvalidated(t.Context(), deleteType, test.config)
		if !diags.HasError() || len(progress) > 0 {
			t.Errorf("%s: progress %q, %s", name, progress, diags)
		}
		lifecycle.RequireText(t, diags, test.says, again)
	}
	service.RequireRequests(t)
}

// TestDeleteLogsOfNoGateway: the service may say that it has no logs.
func TestDeleteLogsOfNoGateway(t *testing.T) {
	t.Parallel()
	for name, response := range map[string]string{"not found": "", "no logs": `{"success":true,"result":[],"result_info":{"total_count":0}}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			if response != "" {
				service.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Path: "/logs$", Status: http.StatusOK, Body: response})
			}
			_, diags := server.InvokeAction(deleteType, attrs{"gateway_id": "nobody", "confirm": "nobody", "all": true})
			lifecycle.RequireText(t, diags.At("gateway_id"), `has no gateway "nobody"`)
			for _, request := range service.Requests() {
				if !strings.HasPrefix(request, "GET ") {
					t.Error(request)
				}
			}
		})
	}
}

// TestDeleteLogsPlan: the plan sends nothing and says what is missing.
func TestDeleteLogsPlan(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	config := deletion(attrs{"all": true})
	if diags := server.PlanAction(deleteType, config); len(diags) > 0 {
		t.Error(diags)
	}
	lifecycle.RequireText(t, service.Protocol(t, attrs{"wire_format": "gateway_input"}).PlanAction(deleteType, config),
		"Deletions of logs are not in the wire format")
	for _, variable := range []string{"CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"} {
		server := protocol.New(t, service.Provider(variable+"=", "CF_AIG_TOKEN=run-token"), attrs{})
		lifecycle.RequireText(t, server.PlanAction(deleteType, config), variable)
	}
	service.RequireRequests(t)
}

// TestDeleteLogsSchema: the filters are those of the data source.
func TestDeleteLogsSchema(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	schema := server.Schema()
	names := func(attributes []*tfprotov6.SchemaAttribute, but ...string) (all []string) {
		acctest.EachAttribute("", attributes, func(at string, attribute *tfprotov6.SchemaAttribute) {
			if !strings.HasSuffix(attribute.Description, ".") {
				t.Errorf("%s: %q", at, attribute.Description)
			}
			if !attribute.Computed && !slices.Contains(but, at) {
				all = append(all, at)
			}
		})
		slices.Sort(all)
		return all
	}
	action := names(schema.ActionSchemas[deleteType].Schema.Block.Attributes, ".account_id", ".confirm", ".all")
	if source := names(schema.DataSourceSchemas[listType].Block.Attributes); !slices.Equal(action, source) {
		t.Errorf("the action has\n  %v\nthe data source\n  %v", action, source)
	}
}
