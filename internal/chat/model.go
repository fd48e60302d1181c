// Package chat implements the data source aigateway_chat_completion and the action
// aigateway_test_request, which send one chat request through a gateway and report how
// it was routed. They are for tests. A request costs money, so the provider must allow it explicitly.
package chat

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/metadata"
)

const (
	// defaultGateway receives requests that do not name a gateway. The service
	// creates it with the first authenticated request.
	defaultGateway = "default"

	// defaultMaxTokens applies to the Messages API, which requires a value.
	defaultMaxTokens = 1024

	defaultExpectStatus = 200
	defaultTimeout      = 60 // seconds
	longestTimeout      = 600
)

// requestModel is a request in the configuration of the data source and the action.
type requestModel struct {
	AccountID    types.String      `tfsdk:"account_id"`
	GatewayID    types.String      `tfsdk:"gateway_id"`
	API          types.String      `tfsdk:"api"`
	Model        types.String      `tfsdk:"model"`
	Prompt       types.String      `tfsdk:"prompt"`
	Messages     []messageModel    `tfsdk:"messages"`
	MaxTokens    types.Int64       `tfsdk:"max_tokens"`
	Metadata     types.Dynamic     `tfsdk:"metadata"`
	Headers      map[string]string `tfsdk:"headers"`
	ExpectStatus types.Int64       `tfsdk:"expect_status"`
	Timeout      types.Int64       `tfsdk:"timeout"`
}

// responseModel is the response to a request.
type responseModel struct {
	StatusCode       types.Int64  `tfsdk:"status_code"`
	ResponseText     types.String `tfsdk:"response_text"`
	ResponseJSON     types.String `tfsdk:"response_json"`
	ResponseModel    types.String `tfsdk:"response_model"`
	FinishReason     types.String `tfsdk:"finish_reason"`
	PromptTokens     types.Int64  `tfsdk:"prompt_tokens"`
	CompletionTokens types.Int64  `tfsdk:"completion_tokens"`
	CacheStatus      types.String `tfsdk:"cache_status"`
	LogID            types.String `tfsdk:"log_id"`
	Step             types.Int64  `tfsdk:"step"`
	ProviderName     types.String `tfsdk:"provider_name"`
	RoutedModel      types.String `tfsdk:"routed_model"`
	RoutingReason    types.String `tfsdk:"routing_reason"`
	ErrorCode        types.Int64  `tfsdk:"error_code"`
	ErrorMessage     types.String `tfsdk:"error_message"`
}

// model is the data source's configuration and state.
type model struct {
	requestModel
	responseModel
}

type messageModel struct {
	Role    types.String `tfsdk:"role"`
	Content types.String `tfsdk:"content"`
}

// setDefaults replaces null attributes with their defaults, so that state shows
// what was sent.
func (m *requestModel) setDefaults() {
	if m.API.IsNull() {
		m.API = types.StringValue(string(chat.APICompat))
	}
	// Without a gateway ID, the REST API decides whether to use a gateway.
	if m.GatewayID.IsNull() && !m.api().REST() {
		m.GatewayID = types.StringValue(defaultGateway)
	}
	if m.MaxTokens.IsNull() && m.api() == chat.APIMessages {
		m.MaxTokens = types.Int64Value(defaultMaxTokens)
	}
	if m.ExpectStatus.IsNull() {
		m.ExpectStatus = types.Int64Value(defaultExpectStatus)
	}
	if m.Timeout.IsNull() {
		m.Timeout = types.Int64Value(defaultTimeout)
	}
}

func (m *requestModel) api() chat.API { return chat.API(m.API.ValueString()) }

// toAPI returns the request. extraHeaders are the provider's test_request_headers.
func (m *requestModel) toAPI(extraHeaders map[string]string) chat.Request {
	request := chat.Request{
		API:          m.api(),
		AccountID:    m.AccountID.ValueString(),
		GatewayID:    m.GatewayID.ValueString(),
		Model:        m.Model.ValueString(),
		MaxTokens:    m.MaxTokens.ValueInt64(),
		Metadata:     metadata.ToAPI(m.Metadata),
		Headers:      m.Headers,
		ExtraHeaders: extraHeaders,
		Timeout:      time.Duration(m.Timeout.ValueInt64()) * time.Second,
		// A test that expects the status of a missing gateway must not wait
		// until the gateway appears.
		AwaitGateway: m.ExpectStatus.ValueInt64() != statusNoGateway,
	}
	if !m.Prompt.IsNull() {
		request.Messages = []chat.Message{{Role: "user", Content: m.Prompt.ValueString()}}
	}
	for _, message := range m.Messages {
		request.Messages = append(request.Messages, chat.Message{
			Role: message.Role.ValueString(), Content: message.Content.ValueString(),
		})
	}
	return request
}

// fromAPI sets the computed attributes. Fields missing from the response are null.
func (m *responseModel) fromAPI(response *chat.Response) {
	m.StatusCode = types.Int64Value(int64(response.Status))
	m.ResponseText = types.StringPointerValue(response.Text)
	m.ResponseJSON = types.StringPointerValue(response.JSON)
	m.ResponseModel = types.StringPointerValue(response.Model)
	m.FinishReason = types.StringPointerValue(response.FinishReason)
	m.PromptTokens = types.Int64PointerValue(response.PromptTokens)
	m.CompletionTokens = types.Int64PointerValue(response.CompletionTokens)
	m.CacheStatus = types.StringPointerValue(response.CacheStatus)
	m.LogID = types.StringPointerValue(response.LogID)
	m.Step = types.Int64PointerValue(response.Step)
	m.ProviderName = types.StringPointerValue(response.Provider)
	m.RoutedModel = types.StringPointerValue(response.RoutedModel)
	m.RoutingReason = types.StringPointerValue(response.RoutingReason)
	m.ErrorCode = types.Int64PointerValue(response.ErrorCode)
	m.ErrorMessage = types.StringPointerValue(response.ErrorMessage)
}
