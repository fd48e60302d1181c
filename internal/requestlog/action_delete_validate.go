package requestlog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// deletionConfirmed rejects deletions that are not confirmed, or of which it is not said
// what they delete.
type deletionConfirmed struct{}

func (deletionConfirmed) Description(context.Context) string {
	return "confirm must be the same as gateway_id, and either all or a filter must be set"
}

func (v deletionConfirmed) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (deletionConfirmed) ValidateAction(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	checkDeletion(ctx, req.Config, &resp.Diagnostics)
}

// filterNames returns the names of the attributes that are filters, sorted.
func filterNames() []string {
	all := filterAttributes()
	maps.Copy(all, boundAttributes())
	return slices.Sorted(maps.Keys(all))
}

// checkDeletion adds the errors about what is known of a deletion.
func checkDeletion(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	var gatewayID, confirm types.String
	var all types.Bool
	diags.Append(config.GetAttribute(ctx, path.Root("gateway_id"), &gatewayID)...)
	diags.Append(config.GetAttribute(ctx, path.Root("confirm"), &confirm)...)
	diags.Append(config.GetAttribute(ctx, path.Root("all"), &all)...)
	values, err := raw.Attributes(config.Raw)
	if err != nil || diags.HasError() {
		return // a configuration is always an object
	}
	if !gatewayID.IsUnknown() && !confirm.IsUnknown() && !confirm.Equal(gatewayID) {
		diags.AddAttributeError(path.Root("confirm"), "Deletion of logs not confirmed", fmt.Sprintf(
			"confirm is %q, and gateway_id is %q. Nothing is deleted. If the logs of gateway %[2]q are to be deleted, set confirm = %[2]q.",
			confirm.ValueString(), gatewayID.ValueString()))
	}
	var set []string
	unknown := false
	for _, name := range filterNames() {
		switch value := values[name]; {
		case value.IsNull():
		case !value.IsKnown():
			unknown = true
		default:
			set = append(set, name)
		}
	}
	switch {
	case all.ValueBool() && len(set) > 0:
		diags.AddAttributeError(path.Root("all"), "Conflicting filters and all", fmt.Sprintf(
			"all = true deletes all logs of the gateway, regardless of these filters: %s. Remove the filters, or remove all.", strings.Join(set, ", ")))
	case !all.IsUnknown() && !all.ValueBool() && len(set) == 0 && !unknown:
		diags.AddError("Deletion of logs without a filter",
			"No filter is set. Set at least one, such as end_date, or all = true to delete all logs of the gateway.")
	}
}

// checkNotEmpty adds errors about filters that are empty and would select any log.
// Validation reports them, unless it was before their values were known.
func checkNotEmpty(config tfsdk.Config, diags *diag.Diagnostics) {
	values, err := raw.Attributes(config.Raw)
	if err != nil {
		return // a configuration is always an object
	}
	for _, name := range filterNames() {
		if isEmpty(values[name]) {
			diags.AddAttributeError(path.Root(name), "Empty filter", fmt.Sprintf(
				"%s is empty, so that it would not filter anything. Nothing was deleted. Set it to null to delete logs regardless of it.", name))
		}
	}
}

// isEmpty reports whether a value is an empty string or collection.
func isEmpty(value tftypes.Value) bool {
	if value.IsNull() || !value.IsKnown() {
		return false
	}
	var text string
	var list []tftypes.Value
	var object map[string]tftypes.Value
	switch {
	case value.Type().Is(tftypes.String):
		return value.As(&text) == nil && text == ""
	case value.As(&list) == nil:
		return len(list) == 0
	case value.As(&object) == nil:
		return len(object) == 0
	default:
		return false
	}
}
