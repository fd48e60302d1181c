package quirk

// descriptions say in a sentence what each quirk does. The constants say more, and what is
// known of the service.
var descriptions = map[Quirk]string{
	CreateAcceptsAll:           "POST of a gateway stores dlp, guardrails, otel, spend limits and stripe instead of dropping them",
	PutKeepsOmitted:            "PUT of a gateway keeps the optional fields that its body omits instead of resetting them",
	UnknownFields:              "gateways and elements have fields that no API document has",
	StrictBodies:               "request bodies with unknown fields are refused instead of taken without them",
	PaidPlan:                   "new gateways have the log retention of a paid account",
	EchoNull:                   "null in a gateway reads back as null instead of 0 and \"\"",
	OmitUnset:                  "responses leave out optional fields that are null",
	ExtraFields:                "responses have more fields than the documents, as older live responses do",
	NoBYOKOnly:                 "byok_only does not exist",
	SecretsMasked:              "secrets of gateways are masked in responses",
	SecretsOmitted:             "secrets of gateways are missing from responses",
	ProviderConfigBool:         "default_config of a provider config is true or false instead of 1 or 0",
	ProviderConfigListLags:     "a list of provider configs is the one of the previous request",
	SecretStaysPending:         "new secrets never become active",
	CustomProviderUnixTimes:    "times of custom providers are seconds since 1970",
	CustomProviderPatchIgnores: "PATCH of a custom provider drops headers and position",
	CustomProviderHidesHeaders: "responses about custom providers lack headers and position",
	LogMetadataString:          "metadata of a log is a JSON string instead of an object",
	RouteElementsTop:           "the graph of a route is where the API documents have it",
	RouteRepliesBare:           "responses to new versions and deployments lack their IDs",
	RouteListLags:              "a list of routes, versions or deployments is the one of the previous request",
	RouteNameClash500:          "a route with the name of another is refused with HTTP 500",
	VersionsRefusePaging:       "lists of versions and deployments are empty if they are asked for with per_page",
	PoliciesLag:                "changes of policies are in force 15 minutes later",
	PoliciesStayDrafts:         "policies are saved as drafts although a request puts them in force",
}

// Describe says in a sentence what the quirk does.
func (q Quirk) Describe() string { return descriptions[q] }
