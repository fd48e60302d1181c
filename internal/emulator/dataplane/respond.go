package dataplane

import (
	"net/http"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// ids are those of a request and its log.
type ids struct{ request, log string }

// respond writes the result of a request.
func (p *Plane) respond(w http.ResponseWriter, r *http.Request, out result, id ids) {
	out.noteServed()
	if out.req.gateway != "" {
		setHeaders(w.Header(), out, id)
	}
	stream := out.req.model.Stream && !out.buffered && out.response.completion != nil
	switch {
	case out.refusal != nil && out.req.rest:
		out.refusal.writeREST(w)
	case out.refusal != nil:
		out.refusal.write(w)
	case stream && writeStream(w, r, out):
	default:
		w.Header().Set("Content-Type", out.response.contentType)
		w.WriteHeader(out.response.status)
		_, _ = w.Write(out.response.body)
	}
}

// setHeaders sets the headers that tell a client how its request was routed. For a
// request of one step, request, event and log have the same id (documented). A
// client's own event id is echoed, and there is no log id without a log (inferred).
func setHeaders(h http.Header, out result, id ids) {
	status := "MISS"
	if out.cached {
		status = "HIT"
	}
	h.Set("cf-aig-cache-status", status)
	if out.dlp != nil {
		h.Set("cf-aig-dlp", string(wire.Marshal(out.dlp)))
	}
	if out.refusal != nil && !out.logged {
		return
	}
	h.Set("cf-aig-request-id", id.request)
	h.Set("cf-aig-event-id", id.request)
	if own := out.req.header.Get("cf-aig-event-id"); own != "" {
		h.Set("cf-aig-event-id", own)
	}
	if out.logged {
		h.Set("cf-aig-log-id", id.log)
	}
	h.Set("cf-aig-step", strconv.Itoa(out.req.step))
	h.Set("cf-aig-provider", out.req.provider)
	h.Set("cf-aig-model", out.req.model.Model)
	if chosen := out.req.routing; chosen != nil {
		h.Set("cf-aig-routed-model", chosen.model)
		h.Set("cf-aig-routing-reason", chosen.reason)
		h.Set("cf-aig-routing-decision-id", chosen.decisionID)
	}
}

// writeStream sends a response in the chunks of its API. It reports false if the API
// does not stream. The gateway passes a provider's stream on (documented).
func writeStream(w http.ResponseWriter, r *http.Request, out result) bool {
	contentType, chunks := out.req.api.Stream(out.req.model, out.response.completion)
	if len(chunks) == 0 {
		return false
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(out.response.status)
	flusher := http.NewResponseController(w)
	for _, chunk := range chunks {
		if r.Context().Err() != nil {
			wire.CutConnection()
		}
		_, _ = w.Write(chunk)
		// A writer that cannot flush sends the response as a whole.
		_ = flusher.Flush()
		if out.response.cut {
			wire.CutConnection()
		}
	}
	return true
}
