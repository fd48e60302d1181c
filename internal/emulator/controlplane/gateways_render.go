package controlplane

import (
	"maps"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// renderStep is one step of rendering a gateway. It may change out.
type renderStep func(rows []settings.Setting, g store.Gateway, out *wire.Object)

// gatewayRenderSteps returns the steps for the store's quirks. Their order
// matters: null must have its final form before OmitUnset removes it.
func gatewayRenderSteps(s *store.Store) []renderStep {
	steps := []renderStep{renderSettings, renderUnknown, renderReadOnly}
	if s.Has(quirk.EchoNull) {
		steps = append(steps, renderNullBooleans)
	} else {
		steps = append(steps, renderNulls)
	}
	for _, optional := range []struct {
		quirk quirk.Quirk
		step  renderStep
	}{
		{quirk.OmitUnset, omitUnset},
		{quirk.SecretsMasked, maskSecrets},
		{quirk.SecretsOmitted, omitSecrets},
		{quirk.ExtraFields, addExtraFields},
	} {
		if s.Has(optional.quirk) {
			steps = append(steps, optional.step)
		}
	}
	return steps
}

// renderGateway returns a gateway as responses show it.
func (a *API) renderGateway(g store.Gateway) *wire.Object {
	out := &wire.Object{}
	for _, step := range a.gatewayRender {
		step(a.store.Settings(), g, out)
	}
	return out
}

func renderSettings(rows []settings.Setting, g store.Gateway, out *wire.Object) {
	for _, f := range rows {
		out.Set(f.Name, g.Settings[f.Name])
	}
}

// renderUnknown adds what is stored and is no setting of this version.
func renderUnknown(rows []settings.Setting, g store.Gateway, out *wire.Object) {
	for _, name := range slices.Sorted(maps.Keys(g.Settings)) {
		if !slices.ContainsFunc(rows, func(f settings.Setting) bool { return f.Name == name }) {
			out.Set(name, g.Settings[name])
		}
	}
}

// renderReadOnly adds what no body can set (documented).
func renderReadOnly(_ []settings.Setting, g store.Gateway, out *wire.Object) {
	out.Set("is_default", g.ID == store.DefaultGatewayID)
	out.Set("created_at", wire.FormatTime(g.Created))
	out.Set("modified_at", wire.FormatTime(g.Modified))
}

// renderNulls replaces stored nulls by the value that they read back as.
func renderNulls(rows []settings.Setting, _ store.Gateway, out *wire.Object) {
	for _, f := range rows {
		if f.NullAs != nil && out.Get(f.Name) == nil {
			out.Set(f.Name, f.NullAs)
		}
	}
}

// renderNullBooleans is renderNulls for booleans only: responses never have a null
// boolean (documented).
func renderNullBooleans(rows []settings.Setting, g store.Gateway, out *wire.Object) {
	booleans := slices.DeleteFunc(slices.Clone(rows), func(f settings.Setting) bool {
		_, ok := f.NullAs.(bool)
		return !ok
	})
	renderNulls(booleans, g, out)
}

// omitUnset removes nulls, except for the settings that every response has
// (documented): those that a create requires.
func omitUnset(rows []settings.Setting, _ store.Gateway, out *wire.Object) {
	for _, f := range rows {
		required := f.Use == settings.CreateOnly || f.Use == settings.Required
		if !required && out.Get(f.Name) == nil {
			out.Remove(f.Name)
		}
	}
}

// secretMask replaces a masked secret.
const secretMask = "********"

func maskSecrets(_ []settings.Setting, _ store.Gateway, out *wire.Object) {
	eachSecretHolder(out, func(holder map[string]any) {
		if _, ok := holder["authorization"]; ok {
			holder["authorization"] = secretMask
		}
		if headers, ok := holder["headers"].(map[string]any); ok {
			for name := range headers {
				headers[name] = secretMask
			}
		}
	})
}

func omitSecrets(_ []settings.Setting, _ store.Gateway, out *wire.Object) {
	eachSecretHolder(out, func(holder map[string]any) {
		delete(holder, "authorization")
		delete(holder, "headers")
	})
}

// eachSecretHolder visits the objects that have secrets in their members
// authorization and headers: every exporter in otel, and stripe.
func eachSecretHolder(out *wire.Object, visit func(map[string]any)) {
	exporters, _ := out.Get("otel").([]any)
	for _, holder := range append(slices.Clone(exporters), out.Get("stripe")) {
		if holder, ok := holder.(map[string]any); ok {
			visit(holder)
		}
	}
}

// addExtraFields adds fields of older live responses, and one that no client
// knows.
func addExtraFields(_ []settings.Setting, g store.Gateway, out *wire.Object) {
	out.Set("account_id", g.Account)
	out.Set("account_tag", g.Account)
	out.Set("internal_id", g.InternalID)
	out.Set("wholesale", true)
	out.Set("emulator_extra", unknownObject())
}

// unknownObject returns an object that no client knows.
func unknownObject() map[string]any {
	return map[string]any{
		"nested": map[string]any{"list": []any{1.0, "two", nil}, "flag": true},
	}
}
