package gateways

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// PUT replaces a gateway. So an update sends back what the gateway has and this
// version does not know: otherwise a change of the cache would switch off a
// guardrail that is newer than the provider.

// A shownGateway is a gateway with its form in the response.
type shownGateway struct {
	*Gateway
	object wire.Object
}

func shownDecoder(c *client.Client) client.Decoder[wire.Object, shownGateway] {
	plain := decoder(c)
	return client.Decoder[wire.Object, shownGateway]{
		Noun: plain.Noun, Nameless: plain.Nameless, Identify: plain.Identify,
		Convert: func(object wire.Object) (shownGateway, error) {
			gateway, err := plain.Convert(object)
			return shownGateway{gateway, object}, err
		},
	}
}

// shape is that of a gateway in the cloudflare format.
var shape = wire.Shape{
	Knows:   isKnown,
	Members: featureShapes,
}

var featureShapes = map[string]wire.Shape{
	"guardrails": {Knows: wire.KnownTo[guardrailsWire]()}, // of the categories, every code is known
	"dlp":        {Knows: wire.KnownTo[dlpResponse](), Members: map[string]wire.Shape{"policies": listBy[dlpPolicyWire]("id", nil)}},
	"otel":       listBy[otelWire]("url", nil),
	"spend_limits": {Knows: wire.KnownTo[spendLimitsWire](), Members: map[string]wire.Shape{
		"rules": listBy[spendRuleWire]("id", map[string]wire.Shape{
			"metadata": {Each: &filterShape}, "model": filterShape, "provider": filterShape,
		}),
	}},
	"stripe": {Knows: wire.KnownTo[stripeWire](), Members: map[string]wire.Shape{
		"usage_events": listBy[stripeEventWire]("payload", nil),
	}},
}

var filterShape = wire.Shape{Knows: wire.KnownTo[spendFilterWire]()}

func listBy[T any](key string, members map[string]wire.Shape) wire.Shape {
	return wire.Shape{Key: key, Each: &wire.Shape{Knows: wire.KnownTo[T](), Members: members}}
}

// isKnown reports whether a field of a gateway is a setting of this version.
func isKnown(field string) bool {
	switch field {
	case fieldCacheTTL, fieldRateLimit, fieldRateInterval:
		return true
	}
	_, isFeature := featureShapes[field]
	return isFeature || slices.ContainsFunc(scalars, func(row scalar) bool { return row.name == field })
}

// An update describes a PUT in the cloudflare format.
type update struct {
	client        *client.Client
	accountID, id string
	settings, was Settings
	shown         shownGateway // what the service has
	carried       client.Carried
}

// send sends the update, if necessary again without what the service refuses to
// take back.
func (u *update) send(ctx context.Context) (*Gateway, error) {
	var gateway *Gateway
	var kept []string // categories of guardrails that appeared
	refused, err := client.Carry(func(without []string) ([]string, error) {
		carrier := &wire.Carrier{Without: without}
		settings := u.settings.filled(u.shown.Settings)
		settings.Guardrails = u.guardrails(carrier)
		kept = slices.Clone(carrier.Carried)
		body, err := u.body(settings, carrier)
		if err != nil {
			return nil, err
		}
		u.carried.Masked = carrier.Masked
		gateway, err = put(ctx, u.client, u.accountID, u.id, body, slices.Concat(u.settings.Secrets(), u.was.Secrets(), u.shown.Secrets()))
		return carrier.Carried, err
	})
	if err != nil {
		return nil, err
	}
	u.carried.Appeared, u.carried.Refused = kept, refused
	gateway.Carried = u.carried
	gateway.Guardrails = u.withoutAppeared(gateway.Guardrails)
	return gateway, nil
}

// guardrails returns those to send: those of the settings, and categories that the
// service has and that were not known to be there when the settings were decided.
func (u *update) guardrails(carrier *wire.Carrier) *Guardrails {
	all := Guardrails{Prompt: map[string]string{}, Response: map[string]string{}}
	if wanted := u.settings.Guardrails; wanted != nil {
		maps.Copy(all.Prompt, wanted.Prompt)
		maps.Copy(all.Response, wanted.Response)
	}
	for _, of := range u.categories() {
		to := all.categories(of.part)
		for _, code := range of.appeared {
			if action := of.shown[code]; carrier.Takes(action, "guardrails."+of.part+"."+code) {
				to[code] = action
			}
		}
	}
	if all.off() {
		return u.settings.Guardrails
	}
	return &all
}

// categories are those of prompts or responses.
type categories struct {
	part     string
	shown    map[string]string
	appeared []string // codes
}

