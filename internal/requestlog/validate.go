package requestlog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
)

// boundsInOrder rejects a lower bound above its upper bound, since no log could match.
type boundsInOrder struct{}

func (boundsInOrder) Description(context.Context) string {
	return "a lower bound must not be above its upper bound"
}

func (v boundsInOrder) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (boundsInOrder) ValidateDataSource(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	checkBounds(ctx, req.Config, &resp.Diagnostics)
}

func (boundsInOrder) ValidateAction(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	checkBounds(ctx, req.Config, &resp.Diagnostics)
}

func checkBounds(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	inOrder(ctx, config, "start_date", "end_date", diags, func(v timetypes.RFC3339) time.Time {
		t, _ := v.ValueRFC3339Time() // valid because of its type
		return t
	}, time.Time.Compare)
	inOrder(ctx, config, "min_cost", "max_cost", diags, types.Float64.ValueFloat64, cmp.Compare[float64])
	for _, name := range []string{"duration", "tokens_in", "tokens_out", "total_tokens"} {
		inOrder(ctx, config, "min_"+name, "max_"+name, diags, types.Int64.ValueInt64, cmp.Compare[int64])
	}
}

// A bound is a value of the configuration that may be null or unknown.
type bound interface {
	IsNull() bool
	IsUnknown() bool
	String() string
}

func inOrder[V bound, T any](
	ctx context.Context, config tfsdk.Config, lower, upper string, diags *diag.Diagnostics, value func(V) T, compare func(a, b T) int,
) {
	var low, high V
	found := config.GetAttribute(ctx, path.Root(lower), &low)
	found.Append(config.GetAttribute(ctx, path.Root(upper), &high)...)
	diags.Append(found...)
	if found.HasError() || low.IsNull() || low.IsUnknown() || high.IsNull() || high.IsUnknown() {
		return
	}
	if compare(value(low), value(high)) > 0 {
		diags.AddAttributeError(path.Root(upper), "Lower bound above upper bound", fmt.Sprintf(
			"%s is %s, which is below %s = %s, so no log can match. Swap the two, or remove one.", upper, high, lower, low))
	}
}

// filterValues rejects values that cannot be compared with the filter's key.
type filterValues struct{}

func (filterValues) Description(context.Context) string {
	return "values must be of the type that the key has"
}

func (v filterValues) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (filterValues) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var filter struct {
		Key      types.String `tfsdk:"key"`
		Operator types.String `tfsdk:"operator"`
		Values   types.List   `tfsdk:"values"`
	}
	resp.Diagnostics.Append(req.ConfigValue.As(ctx, &filter, basetypes.ObjectAsOptions{})...)
	if resp.Diagnostics.HasError() || !slices.Contains(logs.FilterKeys(), filter.Key.ValueString()) ||
		!slices.Contains(logs.FilterOperators(), filter.Operator.ValueString()) ||
		filter.Values.IsUnknown() {
		return // the attributes' own validators report it
	}
	var values []types.String
	resp.Diagnostics.Append(filter.Values.ElementsAs(ctx, &values, false)...)
	known := logs.Filter{Key: filter.Key.ValueString(), Operator: filter.Operator.ValueString()}
	for _, value := range values {
		if value.IsUnknown() || value.IsNull() {
			return
		}
		known.Values = append(known.Values, value.ValueString())
	}
	if err := known.Check(); err != nil && len(values) > 0 {
		resp.Diagnostics.AddAttributeError(req.Path.AtName("values"), "Invalid filter", fmt.Sprintf("This filter is not valid: %s.", err))
	}
}
