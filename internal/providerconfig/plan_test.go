package providerconfig_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestPlanOfThePeriod: without a limit there is no period, and the plan knows it. With a
// limit alone, the service decides.
func TestPlanOfThePeriod(t *testing.T) {
	t.Parallel()
	limited := attrs{"rate_limit": int64(5)}
	for name, test := range map[string]struct {
		existing, config attrs
		want             any
		action           protocol.Action
	}{
		"no limit":       {nil, byKey(), nil, creates},
		"limit alone":    {nil, byKey(limited), protocol.Unknown, creates},
		"unknown limit":  {nil, byKey(attrs{"rate_limit": protocol.Unknown}), protocol.Unknown, creates},
		"both":           {nil, byKey(limited, attrs{"rate_limit_period": int64(30)}), int64(30), creates},
		"limit removed":  {byKey(limited), byKey(), nil, replaces},
		"limit added":    {byKey(), byKey(limited), protocol.Unknown, replaces},
		"key is rotated": {byKey(), rotated(), nil, updates},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := service(t).Protocol(t, nil).Resource(resourceType)
			if test.existing != nil {
				r.MustApply(test.existing)
			}
			plan, diags := r.Plan(test.config)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if plan.Action != test.action {
				t.Errorf("%s, want %s", plan.Action, test.action)
			}
			var planned map[string]tftypes.Value
			if err := plan.Planned.As(&planned); err != nil {
				t.Fatal(err)
			}
			period := planned["rate_limit_period"]
			if want := protocol.Value(t, tftypes.Number, test.want); !period.Equal(want) {
				t.Errorf("planned as %s, want %s", period, want)
			}
		})
	}
}
