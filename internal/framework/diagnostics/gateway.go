package diagnostics

// Causes of a gateway's own errors, and what to do about them. Every request through a
// gateway can get them. In all of these texts, {account} and {gateway} stand for the
// gateway's.
const (
	// NoGatewayWhy and NoGatewayNext are about the code 2001.
	NoGatewayWhy = "Account {account} has no gateway \"{gateway}\", or the gateway is not available yet. Only the gateway \"default\" is created " +
		"automatically, by a request with a valid token."
	NoGatewayNext = "If this configuration creates the gateway, the request was sent too early. Set gateway_id to the resource's attribute " +
		"directly (gateway_id = aigateway_gateway.example.id), not through a local value or a module output, or add " +
		"depends_on = [aigateway_gateway.example]. Otherwise check gateway_id and account_id."

	// GatewayTokenWhy and GatewayTokenNext are about the code 2009.
	GatewayTokenWhy = "Gateway \"{gateway}\" requires authentication, and the token is missing, unknown or expired, or lacks the " +
		"permission AI Gateway Run on account {account}. A key of the model's provider does not help here."
	GatewayTokenNext = "Set gateway_token (or CF_AIG_TOKEN) of the provider configuration to a token with the account permission AI Gateway Run. Without " +
		"gateway_token, the provider sends api_token (or CLOUDFLARE_API_TOKEN), which then needs that permission."

	// GatewayAddress is about a response that cannot come from a gateway.
	GatewayAddress = "Check gateway_base_url (or AIGATEWAY_GATEWAY_BASE_URL) and any proxy in between."
)
