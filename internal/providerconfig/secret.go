package providerconfig

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// A secretConfig is how a configuration provides the key. Only the configuration has
// secret_wo: it is write-only.
type secretConfig struct {
	secretWO types.String
	version  types.Number
	secretID types.String
}

func readSecret(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) secretConfig {
	var s secretConfig
	diags.Append(config.GetAttribute(ctx, path.Root("secret_wo"), &s.secretWO)...)
	diags.Append(config.GetAttribute(ctx, path.Root("secret_wo_version"), &s.version)...)
	diags.Append(config.GetAttribute(ctx, path.Root("secret_id"), &s.secretID)...)
	return s
}

// hide returns a context whose requests hide the key, also those that do not send it.
func (s secretConfig) hide(ctx context.Context) context.Context {
	key := s.secretWO.ValueString()
	return client.WithSecrets(ctx, key, strings.TrimSpace(key))
}

// check adds an error if the key is given twice, not at all, or without a version. Its
// errors have no path to the key: the CLI would print the line.
func (s secretConfig) check(diags *diag.Diagnostics) {
	const choice = "Set secret_wo and secret_wo_version to store a key, or secret_id to use a key that is already in the Secrets Store."
	hasKey := !s.secretWO.IsNull()
	switch {
	case s.secretWO.IsUnknown():
		return // checked again when it is known
	case !hasKey && s.secretID.IsNull():
		diags.AddError("Provider config without a key", "Neither secret_wo nor secret_id is set. "+choice)
	case hasKey && !s.secretID.IsNull() && !s.secretID.IsUnknown():
		diags.AddError("Provider config with two keys", "Both secret_wo and secret_id are set. "+choice)
	case hasKey && s.secretWO.ValueString() == "":
		diags.AddError("Empty key of a provider", "secret_wo is the empty string. "+choice)
	case hasKey && s.version.IsNull():
		diags.AddError("Missing secret_wo_version", "secret_wo is set, but secret_wo_version is not. The key is not stored in state, so only a "+
			"change of the version shows that the key is new. Set it to any number, such as 1.")
	case !hasKey && !s.version.IsNull():
		diags.AddAttributeError(path.Root("secret_wo_version"), "Version without a key",
			"secret_wo_version is set, but secret_wo is not. "+choice)
	}
}

// rotates reports whether the plan sends a new key.
func rotates(state, plan model) bool {
	return !plan.SecretWOVersion.IsNull() && !plan.SecretWOVersion.Equal(state.SecretWOVersion)
}

// existingSecretKey marks, in private state, a provider config that was created with the
// secret_id of an existing secret.
const existingSecretKey = "secret_id_given"

type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

func usesExistingSecret(ctx context.Context, private privateState) bool {
	raw, diags := private.GetKey(ctx, existingSecretKey)
	return !diags.HasError() && string(raw) == "true"
}

// warnOfExistingSecret warns that an existing secret occupies the name under which the
// service is to store the new key.
func warnOfExistingSecret(state model, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("secret_wo_version"), "The previous secret keeps its name", fmt.Sprintf(
		"The provider config %q uses the secret %s, which existed before it. The service stores the key in secret_wo under the name of that "+
			"secret, %s_%s_%s, and refuses a second secret with this name. Delete the secret first; if the deletion is too late for this "+
			"apply, apply again. To change the key without deleting the secret, keep secret_id and change the secret in the Secrets Store.",
		name(state), state.SecretID.ValueString(), state.GatewayID.ValueString(), state.ProviderSlug.ValueString(), state.Alias.ValueString()))
}

// warnOfUnknownSecret warns that an apply overwrites a secret that this resource did not
// write.
func warnOfUnknownSecret(state model, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("secret_wo_version"), "The key replaces an unknown key", fmt.Sprintf(
		"The provider config %q was imported, or its key was not set with secret_wo. The apply overwrites its secret %s with the key in "+
			"secret_wo, no matter who created that secret or what else uses it.", name(state), state.SecretID.ValueString()))
}

// warnOfDeletedSecret warns that a replacement may delete the secret that it needs.
func warnOfDeletedSecret(state model, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("secret_id"), "The secret may be deleted with the provider config", fmt.Sprintf(
		"The provider config %q will be replaced. If the service created its secret %s, it may delete the secret with the provider config, and "+
			"the replacement then fails. To avoid that, set secret_wo and secret_wo_version instead of secret_id.",
		name(state), state.SecretID.ValueString()))
}
