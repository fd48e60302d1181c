package client

import (
	"context"
	"net/http"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/secrets_store"
)

// This file holds how cloudflare-go is used. Its service methods provide the
// HTTP method and path of each endpoint, authentication and transport. The rest
// is done here:
//
//   - Request bodies are our own, since its request types collapse unions and
//     cannot tell null from absent.
//   - Responses are caught before it decodes them, since its response types read
//     null as zero, and its errors hide the body. It decodes nothing.
//   - It retries nothing, since it would repeat a POST after 409, 5xx and broken
//     connections.
//   - Its pages are not used, since its pager drops the context after the first
//     page and needs an empty page to stop.
//   - Identifiers are checked before they reach it (see [CheckID]), since it does
//     not escape path parameters.
//   - Only its service packages are imported. The root package triples the size
//     of the binary.

// services are the SDK's services.
type services struct {
	aiGateway     *ai_gateway.AIGatewayService
	secretsStores *secrets_store.StoreService
}

func newServices(client *http.Client, baseURL string, cfg Config) services {
	options := []option.RequestOption{
		option.WithBaseURL(baseURL),
		option.WithHTTPClient(client),
		option.WithAPIToken(cfg.APIToken),
		option.WithHeader("User-Agent", cfg.UserAgent),
		option.WithMaxRetries(0),
	}
	return services{
		aiGateway:     ai_gateway.NewAIGatewayService(options...),
		secretsStores: secrets_store.NewStoreService(options...),
	}
}

// AIGateway returns the SDK's service for AI Gateway, whose methods make a
// [Call].
func (c *Client) AIGateway() *ai_gateway.AIGatewayService { return c.sdk.aiGateway }

// SecretsStores returns the SDK's service for Secrets Stores.
func (c *Client) SecretsStores() *secrets_store.StoreService { return c.sdk.secretsStores }

// InAccount returns parameters with an account id. Other parameter types of the
// SDK take its AccountID, or convert from it: the type of the field cannot be
// named outside of the SDK.
func InAccount(accountID string) ai_gateway.AIGatewayGetParams {
	var params ai_gateway.AIGatewayGetParams
	params.AccountID.Value, params.AccountID.Present = accountID, true
	return params
}

// A Call makes one attempt at a request by a method of the SDK.
type Call func(ctx context.Context, opts ...option.RequestOption) error

// Call0 makes a [Call] of an SDK method without path parameters besides the
// account.
func Call0[P, R any](method func(context.Context, P, ...option.RequestOption) (R, error), params P) Call {
	return func(ctx context.Context, opts ...option.RequestOption) error {
		_, err := method(ctx, params, opts...)
		return err
	}
}

// Call1 makes a [Call] of an SDK method with one path parameter.
func Call1[P, R any](method func(context.Context, string, P, ...option.RequestOption) (R, error), id string, params P) Call {
	return func(ctx context.Context, opts ...option.RequestOption) error {
		_, err := method(ctx, id, params, opts...)
		return err
	}
}

// Call2 makes a [Call] of an SDK method with two path parameters.
func Call2[P, R any](method func(context.Context, string, string, P, ...option.RequestOption) (R, error), id1, id2 string, params P) Call {
	return func(ctx context.Context, opts ...option.RequestOption) error {
		_, err := method(ctx, id1, id2, params, opts...)
		return err
	}
}

// Call3 makes a [Call] of an SDK method with three path parameters.
func Call3[P, R any](method func(context.Context, string, string, string, P, ...option.RequestOption) (R, error), id1, id2, id3 string, params P) Call {
	return func(ctx context.Context, opts ...option.RequestOption) error {
		_, err := method(ctx, id1, id2, id3, params, opts...)
		return err
	}
}

// Instead returns call with another HTTP method, and with further elements at
// the end of its path. It reaches endpoints that the SDK lacks with the SDK's
// authentication and headers.
func (call Call) Instead(method string, further ...string) Call {
	change := option.WithMiddleware(func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		req.Method, req.URL = method, req.URL.JoinPath(further...)
		return next(req)
	})
	return func(ctx context.Context, opts ...option.RequestOption) error {
		// In front of the middleware that catches the response and its method.
		return call(ctx, append([]option.RequestOption{change}, opts...)...)
	}
}

// WithQuery returns call with a query parameter. An empty value leaves it out.
func (call Call) WithQuery(name, value string) Call {
	if value == "" {
		return call
	}
	return func(ctx context.Context, opts ...option.RequestOption) error {
		return call(ctx, append([]option.RequestOption{option.WithQuery(name, value)}, opts...)...)
	}
}

func withBody(encoded []byte) option.RequestOption {
	return option.WithRequestBody("application/json", encoded)
}
