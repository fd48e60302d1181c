package controlplane

import (
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// providerConfigBody is the body of a new config (documented). rate_limit may be
// null, as it reads back (inferred).
var providerConfigBody = apischema.Object{
	{Name: "provider_slug", Schema: apischema.String{Min: 1}},
	{Name: "alias", Schema: apischema.String{Min: 1}},
	{Name: "default_config", Schema: apischema.Boolean{}},
	{Name: "rate_limit", Schema: apischema.Number{Min: 0, Max: apischema.NoMax}, Optional: true, Nullable: true},
	{Name: "rate_limit_period", Schema: apischema.Number{Min: 0, Max: apischema.NoMax}, Optional: true, Default: apischema.Always(60.0)},
	{Name: "secret", Schema: apischema.String{Min: 1}, Optional: true},
	{Name: "secret_id", Schema: apischema.String{Min: 1}, Optional: true},
}

// rotationBody is the body of an update, which takes a new key and nothing else
// (documented).
var rotationBody = apischema.Object{{Name: "secret", Schema: apischema.String{Min: 1}}}

// listProviderConfigs handles GET /provider_configs with page and per_page.
func (a *API) listProviderConfigs(c call) {
	page, ok := c.page()
	if !ok {
		return
	}
	configs, info := pageOf(a.store.ListProviderConfigs(c.account, c.gateway()), page)
	writeList(c.w, renderAll(configs, a.renderProviderConfig), info)
}

func (a *API) respondProviderConfig(c call, config store.ProviderConfig, err error) {
	c.respond(func() any { return a.renderProviderConfig(config) }, err)
}

// createProviderConfig handles POST /provider_configs.
func (a *API) createProviderConfig(c call) {
	values, ok := c.parse(providerConfigBody)
	if !ok {
		return
	}
	config, err := a.store.CreateProviderConfig(c.account, c.gateway(), values)
	a.respondProviderConfig(c, config, err)
}

// rotateProviderConfig handles PUT /provider_configs/{id}.
func (a *API) rotateProviderConfig(c call) {
	values, ok := c.parse(rotationBody)
	if !ok {
		return
	}
	value, _ := values["secret"].(string)
	config, err := a.store.RotateProviderConfig(c.account, c.gateway(), c.params["config"], value)
	a.respondProviderConfig(c, config, err)
}

// deleteProviderConfig handles DELETE /provider_configs/{id}.
func (a *API) deleteProviderConfig(c call) {
	config, err := a.store.DeleteProviderConfig(c.account, c.gateway(), c.params["config"])
	a.respondProviderConfig(c, config, err)
}

// renderProviderConfig returns a config as responses show it. There is no
// created_at (documented).
func (a *API) renderProviderConfig(config store.ProviderConfig) *wire.Object {
	out := &wire.Object{}
	out.Set("id", config.ID)
	out.Set("gateway_id", config.GatewayID)
	out.Set("provider_slug", config.Provider)
	out.Set("alias", config.Alias)
	out.Set("default_config", a.renderFlag(config.Default))
	out.Set("secret_id", config.SecretID)
	out.Set("secret_preview", config.Preview)
	out.Set("rate_limit", config.RateLimit)
	out.Set("rate_limit_period", config.Period)
	out.Set("modified_at", wire.FormatTime(config.Modified))
	return out
}

func (a *API) renderFlag(on bool) any {
	switch {
	case a.store.Has(quirk.ProviderConfigBool):
		return on
	case on:
		return 1
	default:
		return 0
	}
}
