package chat

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// MaxQuote is how many bytes of a text of the server an error quotes.
const MaxQuote = 1000

func quoted(text string) string { return client.Printable(text, MaxQuote) }

// Summary returns the response as errors quote it: "HTTP 400 Bad Request, code 2001: message (…)".
func (a *Response) Summary() string {
	text := fmt.Sprintf("HTTP %d", a.Status)
	if name := http.StatusText(a.Status); name != "" {
		text += " " + name
	}
	switch {
	case a.ErrorCode != nil:
		text += fmt.Sprintf(", code %d", *a.ErrorCode)
	case a.ErrorLabel != "":
		text += fmt.Sprintf(", code %q", quoted(a.ErrorLabel))
	}
	if a.ErrorMessage != nil {
		text += ": " + quoted(*a.ErrorMessage)
	}
	var notes []string
	if a.Attempts > 1 {
		notes = append(notes, fmt.Sprintf("after %d attempts", a.Attempts))
	}
	if a.CacheStatus != nil {
		notes = append(notes, "cache status "+quoted(*a.CacheStatus))
	}
	if a.RoutedModel != nil {
		notes = append(notes, "routed model "+quoted(*a.RoutedModel))
	}
	if a.LogID != nil {
		notes = append(notes, "log ID "+quoted(*a.LogID))
	}
	if a.RayID != "" {
		notes = append(notes, "CF-Ray "+quoted(a.RayID))
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}
