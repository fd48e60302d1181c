package validate_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// refusals returns the details of the errors about a value.
func refusals(t *testing.T, validators []validator.String, value types.String) []string {
	t.Helper()
	var details []string
	for _, v := range validators {
		req := validator.StringRequest{Path: path.Root("it"), ConfigValue: value}
		var resp validator.StringResponse
		v.ValidateString(t.Context(), req, &resp)
		for _, d := range resp.Diagnostics.Errors() {
			details = append(details, d.Detail())
		}
	}
	return details
}

// requireValues fails the test unless the good values are accepted and the bad ones
// rejected with an error that contains the given text.
func requireValues(t *testing.T, validators []validator.String, good []string, bad map[string]string) {
	t.Helper()
	for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
		if details := refusals(t, validators, value); len(details) != 0 {
			t.Errorf("%s is refused: %q", value, details)
		}
	}
	for _, value := range good {
		if details := refusals(t, validators, types.StringValue(value)); len(details) != 0 {
			t.Errorf("%q is refused: %q", value, details)
		}
	}
	for value, says := range bad {
		details := strings.Join(refusals(t, validators, types.StringValue(value)), "\n")
		if details == "" || !strings.Contains(details, says) {
			t.Errorf("%q is refused with %q, which does not say %q", value, details, says)
		}
	}
}

func TestAccountID(t *testing.T) {
	const digits = "0123456789abcdef0123456789abcdef"
	const says = "32 hexadecimal digits in lower case"
	requireValues(t, validate.AccountID(),
		[]string{digits, strings.Repeat("0", 32), strings.Repeat("f", 32)},
		map[string]string{
			"": says, "my-account": says, digits[1:]: says, digits + "0": says, strings.ToUpper(digits): says,
			digits[:31] + "g": says, digits + "\n": says, " " + digits: says, digits[:31] + "/": says, "../" + digits[3:]: says,
		})
}

func TestGatewayName(t *testing.T) {
	const form, length = "lower-case letters, digits and underscores, in groups joined by single hyphens", "between 1 and 64"
	requireValues(t, validate.GatewayName(),
		[]string{"a", "0", "_", "default", "my-gateway_1", "a-b-c", "__", "a_-_b", strings.Repeat("a", 64)},
		map[string]string{
			"": length, strings.Repeat("a", 65): length, "My-Gateway": form, "-a": form, "a-": form, "a--b": form, "-": form,
			"a b": form, "a/b": form, "..": form, "a.b": form, "a%2Fb": form, "a\n": form, "ä": form, "a:b": form,
		})
}

func TestRouteName(t *testing.T) {
	const form = "must not contain white space or slashes, because requests name the route as the model dynamic/<name>"
	requireValues(t, validate.RouteName(),
		[]string{"a", "customer-support", "Größe_1", "a.b:c", "%", "日本", strings.Repeat("a", 500)},
		map[string]string{"": "at least 1", "a b": form, "a\tb": form, "a\n": form, "/": form, "dynamic/a": form, " ": form})
}

func TestModelName(t *testing.T) {
	const form = "must be {provider}/{model}"
	requireValues(t, validate.ModelName(),
		[]string{"openai/gpt-5.2", "workers-ai/@cf/meta/llama", "@cf/meta/llama", "dynamic/a", "custom-a/b:c", "custom/a", "cloudflare/auto"},
		map[string]string{"": form, "gpt-5.2": form, "openai/": form, "/gpt": form, "open ai/gpt": form, "openai/gpt 5": form, "a//b": form, "a/b\n": form})
}

func TestWholeNumber(t *testing.T) {
	refusal := func(minimum int64, value types.Float64) string {
		var all []string
		for _, v := range validate.WholeNumber(minimum) {
			if said := v.Description(t.Context()); said == "" || said != v.MarkdownDescription(t.Context()) {
				t.Errorf("it describes itself as %q", said)
			}
			req := validator.Float64Request{Path: path.Root("elements").AtMapKey("a b").AtName("window"), ConfigValue: value}
			var resp validator.Float64Response
			v.ValidateFloat64(t.Context(), req, &resp)
			for _, d := range resp.Diagnostics {
				all = append(all, d.Summary()+": "+d.Detail())
			}
		}
		return strings.Join(all, "; ")
	}
	for _, value := range []types.Float64{
		types.Float64Null(), types.Float64Unknown(), types.Float64Value(1), types.Float64Value(60), types.Float64Value(1e3), types.Float64Value(1<<53 - 1),
	} {
		if said := refusal(1, value); said != "" {
			t.Errorf("%s is refused: %s", value, said)
		}
	}
	if said := refusal(0, types.Float64Value(0)); said != "" {
		t.Errorf("0 is refused: %s", said)
	}
	for value, is := range map[float64]string{
		0: "0", -1: "-1", 0.5: "0.5", 60.5: "60.5", 1 << 53: "9007199254740992", 1e300: "1" + strings.Repeat("0", 300), 1e-7: "0.0000001",
	} {
		want := `Invalid Attribute Value: Attribute elements["a b"].window must be a whole number from 1 to 9007199254740991, got: ` + is + "."
		if said := refusal(1, types.Float64Value(value)); said != want {
			t.Errorf("%v is refused with %q, want %q", value, said, want)
		}
	}
}

func TestServerID(t *testing.T) {
	const form = "must be the ID of a dynamic route, as the service assigned it"
	requireValues(t, validate.ServerID("a dynamic route"),
		[]string{"01a1fdcd-304c-7000-8c69-8c1215e64c1d", "abc123"},
		map[string]string{"": form, "..": form, "a/b": form, "a b": form, "a?b": form, "a\n": form})
}
