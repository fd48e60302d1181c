package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// leaveUnread makes the settings of a plan unknown that neither the
// configuration nor the state knows, such as after a move without a refresh:
// the answer to the request that is due tells them.
func (s *settings) leaveUnread(capabilities client.Capabilities) {
	leave(capabilities, types.BoolUnknown(), map[string]*types.Bool{
		"log_enabled": &s.LogEnabled, "authentication": &s.Authentication, "cache_invalidate_on_update": &s.CacheInvalidateOnUpdate,
		"log_classification": &s.LogClassification, "logpush": &s.Logpush, "zdr": &s.ZDR, "byok_only": &s.BYOKOnly,
	})
	leave(capabilities, types.Int64Unknown(), map[string]*types.Int64{"log_management": &s.LogManagement})
	leave(capabilities, types.StringUnknown(), map[string]*types.String{
		"rate_limiting_technique": &s.RateLimitingTechnique, "log_management_strategy": &s.LogManagementStrategy,
		"workers_ai_billing_mode": &s.WorkersAIBillingMode,
	})
}

func leave[T interface{ IsNull() bool }](capabilities client.Capabilities, unknown T, values map[string]*T) {
	for name, value := range values {
		if (*value).IsNull() && gateways.Carries(capabilities, name) {
			*value = unknown
		}
	}
}