func (u *update) categories() []categories {
	var all []categories
	for _, part := range []string{"prompt", "response"} {
		of := categories{part: part, shown: u.shown.Guardrails.categories(part)}
		for _, code := range slices.Sorted(maps.Keys(of.shown)) {
			if !has(u.settings.Guardrails.categories(part), code) && !has(u.was.Guardrails.categories(part), code) {
				of.appeared = append(of.appeared, code)
			}
		}
		all = append(all, of)
	}
	return all
}

// categories returns the categories of prompts or responses.
func (g *Guardrails) categories(part string) map[string]string {
	switch {
	case g == nil:
		return nil
	case part == "prompt":
		return g.Prompt
	default:
		return g.Response
	}
}

// withoutAppeared returns what the service stored without the categories that
// appeared: the settings do not have them, and the next read shows them.
func (u *update) withoutAppeared(stored *Guardrails) *Guardrails {
	if stored == nil {
		return nil
	}
	rest := Guardrails{Prompt: maps.Clone(stored.Prompt), Response: maps.Clone(stored.Response)}
	for _, of := range u.categories() {
		for _, code := range of.appeared {
			delete(rest.categories(of.part), code)
		}
	}
	if rest.off() {
		return nil
	}
	return &rest
}

// body returns the request body with everything that is carried over. Without
// anything of the kind, it is what the format encodes.
func (u *update) body(settings Settings, carrier *wire.Carrier) (any, error) {
	body := cloudflare{}.encodeUpdate("", settings, u.was)
	plain, err := wire.Plain(body)
	if err != nil {
		return nil, err
	}
	shown, err := wire.Plain(u.shown.object)
	if err != nil {
		return nil, err
	}
	sent, _ := plain.(map[string]any)
	from, _ := shown.(map[string]any)
	if sent == nil || from == nil {
		return nil, errors.New("the gateway is not an object")
	}
	for name, feature := range u.features() {
		switch {
		case feature.was && !feature.is:
			delete(from, name) // the settings remove it, with what is in it
		case !feature.is && !feature.shown && sent[name] == nil:
			fillUnknown(sent, from, name)
		}
	}
	before := len(carrier.Carried)
	carrier.Carry(sent, from, shape, "")
	if len(carrier.Carried) == before {
		return body, nil
	}
	return sent, nil
}

// fillUnknown gives a feature that is off and has unknown fields the form that the
// response has, so that these can be carried.
func fillUnknown(sent, from map[string]any, name string) {
	known, err := wire.Plain(from[name])
	members, ok := known.(map[string]any)
	if err != nil || !ok {
		return
	}
	unknown := false
	for member, value := range members {
		if !featureShapes[name].Knows(member) {
			unknown = unknown || value != nil
			delete(members, member)
		}
	}
	if unknown {
		sent[name] = members
	}
}

// A featureChange says whether a feature was on, is to be on, and is on in the
// service.
type featureChange struct{ was, is, shown bool }

func (u *update) features() map[string]featureChange {
	changes := map[string]featureChange{}
	was, is, shown := u.was.features(), u.settings.features(), u.shown.features()
	for name := range featureShapes {
		changes[name] = featureChange{was[name], is[name], shown[name]}
	}
	return changes
}

// features tells which features are on.
func (s Settings) features() map[string]bool {
	return map[string]bool{
		"guardrails": !s.Guardrails.off(), "dlp": !s.DLP.off(), "otel": len(s.OTel) > 0,
		"spend_limits": !s.SpendLimits.off(), "stripe": s.Stripe != nil,
	}
}

// put sends an update and decodes the response.
func put(ctx context.Context, c *client.Client, accountID, id string, body any, secrets []string) (*Gateway, error) {
	call := client.Call1(c.AIGateway().Update, id, ai_gateway.AIGatewayUpdateParams{AccountID: client.InAccount(accountID).AccountID})
	request := client.Request{Operation: updating, Body: body, Secrets: secrets}
	return client.Change(ctx, c, request, call, decoder(c), identity(accountID, id), func(ctx context.Context) (*Gateway, error) {
		return get(ctx, c, accountID, id, secrets...)
	})
}

const updating = "update gateway"

// readForUpdate reads the gateway that an update is to replace.
func readForUpdate(ctx context.Context, c *client.Client, accountID, id string, secrets []string) (shownGateway, error) {
	call := client.Call1(c.AIGateway().Get, id, client.InAccount(accountID))
	request := client.Request{Operation: updating, Secrets: secrets}
	shown, _, err := client.Get(ctx, c, request, call, shownDecoder(c), identity(accountID, id))
	var failed *client.Error
	if errors.As(err, &failed) && failed.Attempts > 0 {
		err = failed.WithKind(failed.Kind(), "an update reads the gateway first, and this failed, so nothing was changed")
	}
	return shown, err
}
