package store

// The quirks that concern stored keys and custom providers.
const (
	// ProviderConfigBool shows default_config of a provider config as true or
	// false, as the API documents have it. Off: it is 1 or 0, as observed live.
	ProviderConfigBool Quirk = "provider-config-bool"

	// ProviderConfigListLags answers each list request for the provider configs
	// of a gateway with what the list was at the previous request, whichever page
	// was asked for; before the first it was empty. Off: the list is up to date.
	// The list was observed to lag; by how much is not known.
	ProviderConfigListLags Quirk = "provider-config-list-lags"

	// SecretStaysPending leaves all secrets pending that a request makes, however
	// long one waits. Off: they become active; see [Options].SecretDelay.
	SecretStaysPending Quirk = "secret-stays-pending"

	// CustomProviderUnixTimes shows created_at and modified_at of custom
	// providers as seconds since 1970, as the documentation's samples have it.
	// Off: they are RFC 3339 texts, as in the API documents.
	CustomProviderUnixTimes Quirk = "custom-provider-unix-times"

	// CustomProviderPatchIgnores makes PATCH of a custom provider drop headers
	// and position silently, as the documentation's list of what it takes would
	// have it. Off: it takes them (inferred, as that list may be older than the
	// two fields).
	CustomProviderPatchIgnores Quirk = "custom-provider-patch-ignores"

	// CustomProviderHidesHeaders leaves headers and position out of answers about
	// custom providers, as the documentation's sample does. Off: they are there,
	// as in the API documents.
	CustomProviderHidesHeaders Quirk = "custom-provider-hides-headers"
)

// KeyQuirks returns those of [Quirks] that can show in a provider config or a
// custom provider.
func KeyQuirks() []Quirk {
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
