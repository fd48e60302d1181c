package provider

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// Configure determines the value of every setting. It sends no request, so
// only the first request of an operation reveals invalid credentials.
func (p *aigatewayProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	diags := &resp.Diagnostics

	apiToken := p.token(config.APIToken, "api_token", envAPIToken, diags)
	gatewayToken := p.token(config.GatewayToken, "gateway_token", envGatewayToken, diags)
	baseURL := p.baseURL(config.BaseURL, "base_url", envBaseURL, client.DefaultBaseURL, diags)
	gatewayBaseURL := p.baseURL(config.GatewayBaseURL, "gateway_base_url", envGatewayBaseURL, client.DefaultGatewayBaseURL, diags)
	wireFormat := p.wireFormat(config.WireFormat, diags)
	maxRetries := p.maxRetries(config.MaxRetries, diags)
	headers, headersKnown := testRequestHeaders(ctx, config.TestRequestHeaders, diags)
	data := &providerdata.Data{
		AccountID:          p.accountID(config.AccountID, diags),
		BaseURL:            baseURL,
		GatewayBaseURL:     gatewayBaseURL,
		AllowTestRequests:  p.allowTestRequests(config.AllowTestRequests, diags),
		TestRequestHeaders: headers,
	}
	if isUnset(apiToken) && isUnset(gatewayToken) {
		diags.AddError("Missing credentials", missingToken()+p.unusedKey())
	}
	if diags.HasError() {
		return
	}

	var control, through needs
	control.known(baseURL, "base_url")
	control.known(maxRetries, "max_retries")
	control.known(apiToken, "api_token")
	if isUnset(apiToken) {
		control.missing = append(control.missing, providerdata.Missing{Unset: true, Summary: "Missing API token", Detail: strings.Join([]string{
			"The provider has a gateway_token, which is only used for requests to models. Reading and writing settings requires an API token. " +
				"Set one of these:",
			"  - api_token of the provider",
			"  - the environment variable " + envAPIToken,
			"Create the token in the dashboard under My Profile, API Tokens, with the account permissions AI Gateway Read and AI Gateway Edit.",
		}, "\n") + p.unusedKey()})
	}
	data.ControlPlaneMissing = control.missing

	through.known(gatewayBaseURL, "gateway_base_url")
	through.known(maxRetries, "max_retries")
	through.known(gatewayToken, "gateway_token")
	if isUnset(gatewayToken) {
		through.known(apiToken, "api_token")
	}
	if !headersKnown {
		through.unknown("test_request_headers")
	}
	data.DataPlaneMissing = through.missing

	secrets := make([]string, 0, len(headers))
	for _, value := range headers {
		secrets = append(secrets, value)
	}
	// Unknown settings have their zero value here. The lists of missing settings
	// prevent their use.
	var err error
	data.Client, err = client.New(client.Config{
		BaseURL:        baseURL.ValueString(),
		GatewayBaseURL: gatewayBaseURL.ValueString(),
		APIToken:       apiToken.ValueString(),
		GatewayToken:   gatewayToken.ValueString(),
		WireFormat:     client.WireFormat(wireFormat.ValueString()),
		MaxRetries:     int(maxRetries.ValueInt64()),
		UserAgent:      "terraform-provider-aigateway/" + p.version,
		Secrets:        secrets,
		Transport:      p.options.Transport,
		Clock:          p.options.Clock,
	})
	if err != nil {
		diags.AddError("Unable to set up the client", err.Error())
		return
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

// needs collects the settings that requests need and that are missing.
type needs struct{ missing []providerdata.Missing }

// known adds the attribute if its value is unknown.
func (n *needs) known(value attr.Value, attribute string) {
	if value.IsUnknown() {
		n.unknown(attribute)
	}
}

// unknown adds an attribute whose value is unknown.
func (n *needs) unknown(attribute string) {
	n.missing = append(n.missing, providerdata.Missing{Summary: "Unknown provider configuration", Detail: fmt.Sprintf(
		"A request is due, but %s of the provider is known only after apply, because it depends on an object that does not exist yet. "+
			"Create that object first (terraform apply -target=…), or set the attribute to a known value.", attribute)})
}

// stringOr returns the attribute, or else the environment variable, or else
// fallback. An empty attribute or variable counts as unset.
func (p *aigatewayProvider) stringOr(attribute types.String, env, fallback string) types.String {
	if attribute.IsUnknown() || attribute.ValueString() != "" {
		return attribute
	}
	if value := p.options.Getenv(env); value != "" {
		return types.StringValue(value)
	}
	return types.StringValue(fallback)
}

// token returns a token, like stringOr. It adds an error if no header can carry
// the token. The error has no path and does not quote the token, because the CLI
// would print the line with the secret.
func (p *aigatewayProvider) token(attribute types.String, name, env string, diags *diag.Diagnostics) types.String {
	value := p.stringOr(attribute, env, "")
	if err := client.CheckToken(value.ValueString()); err != nil {
		source := "The attribute " + name + " of the provider"
		if attribute.ValueString() == "" {
			source = "The environment variable " + env
		}
		diags.AddError("Invalid token", source+" cannot be used: "+err.Error()+". Copy the token again.")
	}
	return value
}

// isUnset reports whether the value is known to be null or empty.
func isUnset(value types.String) bool { return !value.IsUnknown() && value.ValueString() == "" }

func missingToken() string {
	return strings.Join([]string{
		"The provider has no API token. Set one of these:",
		"  - api_token of the provider",
		"  - the environment variable " + envAPIToken,
		"  - gateway_token of the provider, only for requests through a gateway",
		"  - the environment variable " + envGatewayToken + ", only for requests through a gateway",
		"Create the token in the dashboard under My Profile, API Tokens, with the account permissions AI Gateway Read and " +
			"AI Gateway Edit, and AI Gateway Run for requests through a gateway.",
	}, "\n")
}

// unusedKey returns a note about the credentials of Cloudflare's older scheme, if the
// environment has them. Other tools use them, so their owner expects the same here.
func (p *aigatewayProvider) unusedKey() string {
	var names []string
	for _, env := range []string{envAPIKey, envEmail} {
		if p.options.Getenv(env) != "" {
			names = append(names, env)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "\nThe environment has " + strings.Join(names, " and ") + ". They belong to a Global API Key, which this provider does not use."
}

func (p *aigatewayProvider) accountID(attribute types.String, diags *diag.Diagnostics) types.String {
	if attribute.IsUnknown() || attribute.ValueString() != "" {
		return attribute // validated by the schema
	}
	value := p.options.Getenv(envAccountID)
	if value == "" {
		return types.StringNull()
	}
	if !client.AccountIDPattern.MatchString(value) {
		diags.AddError("Invalid account ID", fmt.Sprintf(
			"The environment variable %s is %q, but it must be 32 hexadecimal digits in lower case.", envAccountID, value))
	}
	return types.StringValue(value)
}

// baseURL returns the normalized URL.
func (p *aigatewayProvider) baseURL(attribute types.String, name, env, fallback string, diags *diag.Diagnostics) types.String {
	value := p.stringOr(attribute, env, fallback)
	if value.IsUnknown() {
		return value
	}
	normal, err := client.ParseBaseURL(value.ValueString(), fallback)
	if err != nil {
		const summary = "Invalid base URL"
		detail := "cannot be used: " + err.Error() + "."
		switch {
		case attribute.ValueString() == "":
			diags.AddError(summary, "The environment variable "+env+" "+detail)
		case strings.Contains(attribute.ValueString(), "@"):
			// The URL may contain credentials. The error has no path, because the
			// CLI would print the line.
			diags.AddError(summary, "The attribute "+name+" of the provider "+detail)
		default:
			diags.AddAttributeError(path.Root(name), summary, "The URL "+detail)
		}
		return value
	}
	if u, err := url.Parse(normal); err == nil && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		const summary = "Unencrypted base URL"
		const detail = "starts with http://, so the API token travels in clear text. Use https://, unless the server is a test server on a network that you trust."
		if attribute.ValueString() == "" {
			diags.AddWarning(summary, "The environment variable "+env+" "+detail)
		} else {
			diags.AddAttributeWarning(path.Root(name), summary, "The URL "+detail)
		}
	}
	return types.StringValue(normal)
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func (p *aigatewayProvider) wireFormat(attribute types.String, diags *diag.Diagnostics) types.String {
	if attribute.IsUnknown() {
		// The wire format decides which values a plan may contain.
		diags.AddAttributeError(path.Root("wire_format"), "Unknown wire format",
			"The wire format must be known during the plan. Set wire_format to a known value, or omit it and set the environment variable "+
				envWireFormat+".")
		return attribute
	}
	value := p.stringOr(attribute, envWireFormat, string(client.WireCloudflare))
	if attribute.IsNull() && !slices.Contains(wireFormats, value.ValueString()) {
		diags.AddError("Invalid wire format", fmt.Sprintf(
			"The environment variable %s is %q, but it must be one of: %s.", envWireFormat, value.ValueString(), strings.Join(wireFormats, ", ")))
		return types.StringValue(string(client.WireCloudflare))
	}
	return value
}

func (p *aigatewayProvider) maxRetries(attribute types.Int64, diags *diag.Diagnostics) types.Int64 {
	if !attribute.IsNull() {
		return attribute // validated by the schema
	}
	value := p.options.Getenv(envMaxRetries)
	if value == "" {
		return types.Int64Value(client.DefaultMaxRetries)
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 || n > maxRetriesLimit {
		diags.AddError("Invalid number of retries", fmt.Sprintf(
			"The environment variable %s is %q, but it must be a whole number from 0 to %d.", envMaxRetries, value, maxRetriesLimit))
	}
	return types.Int64Value(n)
}

func (p *aigatewayProvider) allowTestRequests(attribute types.Bool, diags *diag.Diagnostics) types.Bool {
	if !attribute.IsNull() {
		return attribute
	}
	switch value := p.options.Getenv(envAllowTestRequests); value {
	case "", "false", "0":
		return types.BoolValue(false)
	case "true", "1":
		return types.BoolValue(true)
	default:
		// Test requests cost money, so other spellings are not guessed.
		diags.AddError("Invalid permission for test requests", fmt.Sprintf(
			"The environment variable %s is %q, but it must be true or false (or 1 or 0).", envAllowTestRequests, value))
		return types.BoolValue(false)
	}
}

// testRequestHeaders returns the headers. It reports whether all of them are known.
func testRequestHeaders(ctx context.Context, attribute types.Map, diags *diag.Diagnostics) (map[string]string, bool) {
	var values map[string]types.String
	if !attribute.IsUnknown() {
		diags.Append(attribute.ElementsAs(ctx, &values, false)...)
	}
	known := !attribute.IsUnknown()
	headers := make(map[string]string, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		known = known && !value.IsUnknown()
		if err := chat.CheckHeader(name, value.ValueString()); err != nil {
			// The value is a secret, so the error has no path and does not quote it.
			diags.AddError("Invalid test request header", fmt.Sprintf(
				"In test_request_headers of the provider, %s %s.", describe(name), err))
			continue
		}
		if !value.IsNull() && !value.IsUnknown() {
			headers[name] = value.ValueString()
		}
	}
	return headers, known
}

// describe names a header in an error. It does not quote an invalid name, which
// may be a whole header with its secret.
func describe(name string) string {
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return "one header"
		}
	}
	return "the header " + strconv.Quote(name)
}
