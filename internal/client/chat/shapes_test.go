package chat

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

func TestDecodeChatOfAPI(t *testing.T) {
	for name, test := range map[string]struct {
		api    API
		status int // 200 where 0
		body   string
		want   Response
	}{
		"chat completion": {
			api: APIChatCompletions, body: `{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"model":"m","usage":{"prompt_tokens":1,"completion_tokens":2}}`,
			want: Response{Completion: true, Text: wire.Ptr("Hi"), FinishReason: wire.Ptr("stop"), Model: wire.Ptr("m"), PromptTokens: wire.Ptr(int64(1)), CompletionTokens: wire.Ptr(int64(2))},
		},
		"chat completion of another API": {api: APIChatCompletions, body: `{"output":[]}`},

		"response": {
			api: APIResponses,
			body: `{"object":"response","status":"completed","model":"m","error":null,"output":[{"type":"reasoning","summary":[{"text":"no"}],"content":[{"type":"reasoning_text","text":"no"}]},` +
				`{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"no"},{"type":"output_text","text":"b"}]},` +
				`{"type":"function_call","name":"f"},7,null,{"type":"message","content":[{"type":"output_text","text":"c"}]}],"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}`,
			want: Response{Completion: true, Text: wire.Ptr("abc"), FinishReason: wire.Ptr("completed"), Model: wire.Ptr("m"), PromptTokens: wire.Ptr(int64(3)), CompletionTokens: wire.Ptr(int64(4))},
		},
		"response cut short": {
			api: APIResponses, body: `{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}`,
			want: Response{Completion: true, FinishReason: wire.Ptr("incomplete")},
		},
		"response without types": {
			api: APIResponses, body: `{"output":[{"content":"a"},{"content":[]}],"usage":[]}`, want: Response{Completion: true, Text: wire.Ptr("a")},
		},
		"response that failed": {
			api: APIResponses, body: `{"status":"failed","error":{"code":"server_error","message":"Oops"},"output":[],"model":"m"}`,
			want: Response{ErrorLabel: "server_error", ErrorMessage: wire.Ptr("Oops"), Model: wire.Ptr("m")},
		},
		"response that was cancelled": {api: APIResponses, body: `{"status":"cancelled","output":[]}`},
		"response of another API":     {api: APIResponses, body: `{"choices":[]}`},
		"output that is no list":      {api: APIResponses, body: `{"output":"a"}`},

		"message": {
			api: APIMessages,
			body: `{"type":"message","model":"m","content":[{"type":"thinking","thinking":"no"},{"type":"text","text":"a"},{"type":"tool_use","input":{"text":"no"}},{"type":"text","text":"b"}],` +
				`"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":6}}`,
			want: Response{Completion: true, Text: wire.Ptr("ab"), FinishReason: wire.Ptr("end_turn"), Model: wire.Ptr("m"), PromptTokens: wire.Ptr(int64(5)), CompletionTokens: wire.Ptr(int64(6))},
		},
		"message without text": {
			api: APIMessages, body: `{"content":[],"stop_reason":"max_tokens"}`, want: Response{Completion: true, FinishReason: wire.Ptr("max_tokens")},
		},
		"message of another API": {api: APIMessages, body: `{"choices":[]}`},
		"content that is a text": {api: APIMessages, body: `{"content":"a"}`},
		"error of the Messages API": {
			api: APIMessages, status: 400, body: `{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens"}}`,
			want: Response{ErrorLabel: "invalid_request_error", ErrorMessage: wire.Ptr("max_tokens")},
		},

		"run, Workers AI": {
			api: APIRun, body: `{"success":true,"result":{"response":"Hi","usage":{"prompt_tokens":1,"completion_tokens":2}},"errors":[],"messages":[]}`,
			want: Response{Completion: true, Text: wire.Ptr("Hi"), PromptTokens: wire.Ptr(int64(1)), CompletionTokens: wire.Ptr(int64(2))},
		},
		"run, calls of tools": {api: APIRun, body: `{"success":true,"result":{"response":null,"tool_calls":[{}]}}`, want: Response{Completion: true}},
		"run, completion": {
			api: APIRun, body: `{"success":true,"result":{"choices":[{"message":{"content":"Hi"},"finish_reason":"length"}],"model":"m"}}`,
			want: Response{Completion: true, Text: wire.Ptr("Hi"), FinishReason: wire.Ptr("length"), Model: wire.Ptr("m")},
		},
		"run, with its state": {
			api: APIRun,
			body: `{"success":true,"result":{"state":"Completed","model":"outer","result":{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":1}},` +
				`"gatewayMetadata":{"keySource":"Unified"}},"errors":[],"messages":[]}`,
			want: Response{Completion: true, Text: wire.Ptr("Hi"), Model: wire.Ptr("outer"), PromptTokens: wire.Ptr(int64(1))},
		},
		"run, state at the top": {
			api: APIRun, body: `{"state":"Completed","result":{"content":[{"text":"Hi"}],"stop_reason":"end_turn"},"provider":"p","model":"m"}`,
			want: Response{Completion: true, Text: wire.Ptr("Hi"), FinishReason: wire.Ptr("end_turn"), Model: wire.Ptr("m")},
		},
		"run, response": {
			api: APIRun, body: `{"result":{"state":"completed","result":{"output":[{"content":[{"text":"Hi"}]}],"status":"completed"}}}`,
			want: Response{Completion: true, Text: wire.Ptr("Hi"), FinishReason: wire.Ptr("completed")},
		},
		"run, text":          {api: APIRun, body: `{"success":true,"result":"Hi"}`, want: Response{Completion: true, Text: wire.Ptr("Hi")}},
		"run, form unknown":  {api: APIRun, body: `{"success":true,"result":{"candidates":[{"text":"no"}]}}`, want: Response{Completion: true}},
		"run, no envelope":   {api: APIRun, body: `{"choices":[]}`, want: Response{Completion: true}},
		"run, empty":         {api: APIRun, body: `{"success":true,"result":{}}`},
		"run, nothing":       {api: APIRun, body: `{"success":true,"result":null,"errors":[]}`},
		"run, list":          {api: APIRun, body: `{"success":true,"result":[]}`},
		"run, state alone":   {api: APIRun, body: `{"success":true,"result":{"state":"Completed"}}`},
		"run, too deep":      {api: APIRun, body: `{"result":{"result":{"result":{"result":{"response":"Hi"}}}}}`},
		"run, not done":      {api: APIRun, body: `{"success":true,"result":{"state":"Queued","result":{"response":"Hi"}}}`},
		"run, other object":  {api: APIRun, body: `{"hello":"world"}`},
		"run, no success":    {api: APIRun, body: `{"success":false,"result":{"response":"Hi"}}`, want: Response{FromGateway: true}},
		"run, failed inside": {api: APIRun, body: `{"success":true,"result":{"state":"Failed","error":{"code":"provider_unavailable","message":"Down"}}}`, want: Response{ErrorLabel: "provider_unavailable", ErrorMessage: wire.Ptr("Down")}},
		"run, failed at the top": {
			api: APIRun, status: 502, body: `{"state":"Failed","error":{"code":"provider_unavailable","message":"Down"},"model":"m"}`,
			want: Response{ErrorLabel: "provider_unavailable", ErrorMessage: wire.Ptr("Down")},
		},
		"run, error": {
			api: APIRun, status: 404, body: `{"success":false,"errors":[{"code":7003,"message":"Model not found: x"}],"messages":[],"result":{}}`,
			want: Response{ErrorCode: wire.Ptr(int64(7003)), ErrorMessage: wire.Ptr("Model not found: x"), FromGateway: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.status == 0 {
				test.status = http.StatusOK
			}
			got := decode(&client.Response{Status: test.status, Header: http.Header{}, Body: []byte(test.body), Attempts: 1}, forms[test.api], asIs)
			got.JSON = nil
			test.want.Status, test.want.Attempts = test.status, 1
			clienttest.RequireEqual(t, &test.want, got)
		})
	}
}

