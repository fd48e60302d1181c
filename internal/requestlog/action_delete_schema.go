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
			MarkdownDescription: "The same value as `gateway_id`. It confirms that the logs of this gateway are to be deleted. Any other value is " +
				"an error, and nothing is deleted.",
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
			"those of the data source `aigateway_logs`. To see what the action would delete, read this data source with the same filters first: " +
			"its `total_count` says how many logs match. Invoke the action with `terraform apply -invoke=action." + DeleteActionType + ".example`.\n\n" +
			"~> **Deleted logs are gone for good.** `confirm` must repeat `gateway_id`.\n\n" +
			fmt.Sprintf("The oldest logs are deleted first, up to %d with each request. With `search`, `metadata`, or an attribute that "+
				"begins with `min_` or `max_`, the provider finds the logs itself and deletes them by their IDs, 50 with each request. It looks through "+
				"%d logs at most. More are an error, and nothing is deleted: narrow the search down with `start_date` and `end_date`.\n\n", logs.MaxDelete, logs.Max) +
			"While it runs, the action reports how many logs are deleted and how many are left. The service does not tell how many logs it deleted. The " +
			"number is the difference of two counts, so it is too low if matching logs are written meanwhile. To repeat an invocation does no harm.\n\n" +
			"Actions need Terraform 1.14; OpenTofu does not have them.\n\n" +
			legacyLogs("action does not delete") + "\n\nThe API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: all,
	}
}
