package gateways_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func collect(t *testing.T, c *client.Client, search string) ([]string, error) {
	t.Helper()
	ids := []string{}
	for gateway, err := range gateways.List(t.Context(), c, clienttest.Account, search) {
		if err != nil {
			if gateway != nil {
				t.Error("an error comes with a gateway")
			}
			return ids, err
		}
		ids = append(ids, gateway.ID)
	}
	return ids, nil
}

func TestList(t *testing.T) {
	const none = -1
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		want      []string
	}{
		"none":                      {[]clienttest.Handler{clienttest.GatewayPage(1, 0, 0)}, clienttest.GatewayNames(1, 0)},
		"none, without total":       {[]clienttest.Handler{clienttest.GatewayPage(1, 0, none)}, clienttest.GatewayNames(1, 0)},
		"one":                       {[]clienttest.Handler{clienttest.GatewayPage(1, 1, 1)}, clienttest.GatewayNames(1, 1)},
		"99, without total":         {[]clienttest.Handler{clienttest.GatewayPage(1, 99, none)}, clienttest.GatewayNames(1, 99)},
		"100":                       {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 100)}, clienttest.GatewayNames(1, 100)},
		"100, without total":        {[]clienttest.Handler{clienttest.GatewayPage(1, 100, none), clienttest.GatewayPage(1, 0, none)}, clienttest.GatewayNames(1, 100)},
		"101":                       {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 101), clienttest.GatewayPage(101, 101, 101)}, clienttest.GatewayNames(1, 101)},
		"200":                       {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 200), clienttest.GatewayPage(101, 200, 200)}, clienttest.GatewayNames(1, 200)},
		"200, without total":        {[]clienttest.Handler{clienttest.GatewayPage(1, 100, none), clienttest.GatewayPage(101, 200, none), clienttest.GatewayPage(1, 0, none)}, clienttest.GatewayNames(1, 200)},
		"250":                       {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 250), clienttest.GatewayPage(101, 200, 250), clienttest.GatewayPage(201, 250, 250)}, clienttest.GatewayNames(1, 250)},
		"250, without total":        {[]clienttest.Handler{clienttest.GatewayPage(1, 100, none), clienttest.GatewayPage(101, 200, none), clienttest.GatewayPage(201, 250, none)}, clienttest.GatewayNames(1, 250)},
		"a server with small pages": {[]clienttest.Handler{clienttest.GatewayPage(1, 20, 50), clienttest.GatewayPage(21, 40, 50), clienttest.GatewayPage(41, 50, 50)}, clienttest.GatewayNames(1, 50)},
		"a server without pages":    {[]clienttest.Handler{clienttest.GatewayPage(1, 150, none), clienttest.GatewayPage(1, 150, none)}, clienttest.GatewayNames(1, 150)},
		"the same without total":    {[]clienttest.Handler{clienttest.GatewayPage(1, 100, none), clienttest.GatewayPage(1, 100, none)}, clienttest.GatewayNames(1, 100)},
		"the same with total":       {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 300), clienttest.GatewayPage(1, 100, 300)}, clienttest.GatewayNames(1, 100)},
		"a total that is too large": {[]clienttest.Handler{clienttest.GatewayPage(1, 30, 1000), clienttest.GatewayPage(1, 0, 1000)}, clienttest.GatewayNames(1, 30)},
		"created meanwhile":         {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 101), clienttest.GatewayPage(100, 101, 102)}, clienttest.GatewayNames(1, 101)},
		// The one that moved to the page before is missed. Pages cannot do better.
		"deleted meanwhile":          {[]clienttest.Handler{clienttest.GatewayPage(1, 100, 120), clienttest.GatewayPage(102, 120, 119)}, append(clienttest.GatewayNames(1, 100), clienttest.GatewayNames(102, 120)...)},
		"the same twice in one page": {[]clienttest.Handler{clienttest.GatewayList(3, "a", "a", "b")}, []string{"a", "b"}},
		"larger than asked for":      {[]clienttest.Handler{clienttest.GatewayPage(1, 250, 250)}, clienttest.GatewayNames(1, 250)},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			ids, err := collect(t, c, "")
			clienttest.RequireNoError(t, err)
			if !slices.Equal(ids, test.want) {
				t.Errorf("%d gateways, want %d: %v", len(ids), len(test.want), ids)
			}
			want := []string{}
			for i := range test.responses {
				want = append(want, clienttest.PageRequest(i+1))
			}
			server.RequireRequests(want...)
		})
	}
}

