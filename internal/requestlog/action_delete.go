package requestlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// DeleteActionType is the name of the action that deletes logs.
const DeleteActionType = "aigateway_delete_logs"

// reportEvery is how many logs are deleted between two messages.
const reportEvery = 1000

var (
	_ action.ActionWithConfigure        = (*DeleteAction)(nil)
	_ action.ActionWithConfigValidators = (*DeleteAction)(nil)
	_ action.ActionWithModifyPlan       = (*DeleteAction)(nil)
)

// A DeleteAction deletes the logs of a gateway that match a search, or all of them.
type DeleteAction struct {
	providerdata.Action
}

// NewDeleteAction returns the action aigateway_delete_logs.
func NewDeleteAction() action.Action { return &DeleteAction{} }

// deleteModel is the model of the action.
type deleteModel struct {
	searchModel
	All     types.Bool   `tfsdk:"all"`
	Confirm types.String `tfsdk:"confirm"`
}

// deleteSupport says which wire formats have deletions of logs.
var deleteSupport = crud.Support{
	Objects: "Deletions of logs", In: func(c client.Capabilities) bool { return c.DeleteLogs },
}

// Metadata sets the name of the action.
func (a *DeleteAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = DeleteActionType
}

// ConfigValidators returns the validators that compare attributes.
func (a *DeleteAction) ConfigValidators(context.Context) []action.ConfigValidator {
	return []action.ConfigValidator{boundsInOrder{}, deletionConfirmed{}}
}

// ModifyPlan adds the errors that are certain before the action is invoked. Validation may
// have been without values that are known now.
func (a *DeleteAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	crud.PlanAction(ctx, a.Data, deleteSupport, req.Config, &resp.Diagnostics)
	checkDeletion(ctx, req.Config, &resp.Diagnostics)
}

// Invoke deletes the logs.
func (a *DeleteAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	crud.InvokeAction(ctx, a.Data, deleteSupport, DeleteActionType, req.Config, resp, func(api *client.Client, m *deleteModel) {
		checkDeletion(ctx, req.Config, &resp.Diagnostics)
		if checkNotEmpty(req.Config, &resp.Diagnostics); !resp.Diagnostics.HasError() {
			m.delete(ctx, api, resp)
		}
	})
}

func (m *deleteModel) delete(ctx context.Context, api *client.Client, resp *action.InvokeResponse) {
	diags := &resp.Diagnostics
	accountID, gatewayID := m.AccountID.ValueString(), m.GatewayID.ValueString()
	subject := diagnostics.Subject{Verb: "delete", Object: "logs of gateway", AccountID: accountID, ID: gatewayID}
	report := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: subject.String() + ": " + fmt.Sprintf(format, args...)})
	}
	reported := int64(-reportEvery)
	done, err := logs.Delete(ctx, api, accountID, gatewayID, logs.Deletion{
		Query: m.toAPI(), All: m.All.ValueBool(),
		OnProgress: func(p logs.Progress) {
			switch {
			case p.Left == 0 || p.Deleted-reported < reportEvery:
				return // what is left at the end is reported below
			case p.Deleted == 0:
				report("deleting %d.", p.Left)
			default:
				report("about %d deleted, %d left.", p.Deleted, p.Left)
			}
			reported = p.Deleted
		},
	})
	switch {
	case errors.Is(err, client.ErrNotFound), err == nil && done == (logs.Progress{}) && gatewayIsMissing(ctx, api, accountID, gatewayID):
		addGatewayNotFound(accountID, gatewayID, diags)
	case err != nil:
		diags.Append(diagnostics.FromError(subject, err)...)
		addDone(done, err, resp)
	case done.Deleted == 0:
		report("no log matches, so nothing was deleted.")
	default:
		tflog.Info(ctx, "deleted logs", map[string]any{"account_id": accountID, "gateway_id": gatewayID, "count": done.Deleted})
		left := ""
		if done.Left > 0 {
			left = fmt.Sprintf(" %d logs match now: they are new, or the service has yet to delete them.", done.Left)
		}
		report("about %d deleted, by the service's counts before and after. The service may have written others meanwhile.%s", done.Deleted, left)
	}
}

// addDone adds to errors what was deleted before, and what to do about the rest.
func addDone(done logs.Progress, err error, resp *action.InvokeResponse) {
	said := "No logs were deleted."
	switch {
	case done.Deleted > 0 && done.Doubtful:
		said = fmt.Sprintf("About %d logs were deleted before, and this request may have deleted more.", done.Deleted)
	case done.Deleted > 0:
		said = fmt.Sprintf("About %d logs were deleted before.", done.Deleted)
	case done.Doubtful:
		said = "The request may have deleted logs all the same."
	case errors.Is(err, logs.ErrNotDeleted):
		said = "The service may delete them in the background, or write new ones that match as fast as it deletes old ones. Look at total_count of " +
			"the data source aigateway_logs before you invoke the action again."
	}
	diagnostics.AddAdvice(resp.Diagnostics, said+" An invocation deletes what matches then, so repeating it does no harm.")
}
