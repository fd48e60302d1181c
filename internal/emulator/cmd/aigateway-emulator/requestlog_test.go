package main

import (
	"bytes"
	"testing"
	"time"
)

func TestReadableLog(t *testing.T) {
	var out bytes.Buffer
	log := readableLog{out: &out, now: func() time.Time { return time.Date(2026, 11, 28, 9, 5, 7, 0, time.UTC) }}
	for _, line := range []string{
		`{"method":"GET","path":"/client/v4/accounts/a/ai-gateway/gateways?page=1","body":"","status":200}` + "\n",
		`{"method":"POST","path":"/v1/a/gw/compat/chat/completions","body":"{\"secret\":1}","status":401}` + "\n",
		`{"method":"POST","path":"/v1/a/gw/google-ai-studio/v1beta/models/gemini:generateContent?key=secret","status":200}` + "\n",
		`{"method":"DELETE","path":"/client/v4/x","status":0}` + "\n", "no JSON\n",
	} {
		if n, err := log.Write([]byte(line)); err != nil || n != len(line) {
			t.Errorf("%d, %v", n, err)
		}
	}
	want := "09:05:07  GET    200  /accounts/a/ai-gateway/gateways?page=1\n" +
		"09:05:07  POST   401  /v1/a/gw/compat/chat/completions\n" +
		"09:05:07  POST   200  /v1/a/gw/google-ai-studio/v1beta/models/gemini:generateContent\n" +
		"09:05:07  DELETE cut  /x\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
