package routes

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// elementResponse is an element in a response.
type elementResponse struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Outputs    json.RawMessage `json:"outputs"`
	Properties json.RawMessage `json:"properties"`
}

type conditionalResponse struct {
	Conditions json.RawMessage `json:"conditions"`
	Condition  json.RawMessage `json:"condition"` // in the documentation
}

type rateResponse struct {
	Key       string       `json:"key"`
	Limit     *looseNumber `json:"limit"`
	LimitType string       `json:"limitType"`
	Spelling  string       `json:"limit_type"` // said to be in some responses, for limitType
	Window    *looseNumber `json:"window"`
	Interval  *looseNumber `json:"interval"` // in the documentation, for window
}

type modelResponse struct {
	Provider string       `json:"provider"`
	Model    string       `json:"model"`
	Timeout  *looseNumber `json:"timeout"`
	Retries  *looseNumber `json:"retries"`
}

// looseNumber is a number, also written as a string.
type looseNumber wire.Number

func (n *looseNumber) UnmarshalJSON(data []byte) error {
	digits := data
	var text string
	if json.Unmarshal(data, &text) == nil {
		digits = []byte(text)
	}
	if !json.Valid(digits) {
		return fmt.Errorf("%s is not a number", wire.Brief(data))
	}
	return (*wire.Number)(n).UnmarshalJSON(digits)
}

func floatOf(n *looseNumber) float64 { return float64(wire.Value(n)) }

