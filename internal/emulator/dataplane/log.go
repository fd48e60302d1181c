package dataplane

import (
	"net/http"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// status returns the HTTP status of the response.
func (e event) status() int {
	if e.refusal != nil {
		return e.refusal.status
	}
	return e.response.status
}

// body returns the body of the response.
func (e event) body() []byte {
	if e.refusal != nil {
		return wire.Marshal(e.refusal.body())
	}
	return e.response.body
}

// tokens returns the tokens that were used. A response from the cache uses none and
// costs nothing (documented).
func (e event) tokens() (in, out int) {
	if e.cached || e.response.completion == nil {
		return 0, 0
	}
	return e.response.completion.TokensIn, e.response.completion.TokensOut
}

// writeLog stores the log of a request, and reports whether it did.
//
// cf-aig-collect-log has precedence over the gateway's setting, and with
// cf-aig-collect-log-payload: false the bodies are not stored (documented).
func (p *Plane) writeLog(e event) bool {
	req := e.req
	collect := req.config.CollectLogs
	switch req.header.Get("cf-aig-collect-log") {
	case "true":
		collect = true
	case "false":
		collect = false
	}
	if !collect {
		return false
	}
	tokensIn, tokensOut := e.tokens()
	in, out := float64(tokensIn), float64(tokensOut)
	entry := &store.Log{
		ID: e.id, EventID: e.id, Created: e.ended, Duration: float64(elapsedMillis(e.started, e.ended)),
		Provider: req.provider, Model: req.model.Model, Path: req.endpoint,
		ModelType: req.api.Kind(), RequestType: req.api.Kind(), // inferred
		Status: e.status(), Success: e.status() < http.StatusBadRequest, Cached: e.cached, Step: req.step,
		TokensIn: &in, TokensOut: &out, Cost: e.cost.amount, CustomCost: e.cost.custom,
		Metadata:       req.metadata,
		Authentication: req.trusted, Wholesale: req.wholesale(), Compatibility: req.compat,
		UserAgent: req.header.Get("User-Agent"), DLP: e.found.dlp, Guardrails: e.found.guardrails,
		RequestContentType: "application/json", ResponseContentType: e.response.contentType,
	}
	if own := req.header.Get("cf-aig-event-id"); own != "" {
		entry.EventID = own
	}
	if e.found.dlp != nil {
		entry.DLPAction = e.found.dlp.Action
	}
	if e.refusal != nil {
		entry.ResponseContentType = "application/json"
	}
	if req.header.Get("cf-aig-collect-log-payload") != "false" {
		entry.Request, entry.Response = req.body, e.body()
	}
	return p.store.InsertLog(req.account, req.gateway, entry)
}

// elapsedMillis returns a duration in the unit of logs.
func elapsedMillis(from, to time.Time) int64 { return max(to.Sub(from).Milliseconds(), 0) }
