package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// givenLog is what [Server.PutLog] takes.
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

// PutLog adds a log to a gateway and returns its id. The names are those of the
// wire: the members of a log, those of its filters that it does not show
// (event_id, user_agent, authentication, wholesale, compatibilityMode,
// dlp_action), feedback and score, and the texts of the payloads, request and
// response. What is left out gets the value that it has in the log of a
// successful chat: an id of its own, created_at now, status_code 200, success by
// status_code, tokens 0 (give nil for null), and so on. The gateway's retention
// applies, its collect_logs does not.
//
// It panics when there is no such gateway, and for names and values that no log
// has.
func (s *Server) PutLog(account, gateway string, log map[string]any) string {
	in := map[string]any{
		"provider": "openai", "model": "gpt-5.2", "model_type": "chat", "request_type": "chat",
		"path": "compat/chat/completions", "status_code": http.StatusOK, "tokens_in": 0, "tokens_out": 0,
		"request_content_type": "application/json", "response_content_type": "application/json",
	}
	maps.Copy(in, log)
	decoder := json.NewDecoder(bytes.NewReader(marshal(in)))
	decoder.DisallowUnknownFields()
	var given givenLog
	if err := decoder.Decode(&given); err != nil {
		panic(fmt.Sprintf("emulator: PutLog: %v", err))
	}
	created := s.timestamp()
	if given.CreatedAt != "" {
		var err error
		if created, err = time.Parse(time.RFC3339, given.CreatedAt); err != nil {
			panic(fmt.Sprintf("emulator: PutLog: %v", err))
		}
	}
	if given.ID == "" {
		given.ID = s.ids.next(created)
	}
	if given.EventID == "" {
		given.EventID = given.ID
	}
	success := given.StatusCode < http.StatusBadRequest
	if given.Success != nil {
		success = *given.Success
	}
	if !s.hasGateway(account, gateway) {
		panic(fmt.Sprintf("emulator: PutLog: account %s has no gateway %q", account, gateway))
	}
	s.insertLog(account, gateway, &logEntry{
		id: given.ID, eventID: given.EventID, created: created, duration: given.Duration,
		provider: given.Provider, model: given.Model, path: given.Path,
		modelType: given.ModelType, requestType: given.RequestType,
		status: given.StatusCode, success: success, cached: given.Cached, step: given.Step,
		tokensIn: given.TokensIn, tokensOut: given.TokensOut, cost: given.Cost, customCost: given.CustomCost,
		metadata: given.Metadata, feedback: given.Feedback, score: given.Score,
		authentication: given.Authentication, wholesale: given.Wholesale, compatibility: given.CompatibilityMode,
		userAgent: given.UserAgent, dlpAction: given.DLPAction,
		requestContentType: given.RequestContentType, responseContentType: given.ResponseContentType,
		request: []byte(given.Request), response: []byte(given.Response),
	})
	return given.ID
}

func (s *Server) hasGateway(account, id string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	_, ok := s.state.account(account).gateways[id]
	return ok
}
