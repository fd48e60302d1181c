package providerapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"
)

// noStream is embedded by APIs that do not stream.
type noStream struct{}

func (noStream) Stream(Request, *Completion) (contentType string, chunks [][]byte) { return "", nil }

// Embeddings is the part of a request that only requests for embeddings have.
type Embeddings struct {
	inputs     []string
	dimensions int
	base64     bool
}

// defaultDimensions is the default length of vectors, maxDimensions the longest
// that OpenAI offers.
const (
	defaultDimensions = 8
	maxDimensions     = 3072
)

// openAIEmbeddings is OpenAI's API for embeddings. A text always has the same
// vector, of norm 1.
type openAIEmbeddings struct{ noStream }

func (openAIEmbeddings) Kind() string { return "embeddings" }

func (openAIEmbeddings) Parse(body []byte) (Request, string) {
	var in struct {
		Model      string          `json:"model"`
		Input      json.RawMessage `json:"input"`
		Format     string          `json:"encoding_format"`
		Dimensions int             `json:"dimensions"`
	}
	if json.Unmarshal(body, &in) != nil {
		return Request{}, "We could not parse the JSON body of your request."
	}
	e := &Embeddings{dimensions: in.Dimensions, base64: in.Format == "base64"}
	if e.dimensions <= 0 {
		e.dimensions = defaultDimensions
	}
	e.dimensions = min(e.dimensions, maxDimensions)
	q := Request{Model: in.Model, Embeddings: e}
	var one string
	if json.Unmarshal(in.Input, &one) == nil {
		e.inputs = []string{one}
	} else if many := []json.RawMessage(nil); json.Unmarshal(in.Input, &many) == nil {
		for _, raw := range many { // strings, or lists of tokens
			if json.Unmarshal(raw, &one) != nil {
				one = string(raw)
			}
			e.inputs = append(e.inputs, one)
		}
	}
	if len(e.inputs) == 0 || in.Input == nil {
		return q, "Missing required parameter: 'input'."
	}
	q.Input = strings.Join(e.inputs, "\n")
	q.Prompt = q.Input
	return q, ""
}

func (openAIEmbeddings) Render(q Request, c *Completion) any {
	data := []any{}
	for i, input := range q.Embeddings.inputs {
		var vector any = vectorOf(input, q.Embeddings.dimensions)
		if q.Embeddings.base64 {
			vector = packed(vectorOf(input, q.Embeddings.dimensions))
		}
		data = append(data, map[string]any{"object": "embedding", "index": i, "embedding": vector})
	}
	if c.Empty {
		data = []any{}
	}
	return map[string]any{
		"object": "list", "data": data, "model": q.Model,
		"usage": map[string]any{"prompt_tokens": c.TokensIn, "total_tokens": c.TokensIn},
	}
}

func (openAIEmbeddings) RenderError(e Error) any { return openAIError(e) }

// vectorOf returns a vector of norm 1 for a text.
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

// packed encodes a vector as OpenAI does in base64: little-endian floats.
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
	// owner is the provider.
	owner string
}

func (openAIModels) Kind() string { return "" }

func (openAIModels) Parse([]byte) (Request, string) { return Request{}, "" }

func (f openAIModels) Render(_ Request, c *Completion) any {
	model := func(name string) any {
		return map[string]any{"id": name, "object": "model", "created": c.Created, "owned_by": f.owner}
	}
	return map[string]any{"object": "list", "data": []any{model("emulator/echo"), model("emulator/slow")}}
}

func (openAIModels) RenderError(e Error) any { return openAIError(e) }

// plain serves paths that the emulator does not know. The response repeats the
// request.
type plain struct {
	noStream
	provider, method, path string
}

func (plain) Kind() string { return "" }

func (plain) Parse(body []byte) (Request, string) {
	var in struct {
		Model string `json:"model"`
	}
	_ = json.Unmarshal(body, &in) // not every body is JSON or has a model
	return Request{Model: in.Model, Input: string(body), Prompt: string(body)}, ""
}

func (f plain) Render(q Request, _ *Completion) any {
	return map[string]any{
		"object": "emulator.answer", "provider": f.provider, "method": f.method, "path": f.path, "model": q.Model,
		"text": "The emulator does not know this path and answers all the same.",
	}
}

func (plain) RenderError(e Error) any { return openAIError(e) }
