package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/actionvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// An Action sends one chat request through a gateway and fails unless the response is as
// expected.
type Action struct {
	providerdata.Action
}

var (
	_ action.ActionWithConfigure        = (*Action)(nil)
	_ action.ActionWithConfigValidators = (*Action)(nil)
	_ action.ActionWithModifyPlan       = (*Action)(nil)
)

// NewAction returns the action aigateway_test_request.
func NewAction() action.Action { return &Action{} }

// actionModel is the configuration of the action.
type actionModel struct {
	requestModel
	Expect types.Object `tfsdk:"expect"`
}

// Metadata sets the name of the action.
func (a *Action) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "aigateway_test_request"
}

// ConfigValidators returns the validators that compare attributes.
func (a *Action) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{
		actionvalidator.ExactlyOneOf(path.MatchRoot("prompt"), path.MatchRoot("messages")),
		metadataOnce{},
		modelOfAPI{},
	}
}

// onInvocation says when the action sends its request, and what to do without it.
var onInvocation = occasion{
	name: "aigateway_test_request", when: "each time it is invoked",
	meant:     "It is meant to prove that a gateway works, once after a change.",
	otherwise: "If you do not want to send requests, remove the action from action_trigger.",
}

// ModifyPlan fails the plan if the request will not be allowed, so that nothing is applied
// that cannot be proved. It sends nothing.
func (a *Action) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if a.Data != nil && !a.Data.AllowTestRequests.IsUnknown() {
		checkAllowed(a.Data, onInvocation, &resp.Diagnostics)
	}
}

// Invoke sends the request.
func (a *Action) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	diags := &resp.Diagnostics
	if checkDue(a.Data, onInvocation, req.Config, diags); diags.HasError() {
		return
	}
	var m actionModel
	diags.Append(req.Config.Get(ctx, &m)...)
	if diags.HasError() {
		return
	}
	m.setDefaults()
	progress(resp, "Sending a chat request to %s%s.", m.Model.ValueString(), through(m.GatewayID))
	begin := time.Now()
	if response := m.send(ctx, a.Data, diags); response != nil {
		progress(resp, "HTTP %d after %s%s.", response.Status, time.Since(begin).Round(time.Millisecond), facts(response))
		compare(m.Expect, response, diags)
	}
	diagnostics.AddAdvice(*diags, diagnostics.InvokeAgain("aigateway_test_request"))
}

// progress reports progress to the CLI.
func progress(resp *action.InvokeResponse, format string, arguments ...any) {
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, arguments...)})
}

func through(gatewayID types.String) string {
	if gatewayID.IsNull() {
		return ""
	}
	return fmt.Sprintf(" through gateway %s", gatewayID.ValueString())
}

// facts returns what the gateway says about how it routed the request, as the end of a
// sentence.
func facts(response *chat.Response) string {
	var all strings.Builder
	for _, fact := range []struct {
		name  string
		value *string
	}{
		{"provider", response.Provider}, {"model", response.Model}, {"routed model", response.RoutedModel}, {"cache", response.CacheStatus},
		{"log", response.LogID},
	} {
		if fact.value != nil {
			fmt.Fprintf(&all, ", %s %s", fact.name, printable(*fact.value))
		}
	}
	return all.String()
}
