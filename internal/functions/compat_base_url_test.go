package functions_test

import "testing"

// TestCompatBaseURL: the URL is that of provider_url, and so are the errors.
func TestCompatBaseURL(t *testing.T) {
	t.Parallel()
	got, failed := call(t, "compat_base_url", account, "my-gateway")
	if want := "https://gateway.ai.cloudflare.com/v1/" + account + "/my-gateway/compat"; failed != nil || got != want {
		t.Errorf("%v, %v, want %s", got, failed, want)
	}
	_, failed = call(t, "compat_base_url", account+"/x", "my-gateway")
	requireRefused(t, failed, 0, "32 hexadecimal digits")
	_, failed = call(t, "compat_base_url", account, "My-Gateway")
	requireRefused(t, failed, 1, "lower-case letters, digits and underscores")
}
