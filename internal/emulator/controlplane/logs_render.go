package controlplane

import (
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// payloadHead is how many bytes of a payload a log shows. The service's own number
// is not known.
const payloadHead = 16 << 10

// renderLog returns a log as the list shows it. Names are documented; metadata is
// an object, as observed live, though the documents say string. What only some
// logs have (feedback, score, findings of guardrails and DLP) is not in the
// documents' schema; its names are inferred.
func (a *API) renderLog(e *store.Log) *wire.Object {
	out := &wire.Object{}
	out.Set("id", e.ID)
	out.Set("created_at", wire.FormatTime(e.Created))
	out.Set("provider", e.Provider)
	out.Set("model", e.Model)
	out.Set("model_type", e.ModelType)
	out.Set("path", e.Path)
	out.Set("duration", e.Duration)
	out.Set("request_type", e.RequestType)
	out.Set("request_content_type", e.RequestContentType)
	out.Set("response_content_type", e.ResponseContentType)
	out.Set("status_code", e.Status)
	out.Set("success", e.Success)
	out.Set("cached", e.Cached)
	out.Set("tokens_in", e.TokensIn)
	out.Set("tokens_out", e.TokensOut)
	out.Set("cost", e.Cost)
	out.Set("custom_cost", e.CustomCost)
	out.Set("step", e.Step)
	if e.Metadata != nil {
		out.Set("metadata", e.Metadata)
		if a.store.Has(quirk.LogMetadataString) {
			out.Set("metadata", string(wire.Marshal(e.Metadata)))
		}
	}
	if e.Feedback != nil {
		out.Set("feedback", e.Feedback)
	}
	if e.Score != nil {
		out.Set("score", e.Score)
	}
	if e.Guardrails != nil {
		out.Set("guardrails", e.Guardrails)
	}
	if e.DLPAction != "" {
		out.Set("dlp_action", e.DLPAction)
	}
	if e.DLP != nil {
		out.Set("dlp", e.DLP)
	}
	return out
}

// renderPayload adds the beginning of a payload. Names are documented; their exact
// meaning, and that they are empty without a payload, is inferred.
func renderPayload(out *wire.Object, name string, payload []byte) {
	head := payload[:min(len(payload), payloadHead)]
	out.Set(name+"_head", string(head))
	out.Set(name+"_head_complete", len(head) == len(payload))
	out.Set(name+"_size", len(payload))
}
