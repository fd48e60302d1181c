package clienttest

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// results are seeds for every decoder.
var results = []string{
	``, `{}`, `null`, `[]`, `[null]`, `[7]`, `7`, `""`, `"demo"`, `{"id":7}`, `{"id":null}`, `{"id":""}`, `[{"id":""}]`, `{"id":"a","id":"b"}`,
	`{"ID":"a"}`, `{"id":"\ud800"}`, `{"id":"../x"}`, `{"id":"a"}}`, `{"id":"a"},"success":false`, `null,"success":false,"errors":[{"code":7002}]`,
	`null,"success":false,"errors":[{"message":"` + SecretAPI + `"}]`, `{"id":["` + SecretAPI + `"]}`, `[{"id":"a","created_at":"` + SecretAPI + `"}]`,
	`[{"id":"a"},{"id":"a"}]`, `[{"id":"a"}],"result_info":{"total_count":-1}`, `[{"id":"a"}],"result_info":{"total_count":1e999}`,
}

// FuzzDecoder decodes results that the fuzzer makes up. decode calls the client, which
// gets each result in an envelope that says success, and checks what it decodes. Its
// error must be one of the client, about this response, and without secrets. Seeds
// are added to those that all decoders have.
func FuzzDecoder(f *testing.F, decode func(t *testing.T, c *client.Client) error, seeds ...string) {
	f.Helper()
	for _, seed := range append(results, seeds...) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, result string) {
		RequireUnexpected(t, decode(t, offline(t, `{"success":true,"result":`+result+`}`)))
	})
}

// offline returns a client that gets the same response to every request, and does not
// wait.
func offline(t *testing.T, body string) *client.Client {
	t.Helper()
	c, _ := New(t, "http://127.0.0.1", WithSecrets, Retries(0), Over(AlwaysReply(200, body)))
	return c
}

// RequireUnexpected fails the test unless err is nil, or says that a response with a
// status of success cannot be used. The service may list errors in such a response
// as well, which then say what failed. That an object does not exist is never said
// by a success: the provider would forget the object.
func RequireUnexpected(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var failed *client.Error
	if !errors.As(err, &failed) || failed.Kind() == nil || errors.Is(err, client.ErrNotFound) ||
		len(failed.Items) == 0 && !errors.Is(err, client.ErrUnexpectedResponse) {
		t.Fatal(err)
	}
	RequireRedacted(t, err.Error())
}

// RequireRedacted fails the test if text contains one of the secrets of [WithSecrets],
// control characters, or words of encoding/json.
func RequireRedacted(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, unicode.IsControl); i >= 0 || strings.Contains(text, "json: ") {
		t.Fatalf("the text is not for people: %q", text)
	}
	for _, secret := range []string{SecretAPI, SecretGateway, SecretCredential, SecretLong} {
		if strings.Contains(text, secret) {
			t.Fatalf("the text contains the secret %s: %s", secret, text)
		}
	}
}
