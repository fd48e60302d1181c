package client_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func pageRequest(n int) string { return fmt.Sprintf("GET ?page=%d&per_page=100", n) }

func names(from, to int) []string {
	all := []string{}
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("gateway-%03d", i))
	}
	return all
}

// list is an answer with these gateways; total below 0 leaves result_info out.
func list(total int, ids ...string) answer {
	objects := []any{}
	for _, id := range ids {
		objects = append(objects, object(id, nil))
	}
	body := fields{"success": true, "result": objects}
	if total >= 0 {
		body["result_info"] = fields{"count": len(ids), "page": 1, "per_page": 100, "total_count": total}
	}
	return reply(200, encoded(body))
}

// page is an answer with the gateways from the first to the last.
func page(from, to, total int) answer { return list(total, names(from, to)...) }

func collect(t *testing.T, c *client.Client, search string) ([]string, error) {
	t.Helper()
	ids := []string{}
	for gateway, err := range gateways.List(t.Context(), c, account, search) {
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
		answers []answer
		want    []string
	}{
		"none":                      {[]answer{page(1, 0, 0)}, names(1, 0)},
		"none, without total":       {[]answer{page(1, 0, none)}, names(1, 0)},
		"one":                       {[]answer{page(1, 1, 1)}, names(1, 1)},
		"99, without total":         {[]answer{page(1, 99, none)}, names(1, 99)},
		"100":                       {[]answer{page(1, 100, 100)}, names(1, 100)},
		"100, without total":        {[]answer{page(1, 100, none), page(1, 0, none)}, names(1, 100)},
		"101":                       {[]answer{page(1, 100, 101), page(101, 101, 101)}, names(1, 101)},
		"200":                       {[]answer{page(1, 100, 200), page(101, 200, 200)}, names(1, 200)},
		"200, without total":        {[]answer{page(1, 100, none), page(101, 200, none), page(1, 0, none)}, names(1, 200)},
		"250":                       {[]answer{page(1, 100, 250), page(101, 200, 250), page(201, 250, 250)}, names(1, 250)},
		"250, without total":        {[]answer{page(1, 100, none), page(101, 200, none), page(201, 250, none)}, names(1, 250)},
		"a server with small pages": {[]answer{page(1, 20, 50), page(21, 40, 50), page(41, 50, 50)}, names(1, 50)},
		"a server without pages":    {[]answer{page(1, 150, none), page(1, 150, none)}, names(1, 150)},
		"the same without total":    {[]answer{page(1, 100, none), page(1, 100, none)}, names(1, 100)},
		"the same with total":       {[]answer{page(1, 100, 300), page(1, 100, 300)}, names(1, 100)},
		"a total that is too large": {[]answer{page(1, 30, 1000), page(1, 0, 1000)}, names(1, 30)},
		"created meanwhile":         {[]answer{page(1, 100, 101), page(100, 101, 102)}, names(1, 101)},
		// The one that moved to the page before is missed: pages cannot do better.
		"deleted meanwhile":          {[]answer{page(1, 100, 120), page(102, 120, 119)}, append(names(1, 100), names(102, 120)...)},
		"the same twice in one page": {[]answer{list(3, "a", "a", "b")}, []string{"a", "b"}},
		"larger than asked for":      {[]answer{page(1, 250, 250)}, names(1, 250)},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.answers...)
			c, _ := newClient(t, server.URL)
			ids, err := collect(t, c, "")
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(ids, test.want) {
				t.Errorf("%d gateways, want %d: %v", len(ids), len(test.want), ids)
			}
			want := []string{}
			for i := range test.answers {
				want = append(want, pageRequest(i+1))
			}
			server.requireSeen(want...)
		})
	}
}

// What a server says about its pages is not promised, so nothing hangs on its
// form.
func TestListWithOddResultInfo(t *testing.T) {
	for _, info := range []any{nil, []any{}, "none", 7, fields{}, fields{"total_count": nil}, fields{"total_count": "many"}, fields{"total_count": 1.5}} {
		t.Run(encoded(info), func(t *testing.T) {
			server := serve(t, reply(200, encoded(fields{
				"success": true, "result": []any{object("a", nil), object("b", nil)}, "result_info": info,
			})))
			c, _ := newClient(t, server.URL)
			ids, err := collect(t, c, "")
			if err != nil || !slices.Equal(ids, []string{"a", "b"}) {
				t.Errorf("%v, %v", ids, err)
			}
			server.requireSeen(pageRequest(1))
		})
	}
}

