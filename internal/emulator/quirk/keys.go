package quirk

// Quirks of stored keys and custom providers.
const (
	// ProviderConfigBool shows default_config of a provider config as true or
	// false, as the API documents have it. Off: it is 1 or 0, as observed live.
	ProviderConfigBool Quirk = "provider-config-bool"

	// ProviderConfigListLags makes each list of the provider configs of a gateway the
	// one of the previous list request, whichever page that was for; the first is empty.
	// Off: the list is up to date. The list was observed to lag; by how much is not
	// known.
	ProviderConfigListLags Quirk = "provider-config-list-lags"

	// SecretStaysPending leaves all secrets pending that a request creates. Off: they
	// become active; see the option SecretDelay.
	SecretStaysPending Quirk = "secret-stays-pending"

	// CustomProviderUnixTimes shows created_at and modified_at of custom
	// providers as seconds since 1970, as the documentation's samples have it.
	// Off: they are RFC 3339 strings, as in the API documents.
	CustomProviderUnixTimes Quirk = "custom-provider-unix-times"

	// CustomProviderPatchIgnores makes PATCH of a custom provider drop headers and
	// position silently, which the documentation's list of fields lacks. Off: PATCH
	// changes them (inferred, as that list may be older than the two fields).
	CustomProviderPatchIgnores Quirk = "custom-provider-patch-ignores"

	// CustomProviderHidesHeaders leaves headers and position out of responses about
	// custom providers, as in the documentation's sample. Off: responses have them, as
	// in the API documents.
	CustomProviderHidesHeaders Quirk = "custom-provider-hides-headers"
)

// OfKeys returns the quirks that can show in a provider config or a custom provider.
func OfKeys() []Quirk {
	return []Quirk{
		ExtraFields,
		ProviderConfigBool,
		ProviderConfigListLags,
		SecretStaysPending,
		CustomProviderUnixTimes,
		CustomProviderPatchIgnores,
		CustomProviderHidesHeaders,
	}
}
