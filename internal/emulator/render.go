package emulator

import (
	"bytes"
	"encoding/json"
	"slices"
)

// ordered is a JSON object whose keys keep their order.
type ordered struct {
	names  []string
	values map[string]any
}

func (o *ordered) set(name string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

func (o *ordered) remove(name string) {
	delete(o.values, name)
	o.names = slices.DeleteFunc(o.names, func(n string) bool { return n == name })
}

// MarshalJSON implements [json.Marshaler].
func (o *ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, part := range []any{name, o.values[name]} {
			if j > 0 {
				b.WriteByte(':')
			}
			// Marshal escapes <, > and &, but the outer encoder, which was told
			// not to, leaves what we return as it is.
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(part); err != nil {
				return nil, err
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// renderStep changes an answer on its way out. The stored gateway is never
// touched.
type renderStep func(s *Server, g *gateway, out *ordered)

// newRenderer puts the steps together that the quirks ask for. Their order
// matters: null must have its final form before OmitUnset looks for it.
func newRenderer(quirks quirkSet) []renderStep {
	steps := []renderStep{renderStored, renderReadOnly}
	if quirks[EchoNull] {
		steps = append(steps, renderNulls(func(f field) bool { return !echoesNull(f) }))
	} else {
		steps = append(steps, renderNulls(func(field) bool { return true }))
	}
	if quirks[OmitUnset] {
		steps = append(steps, omitUnset)
	}
	if quirks[SecretsMasked] {
		steps = append(steps, maskSecrets)
	}
	if quirks[SecretsOmitted] {
		steps = append(steps, omitSecrets)
	}
	if quirks[ExtraFields] {
		steps = append(steps, addExtraFields)
	}
	return steps
}

// render returns a gateway as answers show it. Call it with the lock held; the
// result shares nothing with the gateway.
func (s *Server) render(g *gateway) *ordered {
	out := &ordered{}
	for _, step := range s.renderer {
		step(s, g, out)
	}
	return out
}

// renderStored copies every field of the table.
func renderStored(s *Server, g *gateway, out *ordered) {
	for _, f := range s.fields {
		out.set(f.name, deepCopy(g.values[f.name]))
	}
}

// renderReadOnly adds what no body can set (documented).
func renderReadOnly(_ *Server, g *gateway, out *ordered) {
	out.set("is_default", g.values["id"] == defaultGatewayID)
	out.set("created_at", formatTime(g.created))
	out.set("modified_at", formatTime(g.modified))
}

// renderNulls gives stored nulls the value that they read back as.
func renderNulls(applies func(field) bool) renderStep {
	return func(s *Server, _ *gateway, out *ordered) {
		for _, f := range s.fields {
			if f.nullAs != nil && out.values[f.name] == nil && applies(f) {
				out.set(f.name, f.nullAs)
			}
		}
	}
}

// echoesNull reports whether EchoNull concerns a field: the numbers and texts,
// since answers never have a null boolean (documented).
func echoesNull(f field) bool {
	_, isBool := f.nullAs.(bool)
	return f.nullAs != nil && !isBool
}

// omitUnset leaves out what is null, except the fields that every answer has
// (documented): those that a create requires.
func omitUnset(s *Server, _ *gateway, out *ordered) {
	for _, f := range s.fields {
		if f.create != required && out.values[f.name] == nil {
			out.remove(f.name)
		}
	}
}

// secretMask is what a masked secret reads as.
const secretMask = "********"

func maskSecrets(_ *Server, _ *gateway, out *ordered) {
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

func omitSecrets(_ *Server, _ *gateway, out *ordered) {
	eachSecretHolder(out, func(holder map[string]any) {
		delete(holder, "authorization")
		delete(holder, "headers")
	})
}

// eachSecretHolder visits the objects that have secrets in the members
// authorization and headers: every exporter in otel, and stripe.
func eachSecretHolder(out *ordered, visit func(map[string]any)) {
	exporters, _ := out.values["otel"].([]any)
	for _, holder := range append(slices.Clone(exporters), out.values["stripe"]) {
		if holder, ok := holder.(map[string]any); ok {
			visit(holder)
		}
	}
}

// addExtraFields adds fields of older live answers, and one that no client can
// know.
func addExtraFields(_ *Server, g *gateway, out *ordered) {
	out.set("account_id", g.account)
	out.set("account_tag", g.account)
	out.set("internal_id", g.internalID)
	out.set("wholesale", true)
	out.set("emulator_extra", unknownObject())
}

// unknownObject is what no client can know.
func unknownObject() map[string]any {
	return map[string]any{
		"nested": map[string]any{"list": []any{1.0, "two", nil}, "flag": true},
	}
}
