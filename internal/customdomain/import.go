package customdomain

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// parseImportID parses gateway_id/hostname, optionally after account_id/.
func parseImportID(id string, diags *diag.Diagnostics) identity.ByHostname {
	parts := strings.Split(id, "/")
	account := ""
	if len(parts) == 3 {
		account, parts = parts[0], parts[1:]
	}
	if len(parts) != 2 || !client.ValidID(parts[0]) || !client.ValidID(parts[1]) || !strings.Contains(parts[1], ".") ||
		account != "" && !client.AccountIDPattern.MatchString(account) || strings.HasPrefix(id, "/") {
		diags.AddError("Invalid import ID", fmt.Sprintf(
			"%q does not identify a custom domain. Use its gateway and hostname, such as \"my-gateway/ai.example.com\". For another account than "+
				"the provider's, put the account ID first, such as \"0123456789abcdef0123456789abcdef/my-gateway/ai.example.com\".", id))
		return identity.ByHostname{}
	}
	return identity.ByHostname{
		AccountID: convert.Text(account), GatewayID: types.StringValue(parts[0]), Hostname: types.StringValue(parts[1]),
	}
}
