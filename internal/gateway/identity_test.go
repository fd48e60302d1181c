package gateway_test

import (
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	cases "github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// gatewaySubject is a gateway in tests that every resource has.
var gatewaySubject = cases.Subject{
	Type: resourceType,
	Service: func(t testing.TB, quirks ...emulator.Quirk) *acctest.Service {
		t.Helper()
		return acctest.Emulate(t, emulator.Options{Quirks: quirks})
	},
	RequireEmpty: func(t *testing.T, s *acctest.Service) {
		t.Helper()
		if ids := s.Emulator.GatewayIDs(s.AccountID); len(ids) > 0 {
			t.Errorf("left behind: %v", ids)
		}
	},
}

// TestAnotherObject: a response counts only for the gateway that it describes.
func TestAnotherObject(t *testing.T) {
	t.Parallel()
	gatewaySubject.AnotherObject(t, cases.Others{
		Mine: with(), Other: with(attrs{"name": "other"}), New: with(attrs{"name": "new"}),
		Changed: with(attrs{"cache_ttl": int64(90)}), Method: http.MethodPut, Posts: "/gateways$",
		Path: func(state attrs) string { return "/ai-gateway/gateways/" + state["id"].(string) },
	})
	gatewaySubject.DeletesNothing(t, with())
}
