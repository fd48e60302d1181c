package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

const (
	// logsPerPage is the most that the API hands out at once: it refuses 51
	// (observed).
	logsPerPage = 50
	// mostLogPages bounds what one list looks through, since part of a query may
	// be left to the client.
	mostLogPages = MaxLogs / logsPerPage

	// MaxLogs is how many logs one list looks through at most.
	MaxLogs = 10000
)

// LogIDPattern is what may be the id of a log. Cloudflare's are UUIDs, older
// ones ULIDs; any id that is safe in a path will do.
var LogIDPattern = regexp.MustCompile(IDPattern.String())

// Log is a request that went through a gateway, as the list of logs has it. A
// nil field is one that the service does not tell.
type Log struct {
	// ID addresses the log.
	ID string
	// CreatedAt is zero where the service does not say.
	CreatedAt time.Time
	// Provider and Model are what answered.
	Provider, Model *string
	// ModelType is the kind of model, such as "chat".
	ModelType *string
	// Path is what follows the provider in the request's address.
	Path *string
	// RequestType is the kind of request.
	RequestType *string
	// RequestContentType and ResponseContentType are media types.
	RequestContentType, ResponseContentType *string
	// Success is whether the request succeeded, Cached whether the gateway's
	// cache answered it.
	Success, Cached *bool
	// StatusCode is the HTTP status of the answer.
	StatusCode *int64
	// Duration is in milliseconds.
	Duration *int64
	// TokensIn and TokensOut are what the provider counted.
	TokensIn, TokensOut *int64
	// Cost is in US dollars, by the request's own prices if CustomCost.
	Cost       *float64
	CustomCost *bool
	// Step is which of several steps answered, from 0.
	Step *int64
	// Metadata is the request's metadata as JSON with sorted keys and without
	// space, or as the service wrote it where it is no JSON.
	Metadata *string

	pairs map[string]string // the metadata's entries
}

// LogDetail is all that the service tells of one log, its bodies apart.
type LogDetail struct {
	Log
	// RequestHead and ResponseHead are the beginnings of the bodies.
	RequestHead, ResponseHead *string
	// RequestHeadComplete and ResponseHeadComplete tell whether that is all.
	RequestHeadComplete, ResponseHeadComplete *bool
	// RequestSize and ResponseSize are in bytes.
	RequestSize, ResponseSize *int64
}

// ListLogs yields the logs of a gateway that a query asks for, page by page: a
// page of 50 is asked for when the one before it is used up. No log is yielded
// twice. It stops at the first error; one is that [MaxLogs] were looked through
// and there are more.
//
// Of a gateway that does not exist, the service says either that or that it
// has no logs (observed).
func (c *Client) ListLogs(ctx context.Context, accountID, gatewayID string, query LogQuery) iter.Seq2[*Log, error] {
	return func(yield func(*Log, error) bool) {
		if err := checkIDs(accountID, gatewayID); err != nil {
			yield(nil, err)
			return
		}
		parameters, err := query.parameters()
		if err != nil {
			yield(nil, err)
			return
		}
		// New logs come in at the front and move the others to later pages.
		seen := map[string]bool{}
		for page, received := int64(1), int64(0); ; page++ {
			logs, info, err := c.listLogs(ctx, accountID, gatewayID, parameters, page)
			if err != nil {
				yield(nil, err)
				return
			}
			total := int64Of(info.TotalCount)
			if total != nil && query.OnTotal != nil {
				query.OnTotal(*total)
			}
			news := false
			for _, log := range logs {
				if seen[log.ID] {
					continue
				}
				seen[log.ID], news = true, true
				if query.matches(log) && !yield(log, nil) {
					return
				}
			}
			received += int64(len(logs))
			switch {
			case !news: // past the end, or a server that knows no pages
				return
			case total != nil && received >= *total:
				return
			case total == nil && len(logs) < logsPerPage:
				return
			case page == mostLogPages:
				yield(nil, fmt.Errorf("%d logs were looked through, and there are more; narrow the time down", MaxLogs))
				return
			}
		}
	}
}

func (c *Client) listLogs(ctx context.Context, accountID, gatewayID string, parameters map[string]string, page int64) ([]*Log, resultInfo, error) {
	op := operation{name: "list logs"}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.LogListParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		params.Page.Value, params.Page.Present = page, true
		params.PerPage.Value, params.PerPage.Present = logsPerPage, true
		for name, value := range parameters {
			opts = append(opts, option.WithQuery(name, value))
		}
		_, err := c.service.Logs.List(ctx, gatewayID, params, opts...)
		return err
	})
	if err != nil {
		return nil, resultInfo{}, err
	}
	return decodeLogs(op.name, ex)
}

// GetLog reads one log. The error is ErrNotFound if it, or its gateway, does
// not exist.
func (c *Client) GetLog(ctx context.Context, accountID, gatewayID, id string) (*LogDetail, error) {
	if err := checkLogIDs(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	op := operation{name: "read log"}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.LogGetParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Logs.Get(ctx, gatewayID, id, params, opts...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return decodeLog(op.name, ex)
}

// GetLogRequest reads the body of the request that a log is about, as it was
// sent. It is nil where the service has not stored it.
func (c *Client) GetLogRequest(ctx context.Context, accountID, gatewayID, id string) ([]byte, error) {
	return c.logBody(ctx, "read log's request", accountID, gatewayID, id, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.LogRequestParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Logs.Request(ctx, gatewayID, id, params, opts...)
		return err
	})
}

// GetLogResponse is [Client.GetLogRequest] for the answer.
func (c *Client) GetLogResponse(ctx context.Context, accountID, gatewayID, id string) ([]byte, error) {
	return c.logBody(ctx, "read log's response", accountID, gatewayID, id, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.LogResponseParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Logs.Response(ctx, gatewayID, id, params, opts...)
		return err
	})
}

// logBody is a body as it stands in the answer: without the API's envelope,
// and not necessarily JSON. One that looks like an envelope is none: models of
// Workers AI answer so.
func (c *Client) logBody(ctx context.Context, name, accountID, gatewayID, id string, do call) ([]byte, error) {
	if err := checkLogIDs(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	ex, err := c.send(ctx, operation{name: name}, do)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if body := bytes.TrimSpace(ex.body); len(body) == 0 || bytes.Equal(body, []byte("null")) {
		return nil, nil
	}
	if clean := ex.cleanText(string(ex.body)); clean != string(ex.body) {
		return []byte(clean), nil
	}
	return ex.body, nil
}

func checkLogIDs(accountID, gatewayID, id string) error {
	if err := checkIDs(accountID, gatewayID); err != nil {
		return err
	}
	if !LogIDPattern.MatchString(id) {
		return fmt.Errorf("%q cannot be the id of a log, so no request was sent", id)
	}
	return nil
}
