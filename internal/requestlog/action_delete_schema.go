package requestlog

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// Schema sets the attributes of the action. The filters are those of the data source
// aigateway_logs.
func (a *DeleteAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	all := attributes.AllForAction(filterAttributes())
	maps.Copy(all, attributes.AllForAction(boundAttributes()))
	maps.Copy(all, map[string]schema.Attribute{
		"account_id": attributes.ForAction(attributes.Account()),
		"gateway_id": schema.StringAttribute{
			MarkdownDescription: attributes.GatewayIDDescription,
			Required:            true,
			Validators:          validate.GatewayName(),
		},
		"confirm": schema.StringAttribute{
			MarkdownDescription: "The same as `gateway_id`, written out: it confirms that the logs of this gateway are to be deleted. Anything else " +
				"is an error, and nothing is deleted.",
			Required: true,
		},
		"all": schema.BoolAttribute{
			MarkdownDescription: "`true` deletes all logs of the gateway, and cannot be combined with filters. Otherwise at least one filter must be set.",
			Optional:            true,
		},
		"start_date": schema.StringAttribute{
			MarkdownDescription: "Only logs from this time on (RFC 3339, such as `2026-08-03T10:00:00Z`).",
			Optional:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"end_date": schema.StringAttribute{
			MarkdownDescription: "Only logs up to this time (RFC 3339). It must not be before `start_date`. `timeadd(plantimestamp(), \"-720h\")` is 30 " +
				"days ago.",
			Optional:   true,
			CustomType: timetypes.RFC3339Type{},
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Deletes logs of a gateway: those that match all filters that are set, or all of them with `all = true`. The filters are " +
			"those of the data source `aigateway_logs`, and what it lists is what the action deletes: `total_count` there says how many, before you " +
			"invoke the action. Invoke it with `terraform apply -invoke=action." + DeleteActionType + ".example`.\n\n" +
			"~> **Deleted logs are gone for good.** `confirm` must repeat `gateway_id`.\n\n" +
			fmt.Sprintf("The oldest logs are deleted first, up to %d with each request. With `search`, `metadata` or bounds of numbers, the "+
				"provider finds the logs itself and deletes them by their IDs, 50 with each request: it looks through %d logs at most, and more are an "+
				"error before anything is deleted. Narrow them down with `start_date` and `end_date` then.\n\n", logs.MaxDelete, logs.Max) +
			"While it runs, the action reports how many logs are deleted and left. The service does not tell how many it deleted, so the number is the " +
			"difference of its counts, and logs that it writes meanwhile make it too low. Repeating an invocation does no harm.\n\n" +
			"Actions need Terraform 1.14; OpenTofu does not have them.\n\n" +
			legacyLogs("action does not delete") + "\n\nThe API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: all,
	}
}
