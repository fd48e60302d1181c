// Package customprovider is the object custom provider, which an account adds
// to the providers that AI Gateway knows: the resource
// aigateway_custom_provider and the data sources aigateway_custom_provider and
// aigateway_custom_providers.
package customprovider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts are what the service tells of a custom provider, but for its headers.
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

// model is a custom provider in configuration, plan and state of the resource.
type model struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
	Headers   types.Map    `tfsdk:"headers"`
}

func (m model) identity() identity.InAccount {
	return identity.InAccount{AccountID: m.AccountID, ID: m.ID}
}

// toAPI is the whole custom provider that is wanted. Texts and headers that are
// null are to be cleared; what the service decides is left to it.
func (m model) toAPI() customproviders.Input {
	cleared := func(text types.String) *string {
		value := text.ValueString()
		return &value
	}
	headers := map[string]string{}
	for name, value := range m.Headers.Elements() {
		text, _ := value.(types.String)
		headers[name] = text.ValueString()
	}
	return customproviders.Input{
		Name: m.Name.ValueString(), Slug: m.Slug.ValueString(), BaseURL: m.BaseURL.ValueString(),
		Description: cleared(m.Description), Link: cleared(m.Link), CurlExample: cleared(m.CurlExample), JSExample: cleared(m.JSExample),
		Enable: convert.Bool(m.Enable), Beta: convert.Bool(m.Beta), Headers: headers, Position: convert.Int64(m.Position),
	}
}

// fromAPI takes over what the service says. m holds what was known before: what
// means the same stays as it was written.
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
	f.Description = text(provider.Description, f.Description)
	f.Link = text(provider.Link, f.Link)
	f.CurlExample = text(provider.CurlExample, f.CurlExample)
	f.JSExample = text(provider.JSExample, f.JSExample)
	f.Enable = flag(provider.Enable, f.Enable)
	f.Beta = flag(provider.Beta, f.Beta)
	if provider.Position != nil || f.Position.IsUnknown() {
		f.Position = types.Int64PointerValue(provider.Position)
	}
	f.Logo = types.StringPointerValue(provider.Logo)
	f.RequestSlug = requestSlug(f.Slug)
	f.CreatedAt = convert.Time(provider.CreatedAt)
	f.ModifiedAt = convert.Time(provider.ModifiedAt)
}

// text is what the service says, where nothing and an empty text are the same.
func text(said *string, known types.String) types.String {
	if said == nil || *said == "" {
		if !known.IsUnknown() && known.ValueString() == "" {
			return known
		}
		return types.StringNull()
	}
	return types.StringValue(*said)
}

// flag is what the service says. Where it says nothing, what was known stays,
// and else it is the API's default (documented).
func flag(said *bool, known types.Bool) types.Bool {
	switch {
	case said != nil:
		return types.BoolValue(*said)
	case known.IsNull() || known.IsUnknown():
		return types.BoolValue(false)
	default:
		return known
	}
}

// requestSlug is what requests call a custom provider (documented).
func requestSlug(slug types.String) types.String {
	if slug.IsUnknown() || slug.IsNull() {
		return types.StringUnknown()
	}
	return types.StringValue("custom-" + slug.ValueString())
}
