package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// logAnswer is what the service says of a log. All but the id may be missing;
// fields that are not here are left alone.
type logAnswer struct {
	ID                  string       `json:"id"`
	CreatedAt           *timestamp   `json:"created_at"`
	Provider            *string      `json:"provider"`
	Model               *string      `json:"model"`
	ModelType           *string      `json:"model_type"`
	Path                *string      `json:"path"`
	RequestType         *string      `json:"request_type"`
	RequestContentType  *string      `json:"request_content_type"`
	ResponseContentType *string      `json:"response_content_type"`
	Success             *boolean     `json:"success"`
	Cached              *boolean     `json:"cached"`
	StatusCode          *integer     `json:"status_code"`
	Duration            *number      `json:"duration"`
	TokensIn            *integer     `json:"tokens_in"`
	TokensOut           *integer     `json:"tokens_out"`
	Cost                *number      `json:"cost"`
	CustomCost          *boolean     `json:"custom_cost"`
	Step                *integer     `json:"step"`
	Metadata            *logMetadata `json:"metadata"`

	// The rest is only in the answer about one log.
	RequestHead          *logHead `json:"request_head"`
	ResponseHead         *logHead `json:"response_head"`
	RequestHeadComplete  *boolean `json:"request_head_complete"`
	ResponseHeadComplete *boolean `json:"response_head_complete"`
	RequestSize          *integer `json:"request_size"`
	ResponseSize         *integer `json:"response_size"`
}

// number is a number that need not be whole.
type number float64

func (n *number) UnmarshalJSON(data []byte) error {
	f, err := strconv.ParseFloat(string(data), 64)
	if err != nil {
		return fmt.Errorf("%s is not a number", brief(data))
	}
	*n = number(f)
	return nil
}

// logMetadata is a log's metadata: documented as a text that holds JSON,
// observed as an object.
type logMetadata struct {
	text  string
	pairs map[string]string
}

func (m *logMetadata) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		data = []byte(text)
	}
	m.text = string(data)
	normal, err := redactJSON(data, func(text string) string { return text })
	if err != nil {
		return nil //nolint:nilerr // a text that holds no JSON is kept as it is
	}
	m.text = string(normal)
	m.pairs = map[string]string{}
	for key, value := range object(normal) {
		m.pairs[key] = string(value)
		if text := as[string](value); text != nil {
			m.pairs[key] = *text
		}
	}
	return nil
}

// logHead is the beginning of a body: a text, or JSON that was not written as
// one.
type logHead string

func (h *logHead) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*h = logHead(text)
	return nil
}

func (a logAnswer) log(clean func(string) string) Log {
	log := Log{
		ID:                  a.ID,
		CreatedAt:           timeOf(a.CreatedAt),
		Provider:            present(a.Provider),
		Model:               present(a.Model),
		ModelType:           present(a.ModelType),
		Path:                present(a.Path),
		RequestType:         present(a.RequestType),
		RequestContentType:  present(a.RequestContentType),
		ResponseContentType: present(a.ResponseContentType),
		Success:             boolOf(a.Success),
		Cached:              boolOf(a.Cached),
		StatusCode:          int64Of(a.StatusCode),
		TokensIn:            int64Of(a.TokensIn),
		TokensOut:           int64Of(a.TokensOut),
		Cost:                (*float64)(a.Cost),
		CustomCost:          boolOf(a.CustomCost),
		Step:                int64Of(a.Step),
	}
	if a.Duration != nil {
		log.Duration = ptr(int64(math.Round(float64(*a.Duration))))
	}
	if a.Metadata != nil && a.Metadata.text != "" {
		log.Metadata, log.pairs = ptr(clean(a.Metadata.text)), a.Metadata.pairs
	}
	return log
}

func (a logAnswer) detail(clean func(string) string) *LogDetail {
	head := func(h *logHead) *string {
		if h == nil {
			return nil
		}
		return ptr(clean(string(*h)))
	}
	return &LogDetail{
		Log:                  a.log(clean),
		RequestHead:          head(a.RequestHead),
		ResponseHead:         head(a.ResponseHead),
		RequestHeadComplete:  boolOf(a.RequestHeadComplete),
		ResponseHeadComplete: boolOf(a.ResponseHeadComplete),
		RequestSize:          int64Of(a.RequestSize),
		ResponseSize:         int64Of(a.ResponseSize),
	}
}

// present is text, or nil for "", which is how the service writes unset texts
// at times.
func present(text *string) *string {
	if value(text) == "" {
		return nil
	}
	return text
}

func decodeLog(op string, ex *exchange) (*LogDetail, error) {
	var raw json.RawMessage
	if _, err := decodeResult(op, ex, &raw); err != nil {
		return nil, err
	}
	answer, err := logOf(op, ex, raw)
	if err != nil {
		return nil, err
	}
	return answer.detail(ex.cleanText), nil
}

func decodeLogs(op string, ex *exchange) ([]*Log, resultInfo, error) {
	var raws []json.RawMessage
	info, err := decodeResult(op, ex, &raws)
	if err != nil {
		return nil, resultInfo{}, err
	}
	logs := make([]*Log, 0, len(raws))
	for _, raw := range raws {
		answer, err := logOf(op, ex, raw)
		if err != nil {
			return nil, resultInfo{}, err
		}
		logs = append(logs, ptr(answer.log(ex.cleanText)))
	}
	return logs, info, nil
}

func logOf(op string, ex *exchange, raw json.RawMessage) (logAnswer, error) {
	var answer logAnswer
	if err := json.Unmarshal(raw, &answer); err != nil {
		return logAnswer{}, unexpected(op, ex, faultyField[logAnswer](raw, "log", err))
	}
	if answer.ID == "" {
		return logAnswer{}, unexpected(op, ex, errors.New("the answer describes a log without an id"))
	}
	if d := answer.Duration; d != nil && math.Abs(float64(*d)) >= 1<<53 {
		return logAnswer{}, unexpected(op, ex, errors.New("duration is too large"))
	}
	return answer, nil
}
