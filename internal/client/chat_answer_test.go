package client

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func asIs(text string) string { return text }

func TestDecodeChat(t *testing.T) {
	const ok, asJSON = http.StatusOK, "application/json"
	routed := http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "Cf-Ray": {"8-AMS"}, "Cf-Aig-Cache-Status": {"MISS"}, "Cf-Aig-Log-Id": {"01J"},
		"Cf-Aig-Step": {"0"}, "Cf-Aig-Provider": {"openai"}, "Cf-Aig-Model": {"gpt-y"},
	}
	for name, test := range map[string]struct {
		status      int
		contentType string
		header      http.Header
		body        string
		want        ChatAnswer
	}{
		"completion": {
			status: ok, header: routed,
			body: `{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}],"model":"gpt-x","usage":{"prompt_tokens":3,"completion_tokens":2.0}}`,
			want: ChatAnswer{
				ContentType: "application/json; charset=utf-8", RayID: "8-AMS",
				Completion: true, Text: ptr("Hello."), Model: ptr("gpt-x"), FinishReason: ptr("stop"),
				PromptTokens: ptr(int64(3)), CompletionTokens: ptr(int64(2)),
				CacheStatus: ptr("MISS"), LogID: ptr("01J"), Step: ptr(int64(0)), Provider: ptr("openai"),
			},
		},
		"model in the header alone": {
			status: ok, header: routed, body: `{"choices":[],"model":null}`,
			want: ChatAnswer{
				ContentType: "application/json; charset=utf-8", RayID: "8-AMS", Completion: true, Model: ptr("gpt-y"),
				CacheStatus: ptr("MISS"), LogID: ptr("01J"), Step: ptr(int64(0)), Provider: ptr("openai"),
			},
		},
		"content in parts": {
			status: ok, body: `{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"image"},7,{"text":"b"}]}}]}`,
			want: ChatAnswer{Completion: true, Text: ptr("ab")},
		},
		"content null": {
			status: ok, body: `{"choices":[{"message":{"content":null,"tool_calls":[{}]},"finish_reason":"tool_calls"}]}`,
			want: ChatAnswer{Completion: true, FinishReason: ptr("tool_calls")},
		},
		"content empty":            {status: ok, body: `{"choices":[{"message":{"content":""}}]}`, want: ChatAnswer{Completion: true, Text: ptr("")}},
		"content without text":     {status: ok, body: `{"choices":[{"message":{"content":[]}}]}`, want: ChatAnswer{Completion: true}},
		"choices without message":  {status: ok, body: `{"choices":[{}]}`, want: ChatAnswer{Completion: true}},
		"choices of another type":  {status: ok, body: `{"choices":[3]}`, want: ChatAnswer{Completion: true}},
		"choices that are no list": {status: ok, body: `{"choices":{"a":1}}`, want: ChatAnswer{}},
		"usage of another type":    {status: ok, body: `{"choices":[],"usage":[1]}`, want: ChatAnswer{Completion: true}},
		"tokens as text":           {status: ok, body: `{"choices":[],"usage":{"prompt_tokens":"3","completion_tokens":1.5}}`, want: ChatAnswer{Completion: true}},
		"one odd field": {
			status: ok, body: `{"choices":[{"message":{"content":"a"},"finish_reason":1}],"model":[],"usage":{"prompt_tokens":{},"completion_tokens":4}}`,
			want: ChatAnswer{Completion: true, Text: ptr("a"), CompletionTokens: ptr(int64(4))},
		},
		"an error with status 200": {
			status: ok, body: `{"error":{"message":"no","code":7}}`,
			want: ChatAnswer{ErrorMessage: ptr("no"), ErrorCode: ptr(int64(7))},
		},
		"another object": {status: ok, body: `{"success":true,"result":{"response":"hi"},"message":"x"}`},
		"no object":      {status: ok, body: `[1]`},
		"empty list":     {status: ok, body: `[]`},
		"a text":         {status: ok, body: `"x"`},
		"null":           {status: ok, body: `null`},
		"gateway's error": {
			status: 400, contentType: asJSON, body: `{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"Please configure"}]}`,
			want: ChatAnswer{ContentType: asJSON, ErrorCode: ptr(int64(2001)), ErrorMessage: ptr("Please configure"), FromGateway: true},
		},
		"gateway's newer error": {
			status: 400,
			body:   `{"success":false,"error":[{"name":"AiGatewayError","httpCode":400,"internalCode":2008,"description":"Invalid provider"}]}`,
			want:   ChatAnswer{ErrorCode: ptr(int64(2008)), ErrorMessage: ptr("Invalid provider"), FromGateway: true},
		},
		"gateway's newer error, whole": {
			status: 400,
			body:   `{"success":false,"error":[{"code":2008,"message":"Bad","name":"AiGatewayError","httpCode":400,"internalCode":2008,"description":"Invalid provider"}]}`,
			want:   ChatAnswer{ErrorCode: ptr(int64(2008)), ErrorMessage: ptr("Bad"), FromGateway: true},
		},
		"several errors": {
			status: 400, body: `{"success":false,"error":[{"code":1,"message":"a"},{"code":2,"message":"b"},{}]}`,
			want: ChatAnswer{ErrorCode: ptr(int64(1)), ErrorMessage: ptr("a; b"), FromGateway: true},
		},
		"policy": {
			status: 403, body: `{"success":false,"error":{"message":"Access denied by policy"}}`,
			want: ChatAnswer{ErrorMessage: ptr("Access denied by policy"), FromGateway: true},
		},
		"v4 envelope": {
			status: 401, body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
			want: ChatAnswer{ErrorCode: ptr(int64(10000)), ErrorMessage: ptr("Authentication error"), FromGateway: true},
		},
		"OpenAI": {
			status: 401, body: `{"error":{"message":"Incorrect API key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`,
			want: ChatAnswer{ErrorMessage: ptr("Incorrect API key"), ErrorLabel: "invalid_api_key"},
		},
		"OpenAI, no code": {
			status: 500, body: `{"error":{"message":"Oops","type":"server_error","code":null}}`,
			want: ChatAnswer{ErrorMessage: ptr("Oops"), ErrorLabel: "server_error"},
		},
		"a number as text": {
			status: 429, body: `{"error":{"message":"Slow down","code":"1302"}}`,
			want: ChatAnswer{ErrorMessage: ptr("Slow down"), ErrorCode: ptr(int64(1302))},
		},
		"Anthropic": {
			status: 404, body: `{"type":"error","error":{"type":"not_found_error","message":"model: x"}}`,
			want: ChatAnswer{ErrorMessage: ptr("model: x"), ErrorLabel: "not_found_error"},
		},
		"Google": {
			status: 400, body: `[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]`,
			want: ChatAnswer{ErrorMessage: ptr("API key not valid"), ErrorCode: ptr(int64(400))},
		},
		"error as text":    {status: 500, body: `{"error":"model crashed"}`, want: ChatAnswer{ErrorMessage: ptr("model crashed")}},
		"message alone":    {status: 404, body: `{"message":"no such route"}`, want: ChatAnswer{ErrorMessage: ptr("no such route")}},
		"detail alone":     {status: 422, body: `{"detail":"bad"}`, want: ChatAnswer{ErrorMessage: ptr("bad")}},
		"body as text":     {status: 500, body: `"crashed"`, want: ChatAnswer{ErrorMessage: ptr("crashed")}},
		"errors as number": {status: 500, body: `{"error":5,"errors":[null,1]}`, want: ChatAnswer{FromGateway: true}},
		"plain text":       {status: 429, contentType: "text/plain; charset=UTF-8", body: "error code: 1015\n", want: ChatAnswer{ContentType: "text/plain; charset=UTF-8", ErrorMessage: ptr("error code: 1015")}},
		"HTML":             {status: 502, contentType: "text/html", body: "<html>Bad gateway</html>", want: ChatAnswer{ContentType: "text/html"}},
		"empty":            {status: 500},
		"stream":           {status: ok, contentType: "text/event-stream", body: "data: {}\n\n", want: ChatAnswer{ContentType: "text/event-stream"}},
		"two values":       {status: ok, body: `{"choices":[]} {}`},
		"step is no number": {
			status: ok, header: http.Header{"Cf-Aig-Step": {"first"}}, body: `{"choices":[]}`, want: ChatAnswer{Completion: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			header := test.header
			if header == nil {
				header = http.Header{}
			}
			if test.contentType != "" {
				header.Set("Content-Type", test.contentType)
			}
			got := decodeChat(&exchange{status: test.status, header: header, body: []byte(test.body), attempts: 1}, chatForms[APICompat], asIs)
			if isJSON := json.Valid([]byte(test.body)); (got.JSON != nil) != isJSON {
				t.Errorf("JSON %v, want %v", got.JSON, isJSON)
			}
			got.JSON = nil
			test.want.Status, test.want.Attempts = test.status, 1
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeChatKeepsJSON(t *testing.T) {
	const body = " {\"b\": [1.0, 12345678901234567890, \"<&>\"],\n \"a\": null, \"choices\": []}\n"
	got := decodeChat(&exchange{status: 200, header: http.Header{}, body: []byte(body)}, chatForms[APICompat], asIs)
	if want := `{"a":null,"b":[1.0,12345678901234567890,"<&>"],"choices":[]}`; *got.JSON != want {
		t.Errorf("got %s", *got.JSON)
	}
}