// Nothing depends on the form of result_info, which is not guaranteed.
func TestListWithOddResultInfo(t *testing.T) {
	for _, info := range []any{nil, []any{}, "none", 7, clienttest.Fields{}, clienttest.Fields{"total_count": nil}, clienttest.Fields{"total_count": "many"}, clienttest.Fields{"total_count": 1.5}} {
		t.Run(clienttest.Encode(info), func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Encode(clienttest.Fields{
				"success": true, "result": []any{clienttest.Gateway("a", nil), clienttest.Gateway("b", nil)}, "result_info": info,
			})))
			ids, err := collect(t, c, "")
			if err != nil || !slices.Equal(ids, []string{"a", "b"}) {
				t.Errorf("%v, %v", ids, err)
			}
			server.RequireRequests(clienttest.PageRequest(1))
		})
	}
}

func TestListStopsWhenTheCallerDoes(t *testing.T) {
	for _, after := range []int{1, 99, 100} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.GatewayPage(1, 100, 250))
			n := 0
			for _, err := range gateways.List(t.Context(), c, clienttest.Account, "") {
				clienttest.RequireNoError(t, err)
				if n++; n == after {
					break
				}
			}
			server.RequireRequests(clienttest.PageRequest(1))
		})
	}
}

// A second iteration sends the requests again.
func TestListCanBeReadTwice(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.GatewayPage(1, 2, 2), clienttest.GatewayPage(1, 1, 1))
	listed := gateways.List(t.Context(), c, clienttest.Account, "")
	for round, want := range []int{2, 1} {
		n := 0
		for _, err := range listed {
			clienttest.RequireNoError(t, err)
			n++
		}
		if n != want {
			t.Errorf("round %d has %d gateways, want %d", round+1, n, want)
		}
	}
	server.RequireRequests(clienttest.PageRequest(1), clienttest.PageRequest(1))
}

func TestListSendsNothingUntilRead(t *testing.T) {
	server, c := clienttest.Start(t)
	_ = gateways.List(t.Context(), c, clienttest.Account, "")
	server.RequireRequests()
}

func TestListFailsOnLaterPage(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
	}{
		"refused":                  {clienttest.Forbidden, client.ErrUnauthorized},
		"an item without id":       {clienttest.Reply(200, clienttest.Envelope([]any{clienttest.Gateway("b", nil), clienttest.Fields{"cache_ttl": 1}})), client.ErrUnexpectedResponse},
		"an item that is null":     {clienttest.Reply(200, clienttest.Envelope([]any{nil})), client.ErrUnexpectedResponse},
		"an item that is a number": {clienttest.Reply(200, clienttest.Envelope([]any{7})), client.ErrUnexpectedResponse},
		"not a list":               {clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway("b", nil))), client.ErrUnexpectedResponse},
		"no result":                {clienttest.Reply(200, `{"success":true}`), client.ErrUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.GatewayPage(1, 100, 250), test.response)
			n, failures := 0, 0
			for _, err := range gateways.List(t.Context(), c, clienttest.Account, "") {
				if err == nil {
					n++
					continue
				}
				failures++
				clienttest.RequireError(t, err, test.kind, "list gateways: HTTP ")
			}
			if n != 100 || failures != 1 {
				t.Errorf("%d gateways and %d errors", n, failures)
			}
			server.RequireRequests(clienttest.PageRequest(1), clienttest.PageRequest(2))
		})
	}
}

func TestListRepeatsAPage(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.GatewayPage(1, 100, 120), clienttest.Reply(502, ""), clienttest.GatewayPage(101, 120, 120))
	ids, err := collect(t, c, "")
	if err != nil || len(ids) != 120 {
		t.Errorf("%d gateways, %v", len(ids), err)
	}
	server.RequireRequests(clienttest.PageRequest(1), clienttest.PageRequest(2), clienttest.PageRequest(2))
}

func TestListSearches(t *testing.T) {
	for _, search := range []string{"demo", "a b", "a&per_page=1", "a=b", "a+b", "50%", "%2F", "#x", "?", "/../..", "grün", "a\nb", `"`} {
		t.Run(search, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.GatewayPage(1, 100, 101), clienttest.GatewayPage(101, 101, 101))
			clienttest.RequireNoError(t, clienttest.ErrorOf(collect(t, c, search)))
			seen := server.Seen()
			if len(seen) != 2 {
				t.Fatalf("%d requests", len(seen))
			}
			for i, r := range seen {
				u, err := url.ParseRequestURI(r.URI)
				clienttest.RequireNoError(t, err)
				query, err := url.ParseQuery(u.RawQuery)
				clienttest.RequireNoError(t, err)
				want := url.Values{"page": {fmt.Sprint(i + 1)}, "per_page": {"100"}, "search": {search}}
				if r.Method != http.MethodGet || u.Path != clienttest.GatewaysPath || query.Encode() != want.Encode() {
					t.Errorf("%s %s", r.Method, r.URI)
				}
			}
		})
	}
}
