package routes

import (
	"context"
	"encoding/json"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A new version replaces the graph. So it sends back what the elements of the graph
// in force have and this version of the provider does not know.

// Shown is the graph in force as the service shows it. The zero value is one of
// which nothing is known.
type Shown struct{ elements []any }

// Show reads the graph in force of a dynamic route, for [CreateVersion].
func Show(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (Shown, error) {
	read, _, err := readOnce(ctx, c, accountID, gatewayID, id)
	if err != nil {
		return Shown{}, err
	}
	version := wire.Value(read.Version)
	for _, form := range []json.RawMessage{version.Data, version.Elements, read.Elements} {
		if text := wire.As[string](form); text != nil {
			form = json.RawMessage(*text)
		}
		plain, err := wire.Plain(form)
		if elements, ok := plain.([]any); err == nil && ok {
			return Shown{elements}, nil
		}
	}
	return Shown{}, nil
}

var bodyShape = wire.Shape{
	Knows: func(member string) bool { return member == fieldElements },
	Members: map[string]wire.Shape{fieldElements: {Key: "id", Each: &wire.Shape{
		Knows:   wire.KnownTo[elementResponse](),
		Members: map[string]wire.Shape{"properties": {Knows: knowsProperty}},
	}}},
}

const fieldElements = "elements"

// knowsProperty reports whether some type of element has a property.
func knowsProperty(name string) bool {
	for _, knows := range []func(string) bool{wire.KnownTo[conditionalResponse](), wire.KnownTo[rateResponse](), wire.KnownTo[modelResponse]()} {
		if knows(name) {
			return true
		}
	}
	return false
}

// carry returns the body of a new version with what is carried over. Without
// anything of the kind, it is the elements as they are.
func (s Shown) carry(elements []elementBody, carrier *wire.Carrier) (wire.Body, error) {
	body := wire.Body{fieldElements: elements}
	plain, err := wire.Plain(body)
	if err != nil {
		return nil, err
	}
	sent, _ := plain.(map[string]any)
	carrier.Carry(sent, map[string]any{fieldElements: s.ofTypes(elements)}, bodyShape, "")
	if len(carrier.Carried) == 0 {
		return body, nil
	}
	return sent, nil
}

// ofTypes returns the elements that are of the same type as those that are sent:
// another type gives a property another meaning.
func (s Shown) ofTypes(sent []elementBody) []any {
	types := map[string]string{}
	for _, element := range sent {
		types[element.ID] = element.Type
	}
	var same []any
	for _, element := range s.elements {
		fields, _ := element.(map[string]any)
		id, _ := fields["id"].(string)
		kind, _ := fields["type"].(string)
		if kind == typeRateLimit {
			kind = typeRate
		}
		if types[id] == kind {
			same = append(same, element)
		}
	}
	return same
}
