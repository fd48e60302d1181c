package routes

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// This file encodes graphs, and decode.go decodes them. On the wire a graph is a
// list of elements, two of which only mark its start and end. The forms sent are
// those of the API's specification. Where its documentation has others, those
// are accepted as well.

const (
	typeStart       = "start"
	typeConditional = "conditional"
	typePercentage  = "percentage"
	typeRate        = "rate"
	typeRateLimit   = "rate_limit" // in the documentation, for rate
	typeModel       = "model"
	typeEnd         = "end"

	// wireStart and wireEnd are the ids of the implied elements.
	wireStart = "start"
	wireEnd   = End

	// noConditions hold for every request.
	noConditions = "{}"
)

// elementBody is an element in a request.
type elementBody struct {
	ID         string                `json:"id"`
	Type       string                `json:"type"`
	Properties any                   `json:"properties,omitempty"`
	Outputs    map[string]targetBody `json:"outputs"`
}

// targetBody is the target of an output.
type targetBody struct {
	ElementID string `json:"elementId"`
}

type conditionalBody struct {
	Conditions json.RawMessage `json:"conditions"`
}

type rateBody struct {
	Key       string     `json:"key"`
	Limit     plainFloat `json:"limit"`
	LimitType string     `json:"limitType"`
	Window    plainFloat `json:"window"`
}

type modelBody struct {
	Provider string     `json:"provider"`
	Model    string     `json:"model"`
	Timeout  plainFloat `json:"timeout"`
	Retries  plainFloat `json:"retries"`
}

// plainFloat is a number that is encoded without an exponent.
type plainFloat float64

func (f plainFloat) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return nil, errors.New("it has a number that JSON cannot write")
	}
	return strconv.AppendFloat(nil, float64(f)+0, 'f', -1, 64), nil // -0 is 0
}

// encodeGraph returns a graph's list of elements, sorted by their ids between
// start and end. It fails on graphs that the wire cannot express or that the
// service would read in another way.
func encodeGraph(g Graph) ([]elementBody, error) {
	list := []elementBody{{ID: wireStart, Type: typeStart}}
	for _, id := range slices.Sorted(maps.Keys(g.Elements)) {
		element, err := encodeElement(id, g.Elements[id])
		if err != nil {
			return nil, fmt.Errorf("element %q: %w, so no request was sent", id, err)
		}
		list = append(list, element)
	}
	var err error
	if list[0].Outputs, err = targets(Edge{"next", g.Entry}); err != nil {
		return nil, fmt.Errorf("start: %w, so no request was sent", err)
	}
	return append(list, elementBody{ID: wireEnd, Type: typeEnd, Outputs: map[string]targetBody{}}), nil
}

func targets(edges ...Edge) (map[string]targetBody, error) {
	outputs := make(map[string]targetBody, len(edges))
	for _, edge := range edges {
		if edge.To == "" || edge.To == wireStart {
			return nil, fmt.Errorf("its output %q leads to %q, which is no target", edge.Output, edge.To)
		}
		outputs[edge.Output] = targetBody{edge.To}
	}
	return outputs, nil
}

func encodeElement(id string, e Element) (elementBody, error) {
	if id == "" || id == wireStart || id == wireEnd {
		return elementBody{}, errors.New("no element of a graph can have this id")
	}
	outputs, err := targets(e.Edges()...)
	if err != nil {
		return elementBody{}, err
	}
	encoded := elementBody{ID: id, Outputs: outputs}
	switch {
	case e.Conditional != nil:
		conditions := json.RawMessage(cmp.Or(e.Conditional.Conditions, noConditions))
		if !json.Valid(conditions) || !wire.IsObject(conditions) {
			return elementBody{}, errors.New("its conditions are not a JSON object")
		}
		encoded.Type, encoded.Properties = typeConditional, conditionalBody{conditions}
	case e.Percentage != nil:
		encoded.Type = typePercentage
	case e.Rate != nil:
		encoded.Type = typeRate
		encoded.Properties = rateBody{e.Rate.Key, plainFloat(e.Rate.Limit), e.Rate.LimitType, plainFloat(e.Rate.Window)}
	case e.Model != nil:
		encoded.Type = typeModel
		encoded.Properties = modelBody{e.Model.Provider, e.Model.Model, plainFloat(e.Model.Timeout), plainFloat(e.Model.Retries)}
	case e.Other != nil:
		return elementBody{}, fmt.Errorf("elements of the type %q can be read, not written", e.Other.Type)
	default:
		return elementBody{}, errors.New("it has no type")
	}
	if _, err := json.Marshal(encoded); err != nil {
		return elementBody{}, errors.New("it has a number that JSON cannot write")
	}
	return encoded, nil
}
