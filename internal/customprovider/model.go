// Package customprovider implements custom providers, which an account adds to the
// providers that AI Gateway supports: the resource aigateway_custom_provider and the data
// sources aigateway_custom_provider and aigateway_custom_providers.
package customprovider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts holds what the service returns about a custom provider, except its headers.
type facts struct {
	ID          types.String      `tfsdk:"id"`
	Name        types.String      `tfsdk:"name"`
	Slug        types.String      `tfsdk:"slug"`
	BaseURL     types.String      `tfsdk:"base_url"`
	Description types.String      `tfsdk:"description"`
	Link        types.String      `tfsdk:"link"`
	Enable      types.Bool        `tfsdk:"enable"`
	Beta        types.Bool        `tfsdk:"beta"`
	CurlExample types.String      `tfsdk:"curl_example"`
	JSExample   types.String      `tfsdk:"js_example"`
	Position    types.Int64       `tfsdk:"position"`
	Logo        types.String      `tfsdk:"logo"`
	RequestSlug types.String      `tfsdk:"request_slug"`
	CreatedAt   timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt  timetypes.RFC3339 `tfsdk:"modified_at"`
}

// model is the resource's configuration, plan or state.
type model struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
	Headers   types.Map    `tfsdk:"headers"`
}

// Identity implements [crud.Object].
func (m model) Identity() identity.Identity {
	return identity.InAccount{AccountID: m.AccountID, ID: m.ID}
}

// Subject implements [crud.Object].
func (m model) Subject(verb string) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: "custom provider", AccountID: m.AccountID.ValueString(), ID: m.Slug.ValueString(), ResourceType: ResourceType,
		Attributes: attributePaths,
		ImportHint: "The data source aigateway_custom_providers lists the custom providers of an account.",
	}
	if s.ID == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
	}
	return s
}

// attributePaths maps fields of request bodies to attributes. The headers are not among
// them: the CLI would print the line, which may hold a secret.
var attributePaths = func() map[string]path.Path {
	paths := map[string]path.Path{}
	for name := range (model{}).attributes() {
		if name != "headers" {
			paths[name] = path.Root(name)
		}
	}
	return paths
}()

// attributes returns the attributes that can be configured, by name.
func (m model) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"name": m.Name, "slug": m.Slug, "base_url": m.BaseURL, "description": m.Description, "link": m.Link, "enable": m.Enable, "beta": m.Beta,
		"curl_example": m.CurlExample, "js_example": m.JSExample, "headers": m.Headers, "position": m.Position,
	}
}

// changes reports whether a plan changes anything for the service.
func (m model) changes(state model) bool {
	before := state.attributes()
	for name, value := range m.attributes() {
		if !crud.Same(value, before[name]) {
			return true
		}
	}
	return false
}

// toAPI returns the planned custom provider as a request body. Null strings and headers
// are cleared. What the service decides is left out.
func (m model) toAPI() customproviders.Input {
	cleared := func(s types.String) *string {
		value := s.ValueString()
		return &value
	}
	headers := map[string]string{}
	for name, value := range m.Headers.Elements() {
		header, _ := value.(types.String)
		headers[name] = header.ValueString()
	}
	return customproviders.Input{
		Name: m.Name.ValueString(), Slug: m.Slug.ValueString(), BaseURL: m.BaseURL.ValueString(),
		Description: cleared(m.Description), Link: cleared(m.Link), CurlExample: cleared(m.CurlExample), JSExample: cleared(m.JSExample),
		Enable: convert.Bool(m.Enable), Beta: convert.Bool(m.Beta), Headers: headers, Position: convert.Int64(m.Position),
	}
}

// fromAPI takes over the service's response. Values of the model that mean the same stay
// as they were written.
func (m *model) fromAPI(provider *customproviders.Provider) {
	m.facts.fromAPI(provider)
	before := m.toAPI().Headers
	if m.Headers.IsUnknown() || provider.HasHeaders && !maps.Equal(before, provider.Headers) {
		m.Headers = headersFromAPI(provider.Headers)
	}
}

func headersFromAPI(headers map[string]string) types.Map {
	if len(headers) == 0 {
		return types.MapNull(types.StringType)
	}
	values := make(map[string]attr.Value, len(headers))
	for name, value := range headers {
		values[name] = types.StringValue(value)
	}
	return types.MapValueMust(types.StringType, values)
}

func (f *facts) fromAPI(provider *customproviders.Provider) {
	f.ID = types.StringValue(provider.ID)
	f.Name = types.StringValue(provider.Name)
	f.Slug = types.StringValue(provider.Slug)
	f.BaseURL = types.StringValue(provider.BaseURL)
	f.Description = stringFromAPI(provider.Description, f.Description)
	f.Link = stringFromAPI(provider.Link, f.Link)
	f.CurlExample = stringFromAPI(provider.CurlExample, f.CurlExample)
	f.JSExample = stringFromAPI(provider.JSExample, f.JSExample)
	f.Enable = boolFromAPI(provider.Enable, f.Enable)
	f.Beta = boolFromAPI(provider.Beta, f.Beta)
	if provider.Position != nil || f.Position.IsUnknown() {
		f.Position = types.Int64PointerValue(provider.Position)
	}
	f.Logo = types.StringPointerValue(provider.Logo)
	f.RequestSlug = requestSlug(f.Slug)
	f.CreatedAt = convert.Time(provider.CreatedAt)
	f.ModifiedAt = convert.Time(provider.ModifiedAt)
}

// stringFromAPI returns a string of a response, where null and the empty string are the
// same: then the known value stays, if it is either.
func stringFromAPI(response *string, known types.String) types.String {
	if response == nil || *response == "" {
		if !known.IsUnknown() && known.ValueString() == "" {
			return known
		}
		return types.StringNull()
	}
	return types.StringValue(*response)
}

// boolFromAPI returns a boolean of a response, or else the known value, or else false, which
// is the API's documented default.
func boolFromAPI(response *bool, known types.Bool) types.Bool {
	switch {
	case response != nil:
		return types.BoolValue(*response)
	case known.IsNull() || known.IsUnknown():
		return types.BoolValue(false)
	default:
		return known
	}
}

// requestSlug returns the name of a custom provider in requests (documented).
func requestSlug(slug types.String) types.String {
	if slug.IsUnknown() || slug.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue("custom-" + slug.ValueString())
}

// Secrets returns the secrets that the service holds according to the state.
func (m model) Secrets() []string { return m.toAPI().Secrets() }
