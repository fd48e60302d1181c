package chat

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
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
		want        Response
	}{
		"completion": {
			status: ok, header: routed,
			body: `{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}],"model":"gpt-x","usage":{"prompt_tokens":3,"completion_tokens":2.0}}`,
			want: Response{
				ContentType: "application/json; charset=utf-8", RayID: "8-AMS",
				Completion: true, Text: wire.Ptr("Hello."), Model: wire.Ptr("gpt-x"), FinishReason: wire.Ptr("stop"),
				PromptTokens: wire.Ptr(int64(3)), CompletionTokens: wire.Ptr(int64(2)),
				CacheStatus: wire.Ptr("MISS"), LogID: wire.Ptr("01J"), Step: wire.Ptr(int64(0)), Provider: wire.Ptr("openai"),
			},
		},
		"model in the header alone": {
			status: ok, header: routed, body: `{"choices":[],"model":null}`,
			want: Response{
				ContentType: "application/json; charset=utf-8", RayID: "8-AMS", Completion: true, Model: wire.Ptr("gpt-y"),
				CacheStatus: wire.Ptr("MISS"), LogID: wire.Ptr("01J"), Step: wire.Ptr(int64(0)), Provider: wire.Ptr("openai"),
			},
		},
		"content in parts": {
			status: ok, body: `{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"image"},7,{"text":"b"}]}}]}`,
			want: Response{Completion: true, Text: wire.Ptr("ab")},
		},
		"content null": {
			status: ok, body: `{"choices":[{"message":{"content":null,"tool_calls":[{}]},"finish_reason":"tool_calls"}]}`,
			want: Response{Completion: true, FinishReason: wire.Ptr("tool_calls")},
		},
		"content empty":            {status: ok, body: `{"choices":[{"message":{"content":""}}]}`, want: Response{Completion: true, Text: wire.Ptr("")}},
		"content without text":     {status: ok, body: `{"choices":[{"message":{"content":[]}}]}`, want: Response{Completion: true}},
		"choices without message":  {status: ok, body: `{"choices":[{}]}`, want: Response{Completion: true}},
		"choices of another type":  {status: ok, body: `{"choices":[3]}`, want: Response{Completion: true}},
		"choices that are no list": {status: ok, body: `{"choices":{"a":1}}`, want: Response{}},
		"usage of another type":    {status: ok, body: `{"choices":[],"usage":[1]}`, want: Response{Completion: true}},
		"tokens as text":           {status: ok, body: `{"choices":[],"usage":{"prompt_tokens":"3","completion_tokens":1.5}}`, want: Response{Completion: true}},
		"one odd field": {
			status: ok, body: `{"choices":[{"message":{"content":"a"},"finish_reason":1}],"model":[],"usage":{"prompt_tokens":{},"completion_tokens":4}}`,
			want: Response{Completion: true, Text: wire.Ptr("a"), CompletionTokens: wire.Ptr(int64(4))},
		},
		"an error with status 200": {
			status: ok, body: `{"error":{"message":"no","code":7}}`,
			want: Response{ErrorMessage: wire.Ptr("no"), ErrorCode: wire.Ptr(int64(7))},
		},
		"another object": {status: ok, body: `{"success":true,"result":{"response":"hi"},"message":"x"}`},
		"no object":      {status: ok, body: `[1]`},
		"empty list":     {status: ok, body: `[]`},
		"a text":         {status: ok, body: `"x"`},
		"null":           {status: ok, body: `null`},
		"gateway's error": {
			status: 400, contentType: asJSON, body: `{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"Please configure"}]}`,
			want: Response{ContentType: asJSON, ErrorCode: wire.Ptr(int64(2001)), ErrorMessage: wire.Ptr("Please configure"), FromGateway: true},
		},
		"gateway's newer error": {
			status: 400,
			body:   `{"success":false,"error":[{"name":"AiGatewayError","httpCode":400,"internalCode":2008,"description":"Invalid provider"}]}`,
			want:   Response{ErrorCode: wire.Ptr(int64(2008)), ErrorMessage: wire.Ptr("Invalid provider"), FromGateway: true},
		},
		"gateway's newer error, whole": {
			status: 400,
			body:   `{"success":false,"error":[{"code":2008,"message":"Bad","name":"AiGatewayError","httpCode":400,"internalCode":2008,"description":"Invalid provider"}]}`,
			want:   Response{ErrorCode: wire.Ptr(int64(2008)), ErrorMessage: wire.Ptr("Bad"), FromGateway: true},
		},
		"several errors": {
			status: 400, body: `{"success":false,"error":[{"code":1,"message":"a"},{"code":2,"message":"b"},{}]}`,
			want: Response{ErrorCode: wire.Ptr(int64(1)), ErrorMessage: wire.Ptr("a; b"), FromGateway: true},
		},
		"policy": {
			status: 403, body: `{"success":false,"error":{"message":"Access denied by policy"}}`,
			want: Response{ErrorMessage: wire.Ptr("Access denied by policy"), FromGateway: true},
		},
		"v4 envelope": {
			status: 401, body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
			want: Response{ErrorCode: wire.Ptr(int64(10000)), ErrorMessage: wire.Ptr("Authentication error"), FromGateway: true},
		},
		"OpenAI": {
			status: 401, body: `{"error":{"message":"Incorrect API key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`,
			want: Response{ErrorMessage: wire.Ptr("Incorrect API key"), ErrorLabel: "invalid_api_key"},
		},
		"OpenAI, no code": {
			status: 500, body: `{"error":{"message":"Oops","type":"server_error","code":null}}`,
			want: Response{ErrorMessage: wire.Ptr("Oops"), ErrorLabel: "server_error"},
		},
		"a number as text": {
			status: 429, body: `{"error":{"message":"Slow down","code":"1302"}}`,
			want: Response{ErrorMessage: wire.Ptr("Slow down"), ErrorCode: wire.Ptr(int64(1302))},
		},
		"Anthropic": {
			status: 404, body: `{"type":"error","error":{"type":"not_found_error","message":"model: x"}}`,
			want: Response{ErrorMessage: wire.Ptr("model: x"), ErrorLabel: "not_found_error"},
		},
		"Google": {
			status: 400, body: `[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]`,
			want: Response{ErrorMessage: wire.Ptr("API key not valid"), ErrorCode: wire.Ptr(int64(400))},
		},
		"error as text":    {status: 500, body: `{"error":"model crashed"}`, want: Response{ErrorMessage: wire.Ptr("model crashed")}},
		"message alone":    {status: 404, body: `{"message":"no such route"}`, want: Response{ErrorMessage: wire.Ptr("no such route")}},
		"detail alone":     {status: 422, body: `{"detail":"bad"}`, want: Response{ErrorMessage: wire.Ptr("bad")}},
		"body as text":     {status: 500, body: `"crashed"`, want: Response{ErrorMessage: wire.Ptr("crashed")}},
		"errors as number": {status: 500, body: `{"error":5,"errors":[null,1]}`, want: Response{FromGateway: true}},
		"plain text":       {status: 429, contentType: "text/plain; charset=UTF-8", body: "error code: 1015\n", want: Response{ContentType: "text/plain; charset=UTF-8", ErrorMessage: wire.Ptr("error code: 1015")}},
		"HTML":             {status: 502, contentType: "text/html", body: "<html>Bad gateway</html>", want: Response{ContentType: "text/html"}},
		"empty":            {status: 500},
		"stream":           {status: ok, contentType: "text/event-stream", body: "data: {}\n\n", want: Response{ContentType: "text/event-stream"}},
		"two values":       {status: ok, body: `{"choices":[]} {}`},
		"step is no number": {
			status: ok, header: http.Header{"Cf-Aig-Step": {"first"}}, body: `{"choices":[]}`, want: Response{Completion: true},
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
			got := decode(&client.Response{Status: test.status, Header: header, Body: []byte(test.body), Attempts: 1}, forms[APICompat], asIs)
			if isJSON := json.Valid([]byte(test.body)); (got.JSON != nil) != isJSON {
				t.Errorf("JSON %v, want %v", got.JSON, isJSON)
			}
			got.JSON = nil
			test.want.Status, test.want.Attempts = test.status, 1
			clienttest.RequireEqual(t, &test.want, got)
		})
	}
}

func TestDecodeChatKeepsJSON(t *testing.T) {
	const body = " {\"b\": [1.0, 12345678901234567890, \"<&>\"],\n \"a\": null, \"choices\": []}\n"
	got := decode(&client.Response{Status: 200, Header: http.Header{}, Body: []byte(body)}, forms[APICompat], asIs)
	if want := `{"a":null,"b":[1.0,12345678901234567890,"<&>"],"choices":[]}`; *got.JSON != want {
		t.Errorf("got %s", *got.JSON)
	}
}
