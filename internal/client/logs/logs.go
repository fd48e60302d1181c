// Package logs reads the logs of the requests that went through gateways.
package logs

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

const (
	noun = "log"
	// perPage is the most that the API returns at once: it refuses 51 (observed).
	perPage = 50
	// Max is how many logs one list reads at most. It is bounded since the client
	// may have to evaluate part of a query.
	Max = 10000
)

// IDPattern matches ids of logs. Cloudflare's are UUIDs, older ones ULIDs; any id
// that is safe in a path will do.
var IDPattern = regexp.MustCompile(client.IDPattern.String())

// A Log describes a request that went through a gateway, as the list of logs
// does. A nil field is one that the service does not tell.
type Log struct {
	// ID addresses the log.
	ID string
	// CreatedAt is zero if the service does not say.
	CreatedAt time.Time
	// Provider and Model are those that responded.
	Provider, Model *string
	// ModelType is the kind of model, such as "chat".
	ModelType *string
	// Path is what follows the provider in the URL of the request.
	Path *string
	// RequestType is the kind of request.
	RequestType *string
	// RequestContentType and ResponseContentType are media types.
	RequestContentType, ResponseContentType *string
	// Success is whether the request succeeded, and Cached whether the response
	// came from the gateway's cache.
	Success, Cached *bool
	// StatusCode is the HTTP status of the response.
	StatusCode *int64
	// Duration is in milliseconds.
	Duration *int64
	// TokensIn and TokensOut are what the provider counted.
	TokensIn, TokensOut *int64
	// Cost is in US dollars, by the request's own prices if CustomCost.
	Cost       *float64
	CustomCost *bool
	// Step is which of several steps responded, from 0.
	Step *int64
	// Metadata is the request's metadata as JSON with sorted keys and without
	// space, or as the service wrote it if that is not JSON.
	Metadata *string

	pairs map[string]string // the metadata's entries
}

// A Detail is everything that the service tells of one log, except its bodies.
type Detail struct {
	Log
	// RequestHead and ResponseHead are the beginnings of the bodies.
	RequestHead, ResponseHead *string
	// RequestHeadComplete and ResponseHeadComplete are whether that is all.
	RequestHeadComplete, ResponseHeadComplete *bool
	// RequestSize and ResponseSize are in bytes.
	RequestSize, ResponseSize *int64
}

// List iterates over the logs of a gateway that match a query, fetching pages on
// demand. It stops at the first error. One error is that [Max] logs were read and
// there are more.
//
// Of a gateway that does not exist, the service says either that or that it has
// no logs (observed).
func List(ctx context.Context, c *client.Client, accountID, gatewayID string, query Query) iter.Seq2[*Log, error] {
	if err := client.CheckGateway(accountID, gatewayID); err != nil {
		return client.Failed[*Log](err)
	}
	parameters, err := query.parameters()
	if err != nil {
		return client.Failed[*Log](err)
	}
	call := client.Call1(c.AIGateway().Logs.List, gatewayID, ai_gateway.LogListParams{AccountID: client.InAccount(accountID).AccountID})
	for name, value := range parameters {
		call = call.WithQuery(name, value)
	}
	list := client.List[logResponse, *Log]{
		Request: client.Request{Operation: "list logs"},
		Call:    call,
		Decoder: client.Decoder[logResponse, *Log]{Noun: noun, Identify: logResponse.identity, Convert: logResponse.checkedLog},
		ID:      func(log *Log) string { return log.ID },
		PerPage: perPage,
		// New logs come in at the front, so a missing log means nothing.
		ShortPageIsLast: true,
		MaxPages:        Max / perPage,
		TooMany:         fmt.Errorf("%d logs were looked through, and there are more; narrow the time down", Max),
		OnPage: func(resp *client.Response, page client.Page[*Log]) {
			for _, log := range page.Objects {
				log.redact(resp.Redact)
			}
			if page.Total != nil && query.OnTotal != nil {
				query.OnTotal(*page.Total)
			}
		},
	}.All(ctx, c, identity(accountID, ""))
	return func(yield func(*Log, error) bool) {
		for log, err := range list {
			if (err != nil || query.matches(log)) && !yield(log, err) {
				return
			}
		}
	}
}

// Get reads one log. The error is ErrNotFound if it, or its gateway, does not
// exist.
func Get(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (*Detail, error) {
	if err := check(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	call := client.Call2(c.AIGateway().Logs.Get, gatewayID, id, ai_gateway.LogGetParams(client.InAccount(accountID)))
	resp, err := c.Send(ctx, client.Request{Operation: "read log", MaxBody: client.DefaultMaxBody}, call)
	if err != nil {
		return nil, err
	}
	detail, err := detailDecoder.Decode(resp, identity(accountID, id))
	if err != nil {
		return nil, err
	}
	detail.redact(resp.Redact)
	return detail, nil
}

// GetRequest reads the body of the request that a log is about, as it was sent. It
// is nil if the service has not stored it.
func GetRequest(ctx context.Context, c *client.Client, accountID, gatewayID, id string) ([]byte, error) {
	return body(ctx, c, "read log's request", accountID, gatewayID, id,
		client.Call2(c.AIGateway().Logs.Request, gatewayID, id, ai_gateway.LogRequestParams(client.InAccount(accountID))))
}

// GetResponse is [GetRequest] for the response.
func GetResponse(ctx context.Context, c *client.Client, accountID, gatewayID, id string) ([]byte, error) {
	return body(ctx, c, "read log's response", accountID, gatewayID, id,
		client.Call2(c.AIGateway().Logs.Response, gatewayID, id, ai_gateway.LogResponseParams(client.InAccount(accountID))))
}

// body returns a body as it is in the response: without the API's envelope, and
// not necessarily JSON. What looks like an envelope may be none: models of Workers
// AI respond like that.
func body(ctx context.Context, c *client.Client, operation, accountID, gatewayID, id string, call client.Call) ([]byte, error) {
	if err := check(accountID, gatewayID, id); err != nil {
		return nil, err
	}
	resp, err := c.Send(ctx, client.Request{Operation: operation, MaxBody: client.DefaultMaxBody, CutBody: true}, call)
	if errors.Is(err, client.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if wire.IsNull(bytes.TrimSpace(resp.Body)) {
		return nil, nil
	}
	if clean := resp.Redact(string(resp.Body)); clean != string(resp.Body) {
		return []byte(clean), nil
	}
	return resp.Body, nil
}

func check(accountID, gatewayID, id string) error {
	return cmp.Or(client.CheckGateway(accountID, gatewayID), client.CheckID(noun, id))
}
