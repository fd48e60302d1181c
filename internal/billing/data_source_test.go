package billing_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	dataSource = "aigateway_credit_balance"
	request    = "GET /accounts/…/ai-gateway/billing/credit-balance"
)

type attrs = map[string]any

func TestMain(m *testing.M) { acctest.Main(m) }

// answering returns a service that answers with this result.
func answering(t *testing.T, result string) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{})
	if result != "" {
		service.Emulator.Inject(emulator.Fault{Status: http.StatusOK, Body: `{"success":true,"errors":[],"messages":[],"result":` + result + `}`})
	}
	return service, service.Protocol(t, attrs{"max_retries": int64(0)})
}

func TestBalance(t *testing.T) {
	t.Parallel()
	visa := attrs{"brand": "visa", "last4": "4242"}
	for name, test := range map[string]struct {
		prepare func(*acctest.Service)
		result  string
		want    attrs
	}{
		"positive": {nil, "", attrs{"balance": int64(25), "has_default_payment_method": true, "first_topup_success": true, "payment_method": visa}},
		"a fraction": {func(s *acctest.Service) { s.Emulator.SetCreditBalance(s.AccountID, 12.34) }, "",
			attrs{"balance": 12.34, "has_default_payment_method": true, "first_topup_success": true, "payment_method": visa}},
		"zero": {func(s *acctest.Service) { s.Emulator.SetCreditBalance(s.AccountID, 0) }, "",
			attrs{"balance": int64(0), "has_default_payment_method": true, "first_topup_success": true, "payment_method": visa}},
		"negative": {nil, `{"balance":-0.5,"has_default_payment_method":false,"payment_method":null,"topup_config":null}`,
			attrs{"balance": -0.5, "has_default_payment_method": false}},
		"nulls": {nil, `{"balance":null,"has_default_payment_method":null,"payment_method":null,"first_topup_success":null,"topup_config":` +
			`{"amount":null,"threshold":null,"disabledReason":null,"error":null,"lastFailedAt":null}}`, attrs{}},
		"nothing": {nil, `{}`, attrs{}},
		"a card that is not told": {nil, `{"balance":1,"payment_method":{"brand":null}}`,
			attrs{"balance": int64(1), "payment_method": attrs{"brand": nil, "last4": nil}}},
		"top-up": {nil, `{"balance":1,"topup_config":{"amount":1000,"threshold":500,"disabledReason":null,"error":null,"lastFailedAt":null}}`,
			attrs{"balance": int64(1), "topup_config": attrs{
				"amount": int64(1000), "threshold": int64(500), "disabled_reason": nil, "error": nil, "last_failed_at": nil,
			}}},
		"top-up that failed": {nil, `{"balance":1,"topup_config":{"amount":1000,"threshold":500,"disabledReason":"failed","error":"card declined",` +
			`"lastFailedAt":"2026-08-03T12:00:00+02:00"}}`,
			attrs{"balance": int64(1), "topup_config": attrs{
				"amount": int64(1000), "threshold": int64(500), "disabled_reason": "failed", "error": "card declined",
				"last_failed_at": "2026-08-03T10:00:00Z",
			}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := answering(t, test.result)
			if test.prepare != nil {
				test.prepare(service)
			}
			state, diags := server.ReadDataSource(dataSource, attrs{})
			if len(diags) != 0 {
				t.Fatal(diags)
			}
			service.RequireRequests(t, request)
			got := protocol.Object(t, state)
			if got["account_id"] != service.AccountID {
				t.Errorf("account %v", got["account_id"])
			}
			delete(got, "account_id")
			for name, value := range got {
				if !reflect.DeepEqual(value, test.want[name]) {
					t.Errorf("%s = %#v, want %#v", name, value, test.want[name])
				}
			}
		})
	}
}

// TestErrors: each says what to do, at no attribute.
func TestErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*acctest.Service)
		config  attrs
		at      string
		says    []string
		sent    int
	}{
		"before the first top-up": {
			func(s *acctest.Service) { s.Emulator.SetToppedUp(s.AccountID, false) }, nil, "", []string{
				"Unable to read credit balance", "NO_MANUAL_TOPUP (code 1000); credits must be bought once in the dashboard before this works",
			}, 1,
		},
		"forbidden": {
			func(s *acctest.Service) {
				s.Emulator.Inject(emulator.Fault{Status: 403, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`})
			}, nil, "", []string{"Authentication error (code 10000)", "the permission AI Gateway Read on account " + acctest.AccountID}, 1,
		},
		"unavailable": {
			func(s *acctest.Service) { s.Emulator.Inject(emulator.Fault{Status: 503}) }, nil, "", []string{"The service failed"}, 1,
		},
		"not the API": {func(s *acctest.Service) { s.Emulator.Inject(emulator.Fault{Status: 200, Body: "<html>"}) }, nil, "", []string{"base_url"}, 1},
		"no number": {func(s *acctest.Service) {
			s.Emulator.Inject(emulator.Fault{Status: 200, Body: `{"success":true,"result":{"balance":"much"}}`})
		}, nil, "", []string{"balance"}, 1},
		"bad account":  {nil, attrs{"account_id": "0123"}, "account_id", []string{"32 hexadecimal digits"}, 0},
		"other format": {nil, attrs{"wire_format": "gateway_input"}, "", []string{"Credit balances are not in the wire format", `Use the format "cloudflare"`}, 0},
		"later":        {nil, attrs{"provider_account": protocol.Unknown}, "", []string{"Unknown account ID", "known only after apply"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, _ := answering(t, "")
			if test.prepare != nil {
				test.prepare(service)
			}
			provider, config := attrs{"max_retries": int64(0)}, attrs{}
			for attribute, value := range test.config {
				switch attribute {
				case "wire_format":
					provider[attribute] = value
				case "provider_account":
					provider["account_id"] = value
				default:
					config[attribute] = value
				}
			}
			_, diags := service.Protocol(t, provider).ReadDataSource(dataSource, config)
			for _, want := range test.says {
				if !diags.HasError() || !strings.Contains(diags.String(), want) {
					t.Errorf("want an error that says %q, got: %s", want, diags)
				}
			}
			if placed := len(diags.At("account_id")) == 1; len(diags) != 1 || placed != (test.at != "") {
				t.Errorf("want one error at %q: %s", test.at, diags)
			}
			if got := len(service.Requests()); got != test.sent {
				t.Errorf("%d requests, want %d", got, test.sent)
			}
		})
	}
}

func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	service, server := answering(t, "")
	other := strings.Repeat("e", 32)
	service.Emulator.SetCreditBalance(other, 7)
	state, diags := server.ReadDataSource(dataSource, attrs{"account_id": other})
	if got := protocol.Object(t, state); len(diags) != 0 || got["balance"] != int64(7) || got["account_id"] != other {
		t.Errorf("%v %s", got, diags)
	}
}