// firstGraph decodes the first of several forms of a graph that it can decode. It
// returns nil if there is none.
func firstGraph(forms ...json.RawMessage) (*Graph, error) {
	var first error
	for _, form := range forms {
		graph, err := decodeGraph(form)
		if graph != nil {
			return graph, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}

// decodeGraph decodes a list of elements, or a string that contains one. It
// returns nil if there is none: an empty list is not a graph, since that has a
// start.
func decodeGraph(raw json.RawMessage) (*Graph, error) {
	var text string
	if len(raw) > 0 && json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	if raw = bytes.TrimSpace(raw); wire.IsNull(raw) {
		return nil, nil
	}
	var elements []elementResponse
	if err := json.Unmarshal(raw, &elements); err != nil {
		return nil, errors.New("the graph is not a list of elements")
	}
	if len(elements) == 0 {
		return nil, nil
	}
	names, err := nameElements(elements)
	if err != nil {
		return nil, err
	}
	graph := &Graph{Entry: names.entry, Elements: map[string]Element{}}
	for _, element := range elements {
		if element.Type == typeStart || element.Type == typeEnd {
			continue
		}
		decoded, err := element.decode(names)
		if err != nil {
			return nil, fmt.Errorf("element %q: %w", element.ID, err)
		}
		graph.Elements[names.of[element.ID]] = decoded
	}
	return graph, nil
}

// elementNames are what a [Graph] calls what the wire has under an id.
type elementNames struct {
	of    map[string]string // without the start
	start string
	entry string
}

// nameElements finds start and ends, whatever their ids. An element that has
// the id of an end or a start in every [Graph] gets another, so that it is not
// taken for one.
func nameElements(elements []elementResponse) (elementNames, error) {
	names := elementNames{of: map[string]string{}}
	var start *elementResponse
	for i, element := range elements {
		_, twice := names.of[element.ID]
		switch {
		case element.ID == "":
			return names, errors.New("the graph has an element without an id")
		case twice || start != nil && element.ID == start.ID:
			return names, fmt.Errorf("the graph has two elements with the id %q", element.ID)
		case element.Type == typeStart && start != nil:
			return names, errors.New("the graph has two starts")
		case element.Type == typeStart:
			start = &elements[i]
		case element.Type == typeEnd:
			names.of[element.ID] = End
		default:
			names.of[element.ID] = element.ID
		}
	}
	if start == nil {
		return names, errors.New("the graph has no start")
	}
	for _, id := range []string{wireStart, wireEnd} {
		if names.of[id] == id && !isEnd(elements, id) {
			names.of[id] = names.free(id, start.ID)
		}
	}
	outputs, err := start.outputs()
	if err != nil {
		return names, fmt.Errorf("element %q: %w", start.ID, err)
	}
	// A way back to the start leads where the start does, or nowhere.
	names.start, names.entry = start.ID, End
	names.entry = names.target(outputs["next"])
	return names, nil
}

// isEnd reports whether the element with this id is an end.
func isEnd(elements []elementResponse, id string) bool {
	for _, element := range elements {
		if element.ID == id {
			return element.Type == typeEnd
		}
	}
	return false
}

// free returns an id like the one given that no element has.
func (n elementNames) free(id, start string) string {
	for i := 2; ; i++ {
		candidate := id + "-" + strconv.Itoa(i)
		if _, taken := n.of[candidate]; !taken && candidate != start {
			return candidate
		}
	}
}

// target returns the name that a [Graph] has for the target of an output. A
// missing target ends the graph, by the documentation.
func (n elementNames) target(id string) string {
	name, known := n.of[id]
	switch {
	case known:
		return name
	case id == "":
		return End
	case id == n.start:
		return n.entry
	default:
		return id
	}
}

// outputs returns the targets of an element's outputs.
func (e elementResponse) outputs() (map[string]string, error) {
	var raws map[string]json.RawMessage
	if len(e.Outputs) > 0 && json.Unmarshal(e.Outputs, &raws) != nil {
		return nil, errors.New("its outputs are not an object")
	}
	outputs := make(map[string]string, len(raws))
	for output, raw := range raws {
		var target struct {
			ElementID string `json:"elementId"`
		}
		var id string
		switch {
		case json.Unmarshal(raw, &target) == nil:
			outputs[output] = target.ElementID
		case json.Unmarshal(raw, &id) == nil:
			outputs[output] = id
		default:
			return nil, fmt.Errorf("its output %q does not name an element", output)
		}
	}
	return outputs, nil
}

func (e elementResponse) decode(names elementNames) (Element, error) {
	outputs, err := e.outputs()
	if err != nil {
		return Element{}, err
	}
	for output, id := range outputs {
		outputs[output] = names.target(id)
	}
	// A missing output ends the graph too.
	to := func(output string) string { return cmp.Or(outputs[output], End) }
	switch e.Type {
	case typeConditional:
		conditions, err := e.conditions()
		return Element{Conditional: &Conditional{conditions, to("true"), to("false")}}, err
	case typePercentage:
		return Element{Percentage: &Percentage{outputs}}, nil
	case typeRate, typeRateLimit:
		properties, err := propertiesOf[rateResponse](e)
		window := properties.Window
		if window == nil {
			window = properties.Interval
		}
		return Element{Rate: &Rate{
			Key: properties.Key, Limit: floatOf(properties.Limit), LimitType: cmp.Or(properties.LimitType, properties.Spelling), Window: floatOf(window),
			OnSuccess: to("success"), OnFallback: to("fallback"),
		}}, err
	case typeModel:
		properties, err := propertiesOf[modelResponse](e)
		return Element{Model: &ModelCall{
			Provider: properties.Provider, Model: properties.Model, Timeout: floatOf(properties.Timeout), Retries: floatOf(properties.Retries),
			OnSuccess: to("success"), OnFallback: to("fallback"),
		}}, err
	default:
		return Element{Other: &OtherElement{e.Type, outputs}}, nil
	}
}

// propertiesOf decodes an element's properties as those of its type.
func propertiesOf[T any](e elementResponse) (T, error) {
	if len(e.Properties) == 0 {
		var none T
		return none, nil
	}
	return wire.Decode[T](e.Properties, e.Type+" element's properties")
}

// conditions returns the text of an object, without white space.
func (e elementResponse) conditions() (string, error) {
	properties, err := propertiesOf[conditionalResponse](e)
	if err != nil {
		return "", err
	}
	for _, raw := range []json.RawMessage{properties.Conditions, properties.Condition} {
		switch {
		case wire.IsNull(raw):
		case wire.IsObject(raw):
			var compact bytes.Buffer
			err := json.Compact(&compact, raw)
			return compact.String(), err
		default:
			return "", errors.New("conditions is not an object")
		}
	}
	return noConditions, nil
}