func TestListStopsWhenTheCallerDoes(t *testing.T) {
	for _, after := range []int{1, 99, 100} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			server := serve(t, page(1, 100, 250))
			c, _ := newClient(t, server.URL)
			n := 0
			for _, err := range gateways.List(t.Context(), c, account, "") {
				if err != nil {
					t.Fatal(err)
				}
				if n++; n == after {
					break
				}
			}
			server.requireSeen(pageRequest(1))
		})
	}
}

// A second round over the same list asks anew.
func TestListCanBeReadTwice(t *testing.T) {
	server := serve(t, page(1, 2, 2), page(1, 1, 1))
	c, _ := newClient(t, server.URL)
	listed := gateways.List(t.Context(), c, account, "")
	for round, want := range []int{2, 1} {
		n := 0
		for _, err := range listed {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != want {
			t.Errorf("round %d has %d gateways, want %d", round+1, n, want)
		}
	}
	server.requireSeen(pageRequest(1), pageRequest(1))
}

func TestListSendsNothingUntilRead(t *testing.T) {
	server := serve(t)
	c, _ := newClient(t, server.URL)
	_ = gateways.List(t.Context(), c, account, "")
	server.requireSeen()
}

func TestListFailsOnLaterPage(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		kind   error
	}{
		"refused":                  {reply(403, failure(10000, "Authentication error")), client.ErrUnauthorized},
		"an item without id":       {reply(200, envelope([]any{object("b", nil), fields{"cache_ttl": 1}})), client.ErrUnexpectedResponse},
		"an item that is null":     {reply(200, envelope([]any{nil})), client.ErrUnexpectedResponse},
		"an item that is a number": {reply(200, envelope([]any{7})), client.ErrUnexpectedResponse},
		"not a list":               {reply(200, envelope(object("b", nil))), client.ErrUnexpectedResponse},
		"no result":                {reply(200, `{"success":true}`), client.ErrUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, page(1, 100, 250), test.answer)
			c, _ := newClient(t, server.URL)
			n, failures := 0, 0
			for _, err := range gateways.List(t.Context(), c, account, "") {
				if err == nil {
					n++
					continue
				}
				failures++
				requireKind(t, err, test.kind)
				requireText(t, err.Error(), "list gateways: HTTP ")
			}
			if n != 100 || failures != 1 {
				t.Errorf("%d gateways and %d errors", n, failures)
			}
			server.requireSeen(pageRequest(1), pageRequest(2))
		})
	}
}

func TestListRepeatsAPage(t *testing.T) {
	server := serve(t, page(1, 100, 120), reply(502, ""), page(101, 120, 120))
	c, _ := newClient(t, server.URL)
	ids, err := collect(t, c, "")
	if err != nil || len(ids) != 120 {
		t.Errorf("%d gateways, %v", len(ids), err)
	}
	server.requireSeen(pageRequest(1), pageRequest(2), pageRequest(2))
}

func TestListSearches(t *testing.T) {
	for _, search := range []string{"demo", "a b", "a&per_page=1", "a=b", "a+b", "50%", "%2F", "#x", "?", "/../..", "grün", "a\nb", `"`} {
		t.Run(search, func(t *testing.T) {
			server := serve(t, page(1, 100, 101), page(101, 101, 101))
			c, _ := newClient(t, server.URL)
			if _, err := collect(t, c, search); err != nil {
				t.Fatal(err)
			}
			seen := server.seen()
			if len(seen) != 2 {
				t.Fatalf("%d requests", len(seen))
			}
			for i, r := range seen {
				u, err := url.ParseRequestURI(r.URI)
				if err != nil {
					t.Fatal(err)
				}
				query, err := url.ParseQuery(u.RawQuery)
				if err != nil {
					t.Fatal(err)
				}
				want := url.Values{"page": {fmt.Sprint(i + 1)}, "per_page": {"100"}, "search": {search}}
				if r.Method != http.MethodGet || u.Path != gatewaysPath || query.Encode() != want.Encode() {
					t.Errorf("%s %s", r.Method, r.URI)
				}
			}
		})
	}
}
