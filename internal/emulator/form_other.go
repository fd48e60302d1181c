package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"
)

// noStream is for forms that do not stream.
type noStream struct{}

func (noStream) stream(question, *completion) (contentType string, pieces [][]byte) { return "", nil }

// embedding is what a request for embeddings asks for.
type embedding struct {
	inputs     []string
	dimensions int
	base64     bool
}

// defaultDimensions is how long vectors are unless the request says otherwise;
// maxDimensions is the longest that OpenAI has.
const (
	defaultDimensions = 8
	maxDimensions     = 3072
)

// openAIEmbeddings is OpenAI's API of embeddings. A text always has the same
// vector, of length 1.
type openAIEmbeddings struct{ noStream }

func (openAIEmbeddings) kind() string { return "embeddings" }

func (openAIEmbeddings) read(body []byte) (question, string) {
	var in struct {
		Model      string          `json:"model"`
		Input      json.RawMessage `json:"input"`
		Format     string          `json:"encoding_format"`
		Dimensions int             `json:"dimensions"`
	}
	if json.Unmarshal(body, &in) != nil {
		return question{}, "We could not parse the JSON body of your request."
	}
	e := &embedding{dimensions: in.Dimensions, base64: in.Format == "base64"}
	if e.dimensions <= 0 {
		e.dimensions = defaultDimensions
	}
	e.dimensions = min(e.dimensions, maxDimensions)
	q := question{model: in.Model, embed: e}
	var one string
	if json.Unmarshal(in.Input, &one) == nil {
		e.inputs = []string{one}
	} else if many := []json.RawMessage(nil); json.Unmarshal(in.Input, &many) == nil {
		for _, raw := range many { // texts, or lists of tokens
			if json.Unmarshal(raw, &one) != nil {
				one = string(raw)
			}
			e.inputs = append(e.inputs, one)
		}
	}
	if len(e.inputs) == 0 || in.Input == nil {
		return q, "Missing required parameter: 'input'."
	}
	q.input = strings.Join(e.inputs, "\n")
	q.prompt = q.input
	return q, ""
}

func (openAIEmbeddings) write(q question, c *completion) any {
	data := []any{}
	for i, input := range q.embed.inputs {
		var vector any = vectorOf(input, q.embed.dimensions)
		if q.embed.base64 {
			vector = packed(vectorOf(input, q.embed.dimensions))
		}
		data = append(data, map[string]any{"object": "embedding", "index": i, "embedding": vector})
	}
	if c.empty {
		data = []any{}
	}
	return map[string]any{
		"object": "list", "data": data, "model": q.model,
		"usage": map[string]any{"prompt_tokens": c.tokensIn, "total_tokens": c.tokensIn},
	}
}

func (openAIEmbeddings) fail(f failure) any { return openAIError(f) }

// vectorOf makes a vector of length 1 from a text.
func vectorOf(text string, dimensions int) []float32 {
	out := make([]float32, dimensions)
	sum := 0.0
	hash := sha256.Sum256([]byte(text))
	for i := range out {
		if i%8 == 0 && i > 0 {
			hash = sha256.Sum256(hash[:])
		}
		n := binary.BigEndian.Uint32(hash[i%8*4:])
		v := float64(n)/math.MaxUint32*2 - 1
		out[i] = float32(v)
		sum += v * v
	}
	if sum == 0 {
		return out
	}
	for i := range out {
		out[i] /= float32(math.Sqrt(sum))
	}
	return out
}

// packed is a vector as OpenAI sends it in base64: little-endian floats.
func packed(vector []float32) string {
	raw := make([]byte, 0, 4*len(vector))
	for _, v := range vector {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// openAIModels is OpenAI's list of models.
type openAIModels struct {
	noStream
	// owner is the provider that is asked.
	owner string
}

func (openAIModels) kind() string { return "" }

func (openAIModels) read([]byte) (question, string) { return question{}, "" }

func (f openAIModels) write(_ question, c *completion) any {
	model := func(name string) any {
		return map[string]any{"id": name, "object": "model", "created": c.created, "owned_by": f.owner}
	}
	return map[string]any{"object": "list", "data": []any{model("emulator/echo"), model("emulator/slow")}}
}

func (openAIModels) fail(f failure) any { return openAIError(f) }

// plain is for the paths of providers that the emulator does not know. Their
// answer says what was asked, and is always the same.
type plain struct {
	noStream
	provider, method, path string
}

func (plain) kind() string { return "" }

func (plain) read(body []byte) (question, string) {
	var in struct {
		Model string `json:"model"`
	}
	_ = json.Unmarshal(body, &in) // not every body is JSON, or has a model
	return question{model: in.Model, input: string(body), prompt: string(body)}, ""
}

func (f plain) write(q question, _ *completion) any {
	return map[string]any{
		"object": "emulator.answer", "provider": f.provider, "method": f.method, "path": f.path, "model": q.model,
		"text": "The emulator does not know this path and answers all the same.",
	}
}

func (plain) fail(f failure) any { return openAIError(f) }
