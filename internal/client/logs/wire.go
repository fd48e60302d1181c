package logs

import (
	"encoding/json"
	"errors"
	"math"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// logResponse is a log in a response. Everything but the id may be missing.
type logResponse struct {
	client.Owner
	ID                  string          `json:"id"`
	CreatedAt           *wire.Timestamp `json:"created_at"`
	Provider            *string         `json:"provider"`
	Model               *string         `json:"model"`
	ModelType           *string         `json:"model_type"`
	Path                *string         `json:"path"`
	RequestType         *string         `json:"request_type"`
	RequestContentType  *string         `json:"request_content_type"`
	ResponseContentType *string         `json:"response_content_type"`
	Success             *wire.Boolean   `json:"success"`
	Cached              *wire.Boolean   `json:"cached"`
	StatusCode          *wire.Integer   `json:"status_code"`
	Duration            *wire.Number    `json:"duration"`
	TokensIn            *wire.Integer   `json:"tokens_in"`
	TokensOut           *wire.Integer   `json:"tokens_out"`
	Cost                *wire.Number    `json:"cost"`
	CustomCost          *wire.Boolean   `json:"custom_cost"`
	Step                *wire.Integer   `json:"step"`
	Metadata            *metadata       `json:"metadata"`

	// The rest is only in the response about one log.
	RequestHead          *head         `json:"request_head"`
	ResponseHead         *head         `json:"response_head"`
	RequestHeadComplete  *wire.Boolean `json:"request_head_complete"`
	ResponseHeadComplete *wire.Boolean `json:"response_head_complete"`
	RequestSize          *wire.Integer `json:"request_size"`
	ResponseSize         *wire.Integer `json:"response_size"`
}

// metadata is a log's metadata: documented as a string that contains JSON,
// observed as an object.
type metadata struct {
	text  string
	pairs map[string]string
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *metadata) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		data = []byte(text)
	}
	m.text = string(data)
	normal, err := wire.Normalize(data, func(text string) string { return text })
	if err != nil {
		return nil //nolint:nilerr // a string that is not JSON is kept as it is
	}
	m.text = string(normal)
	m.pairs = map[string]string{}
	for key, value := range wire.ObjectOf(normal) {
		m.pairs[key] = string(value)
		if text := wire.As[string](value); text != nil {
			m.pairs[key] = *text
		}
	}
	return nil
}

// head is the beginning of a body: a string, or JSON that was not written as one.
type head string

// UnmarshalJSON implements [json.Unmarshaler].
func (h *head) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*h = head(text)
	return nil
}

// check refuses a log that cannot be used.
func (r logResponse) check() error {
	if d := r.Duration; d != nil && math.Abs(float64(*d)) >= 1<<53 {
		return errors.New("duration is too large")
	}
	return nil
}

func (r logResponse) checkedLog() (*Log, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return wire.Ptr(r.log()), nil
}

func (r logResponse) log() Log {
	log := Log{
		ID:                  r.ID,
		CreatedAt:           wire.Time(r.CreatedAt),
		Provider:            wire.NonEmpty(r.Provider),
		Model:               wire.NonEmpty(r.Model),
		ModelType:           wire.NonEmpty(r.ModelType),
		Path:                wire.NonEmpty(r.Path),
		RequestType:         wire.NonEmpty(r.RequestType),
		RequestContentType:  wire.NonEmpty(r.RequestContentType),
		ResponseContentType: wire.NonEmpty(r.ResponseContentType),
		Success:             (*bool)(r.Success),
		Cached:              (*bool)(r.Cached),
		StatusCode:          (*int64)(r.StatusCode),
		TokensIn:            (*int64)(r.TokensIn),
		TokensOut:           (*int64)(r.TokensOut),
		Cost:                (*float64)(r.Cost),
		CustomCost:          (*bool)(r.CustomCost),
		Step:                (*int64)(r.Step),
	}
	if r.Duration != nil {
		log.Duration = wire.Ptr(int64(math.Round(float64(*r.Duration))))
	}
	if r.Metadata != nil && r.Metadata.text != "" {
		log.Metadata, log.pairs = &r.Metadata.text, r.Metadata.pairs
	}
	return log
}

var detailDecoder = client.Decoder[logResponse, *Detail]{Noun: noun, Identify: logResponse.identity, Convert: logResponse.detail}

// identity returns what responses about a log have to describe.
func identity(accountID, id string) client.Identity {
	return client.Identity{AccountID: accountID, ID: id}
}

func (r logResponse) identity() client.Identity {
	return client.Identity{ID: r.ID, AccountID: r.Account()}
}

func (r logResponse) detail() (*Detail, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	return &Detail{
		Log:                  r.log(),
		RequestHead:          (*string)(r.RequestHead),
		ResponseHead:         (*string)(r.ResponseHead),
		RequestHeadComplete:  (*bool)(r.RequestHeadComplete),
		ResponseHeadComplete: (*bool)(r.ResponseHeadComplete),
		RequestSize:          (*int64)(r.RequestSize),
		ResponseSize:         (*int64)(r.ResponseSize),
	}, nil
}

// redact removes secrets from the text that users sent. The pairs stay as they
// are, so that a query finds them.
func (l *Log) redact(redact func(string) string) {
	if l.Metadata != nil {
		*l.Metadata = redact(*l.Metadata)
	}
}

func (d *Detail) redact(redact func(string) string) {
	d.Log.redact(redact)
	for _, head := range []*string{d.RequestHead, d.ResponseHead} {
		if head != nil {
			*head = redact(*head)
		}
	}
}