func FuzzDecodeChat(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `"x"`, `{`, `{"choices":[]}`, "data: {}\n\n", "\xff\xfe",
		`{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"model":"m","usage":{"prompt_tokens":1,"completion_tokens":1e400}}`,
		`{"choices":[{"message":{"content":[{"type":"text","text":"a"}]}}]}`,
		`{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"secret-token"}]}`,
		`{"success":false,"error":[{"internalCode":2008,"name":"AiGatewayError","httpCode":400,"description":"d"}]}`,
		`{"success":false,"error":{"message":"m","bucket":"b"}}`,
		`{"error":{"message":"m","type":"t","code":null}}`, `{"error":{"code":"9223372036854775808"}}`,
		`{"success":false,"errors":[{"code":10000,"message":"m"}],"messages":[],"result":null}`,
		`[{"error":{"code":400}}]`, `{"secr\u0065t-token":"secr\u0065t-token"}`,
		`{"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}],"usage":{"input_tokens":1}}`,
		`{"status":"failed","error":{"code":"c","message":"secret-token"},"output":[]}`,
		`{"type":"message","content":[{"type":"thinking"},{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"output_tokens":2}}`,
		`{"success":true,"result":{"response":"a","usage":{"prompt_tokens":1}},"errors":[],"messages":[]}`,
		`{"success":true,"result":{"state":"Completed","result":{"choices":[]}}}`, `{"result":{"result":{"result":{"result":"a"}}}}`,
		`{"success":true,"result":{"state":"Failed","error":{"code":"c","message":"m"}}}`, `{"result":"secret-token"}`,
		strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		for _, status := range []int{200, 400, 500} {
			for api := range APIs {
				f.Add(api, status, "text/plain", []byte(seed))
			}
		}
	}
	const secret = "secret-token"
	redact := func(text string) string { return strings.ReplaceAll(text, secret, "(sensitive)") }
	f.Fuzz(func(t *testing.T, api, status int, header string, body []byte) {
		h := http.Header{}
		for _, name := range []string{"Content-Type", "Cf-Aig-Step", "Cf-Aig-Log-Id", "Cf-Ray"} {
			h.Set(name, header)
		}
		a := decode(&client.Response{Status: status, Header: h, Body: body}, forms[APIs[uint(api)%uint(len(APIs))]], redact)
		if a.JSON != nil && !json.Valid([]byte(*a.JSON)) {
			t.Errorf("invalid JSON %q", *a.JSON)
		}
		for _, text := range []*string{a.JSON, a.Text, a.Model, a.FinishReason, a.ErrorMessage, a.LogID, &a.ErrorLabel, &a.ContentType, &a.RayID} {
			if text != nil && !utf8.ValidString(*text) {
				t.Errorf("%q is not UTF-8", *text)
			}
			if text != nil && strings.Contains(*text, secret) {
				t.Errorf("%q shows the secret", *text)
			}
		}
		if a.Text != nil && !a.Completion {
			t.Error("a text without a completion")
		}
		if a.FinishReason != nil && !a.Completion {
			t.Error("an end without a completion")
		}
	})
}
