package requestlog_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestDeleteLogsFaults: each way in which the request that deletes can fail.
func TestDeleteLogsFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range acctest.Faults(`{"success":true}`) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, _ := emulate(t)
			seed(service, 20)
			server := service.Protocol(t, lifecycle.Once)
			fault.Method = http.MethodDelete
			service.Emulator.Inject(fault.Fault)
			progress, diags := server.InvokeAction(deleteType, deletion(attrs{"success": true}))
			if diags.HasError() == fault.Accepted {
				t.Errorf("%v: %s", fault, diags)
			}
			want := 20
			if fault.Done {
				want = 8
			}
			if rest := left(t, server); len(rest) != want {
				t.Errorf("%d logs are left, want %d", len(rest), want)
			}
			if fault.Accepted {
				requireProgress(t, progress, "deleting 12", "about 12 deleted")
				return
			}
			lifecycle.RequireText(t, diags, "Unable to delete logs of gateway", `Logs of gateway "gw"`, "so repeating it does no harm", again)
			if name != "429" {
				lifecycle.RequireText(t, diags, "The request may have deleted logs all the same")
			}
			// The CLI's way out.
			service.Emulator.ClearFaults()
			if _, diags := server.InvokeAction(deleteType, deletion(attrs{"success": true})); len(diags) > 0 {
				t.Error(diags)
			}
			if rest := left(t, server); len(rest) != 8 {
				t.Errorf("%d logs are left, want 8", len(rest))
			}
		})
	}
}

// TestDeleteLogsRepeats: a lost response is asked for again, and more is not deleted.
func TestDeleteLogsRepeats(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	seed(service, 20)
	service.Emulator.Inject(emulator.Fault{Method: http.MethodDelete, Drop: emulator.DropAfter})
	progress, diags := server.InvokeAction(deleteType, deletion(attrs{"success": true}))
	if len(diags) > 0 {
		t.Error(diags)
	}
	requireProgress(t, progress, "deleting 12", "about 12 deleted")
	if rest := left(t, server); len(rest) != 8 {
		t.Errorf("%d logs are left, want 8", len(rest))
	}
}

// TestDeleteLogsRefused: the error says what the token lacks.
func TestDeleteLogsRefused(t *testing.T) {
	t.Parallel()
	for method, says := range map[string]string{http.MethodGet: "count logs: HTTP 403", http.MethodDelete: "delete logs: HTTP 403"} {
		service, server := emulate(t)
		seed(service, 3)
		service.Emulator.Inject(emulator.Fault{
			Method: method, Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`,
		})
		_, diags := server.InvokeAction(deleteType, deletion(attrs{"all": true}))
		lifecycle.RequireText(t, diags, "Unable to delete logs of gateway", says, "AI Gateway Edit", "No logs were deleted.", again)
		service.Emulator.ClearFaults()
		if rest := left(t, server); len(rest) != 3 {
			t.Errorf("left: %v", rest)
		}
	}
}

// TestDeleteLogsUnfiltered: a service that does not understand the filter must not lose
// other logs.
func TestDeleteLogsUnfiltered(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]int{"any": 260, "none": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			seed(service, 30)
			service.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Delay: 1}) // the list
			service.Emulator.Inject(emulator.Fault{
				Method: http.MethodGet, Status: http.StatusOK, Body: fmt.Sprintf(`{"success":true,"result":[],"result_info":{"total_count":%d}}`, total),
			})
			_, diags := server.InvokeAction(deleteType, deletion(attrs{"search": "openai"}))
			lifecycle.RequireText(t, diags, "the service does not count the logs that it was asked for", "No logs were deleted.")
			if rest := left(t, server); len(rest) != 30 {
				t.Errorf("%d logs are left", len(rest))
			}
		})
	}
}

// TestDeleteLogsInVain: the service says that it has deleted, and has not.
func TestDeleteLogsInVain(t *testing.T) {
	t.Parallel()
	for name, filters := range map[string]attrs{"matching": {"success": true}, "listed": {"search": "openai"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			seed(service, 20)
			service.Emulator.Inject(emulator.Fault{Method: http.MethodDelete, Status: http.StatusOK, Body: `{"success":true}`, Times: -1})
			_, diags := server.InvokeAction(deleteType, deletion(filters))
			lifecycle.RequireText(t, diags, "counts as many of these logs as before", "may delete them in the background", again)
			deletes := 0
			for _, request := range service.Requests() {
				if strings.HasPrefix(request, "DELETE") {
					deletes++
				}
			}
			if deletes != 1 {
				t.Errorf("%d requests to delete", deletes)
			}
		})
	}
}

// TestDeleteLogsInterrupted: an interrupt ends the action at once, which says what it has
// done.
func TestDeleteLogsInterrupted(t *testing.T) {
	t.Parallel()
	service, plain := emulate(t)
	seed(service, 260)
	server, ctx := (&lifecycle.Interruption{Method: http.MethodDelete, Path: "/logs$", Answered: true}).Protocol(t, service, lifecycle.Once)
	_, diags := server.InvokeActionContext(ctx, deleteType, deletion(attrs{"search": "openai"}))
	lifecycle.RequireText(t, diags, "Unable to delete logs of gateway", "interrupted", again)
	if rest := left(t, plain); len(rest) != 210 {
		t.Errorf("%d logs are left", len(rest))
	}

	service.Emulator.ResetRequests()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	_, diags = plain.InvokeActionContext(ctx, deleteType, deletion(attrs{"all": true}))
	lifecycle.RequireText(t, diags, "not sent: interrupted", "No logs were deleted.")
	service.RequireRequests(t)
}
