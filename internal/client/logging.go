package client

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// This file writes the provider's own log. The logs of gateways, which are API
// objects, are in package logs.

// subsystem is the name under which requests are logged, at debug. Headers and
// bodies are not logged: both may carry secrets and prompts.
const subsystem = "http"

// LogContext prepares ctx for the log lines of a request that [Client.SendOnce]
// sends.
func (c *Client) LogContext(ctx context.Context, r Request) context.Context {
	return c.logContext(ctx, r)
}

// logContext prepares ctx for the log lines of a request, in which its secrets
// are masked wherever they occur.
func (c *Client) logContext(ctx context.Context, r Request) context.Context {
	ctx = tflog.NewSubsystem(ctx, subsystem)
	secrets := c.masks(r.Secrets)
	if len(secrets) == 0 {
		return ctx
	}
	ctx = tflog.SubsystemMaskMessageStrings(ctx, subsystem, secrets...)
	return tflog.SubsystemMaskAllFieldValuesStrings(ctx, subsystem, secrets...)
}

func logAttempt(ctx context.Context, resp *Response, took time.Duration) {
	fields := map[string]any{
		"operation":   resp.request.Operation,
		"method":      resp.Method,
		"path":        resp.Path,
		"attempt":     resp.Attempts,
		"duration_ms": took.Milliseconds(),
	}
	if resp.Err != nil {
		fields["error"] = resp.printable(withoutURL(resp.Err).Error(), maxText)
		tflog.SubsystemDebug(ctx, subsystem, "request got no response", fields)
		return
	}
	fields["status"] = resp.Status
	fields["response_bytes"] = len(resp.Body)
	if ray := resp.Header.Get("CF-Ray"); ray != "" {
		fields["cf_ray"] = resp.printable(ray, maxShortText)
	}
	tflog.SubsystemDebug(ctx, subsystem, "request answered", fields)
}

// logBlocked logs that the service said to wait, once for all requests that do.
func logBlocked(ctx context.Context, resp *Response, block time.Duration) {
	tflog.SubsystemWarn(ctx, subsystem, "Cloudflare's API blocks requests for its rate limit: all requests wait", map[string]any{
		"operation": resp.request.Operation,
		"status":    resp.Status,
		"wait_s":    int(block.Round(time.Second).Seconds()),
	})
}

// logPacing logs that requests are slowed down, once in a window.
func logPacing(ctx context.Context, hold time.Duration) {
	tflog.SubsystemWarn(ctx, subsystem, "Cloudflare's API is close to its rate limit: requests are slowed down", map[string]any{
		"wait_ms": hold.Milliseconds(),
	})
}

func logRetry(ctx context.Context, r Request, attempt int, pause time.Duration) {
	tflog.SubsystemDebug(ctx, subsystem, "request will be repeated", map[string]any{
		"operation": r.Operation,
		"attempt":   attempt + 1,
		"pause_ms":  pause.Milliseconds(),
	})
}
