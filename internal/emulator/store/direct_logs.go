package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// givenLog is what [Direct.PutLog] accepts.
type givenLog struct {
	ID                  string         `json:"id"`
	CreatedAt           string         `json:"created_at"`
	Provider            string         `json:"provider"`
	Model               string         `json:"model"`
	ModelType           string         `json:"model_type"`
	Path                string         `json:"path"`
	Duration            float64        `json:"duration"`
	RequestType         string         `json:"request_type"`
	RequestContentType  string         `json:"request_content_type"`
	ResponseContentType string         `json:"response_content_type"`
	StatusCode          int            `json:"status_code"`
	Success             *bool          `json:"success"`
	Cached              bool           `json:"cached"`
	TokensIn            *float64       `json:"tokens_in"`
	TokensOut           *float64       `json:"tokens_out"`
	Cost                float64        `json:"cost"`
	CustomCost          bool           `json:"custom_cost"`
	Step                int            `json:"step"`
	Metadata            map[string]any `json:"metadata"`
	Feedback            *float64       `json:"feedback"`
	Score               *float64       `json:"score"`
	EventID             string         `json:"event_id"`
	UserAgent           string         `json:"user_agent"`
	Authentication      bool           `json:"authentication"`
	Wholesale           bool           `json:"wholesale"`
	CompatibilityMode   bool           `json:"compatibilityMode"`
	DLPAction           string         `json:"dlp_action"`
	Request             string         `json:"request"`
	Response            string         `json:"response"`
}

// PutLog adds a log to a gateway and returns its id. Names are as on the wire: the
// members of a log; the members that only its filters have (event_id, user_agent,
// authentication, wholesale, compatibilityMode, dlp_action); feedback and score;
// and the payloads as strings, request and response. Members that are left out get
// the value of a successful chat: an id of its own, created_at now, status_code
// 200, success by status_code, tokens 0 (nil means null), and so on. The gateway's
// retention applies, its collect_logs does not.
//
// It panics if there is no such gateway, and for names and values that no log has.
func (d Direct) PutLog(account, gateway string, log map[string]any) string {
	in := map[string]any{
		"provider": "openai", "model": "gpt-5.2", "model_type": "chat", "request_type": "chat",
		"path": "compat/chat/completions", "status_code": http.StatusOK, "tokens_in": 0, "tokens_out": 0,
		"request_content_type": "application/json", "response_content_type": "application/json",
	}
	maps.Copy(in, log)
	decoder := json.NewDecoder(bytes.NewReader(wire.Marshal(in)))
	decoder.DisallowUnknownFields()
	var given givenLog
	if err := decoder.Decode(&given); err != nil {
		panic(fmt.Sprintf("emulator: PutLog: %v", err))
	}
	created := d.store.Timestamp()
	if given.CreatedAt != "" {
		var err error
		if created, err = time.Parse(time.RFC3339, given.CreatedAt); err != nil {
			panic(fmt.Sprintf("emulator: PutLog: %v", err))
		}
	}
	if given.ID == "" {
		given.ID = d.store.ids.next(created)
	}
	if given.EventID == "" {
		given.EventID = given.ID
	}
	success := given.StatusCode < http.StatusBadRequest
	if given.Success != nil {
		success = *given.Success
	}
	if _, err := d.store.Gateway(account, gateway); err != nil {
		panic(fmt.Sprintf("emulator: PutLog: account %s has no gateway %q", account, gateway))
	}
	d.store.InsertLog(account, gateway, &Log{
		ID: given.ID, EventID: given.EventID, Created: created, Duration: given.Duration,
		Provider: given.Provider, Model: given.Model, Path: given.Path,
		ModelType: given.ModelType, RequestType: given.RequestType,
		Status: given.StatusCode, Success: success, Cached: given.Cached, Step: given.Step,
		TokensIn: given.TokensIn, TokensOut: given.TokensOut, Cost: given.Cost, CustomCost: given.CustomCost,
		Metadata: given.Metadata, Feedback: given.Feedback, Score: given.Score,
		Authentication: given.Authentication, Wholesale: given.Wholesale, Compatibility: given.CompatibilityMode,
		UserAgent: given.UserAgent, DLPAction: given.DLPAction,
		RequestContentType: given.RequestContentType, ResponseContentType: given.ResponseContentType,
		Request: []byte(given.Request), Response: []byte(given.Response),
	})
	return given.ID
}
