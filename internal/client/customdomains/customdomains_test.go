package customdomains_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
)

// The documentation's sample: times are in milliseconds, zone_id and min_tls are not
// there.
func TestDocumentedSample(t *testing.T) {
	at := time.Date(2026, 7, 1, 17, 0, 0, 0, time.UTC)
	want := &customdomains.Domain{
		Hostname: hostname, GatewayID: "my-gateway", Status: "pending_dcv", CNAMETarget: "<cname-target>", CreatedAt: at, ModifiedAt: at,
	}
	_, c := clienttest.Start(t, clienttest.Repeat(2, clienttest.Reply(200, clienttest.Golden(t, "custom_domain_doc.json")))...)
	created, err := customdomains.Create(t.Context(), c, clienttest.Account, "my-gateway", input())
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, want, created)
	read, err := customdomains.Get(t.Context(), c, clienttest.Account, "my-gateway", hostname)
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, want, read)
}

// What the documented responses leave out counts if it is there, and never fails.
func TestUndocumentedFields(t *testing.T) {
	for name, test := range map[string]struct {
		change       clienttest.Fields
		zone, minTLS *string
	}{
		"texts":   {clienttest.Fields{"zone_id": zoneID, "min_tls": "1.3"}, clienttest.Ptr(zoneID), clienttest.Ptr("1.3")},
		"null":    {clienttest.Fields{"zone_id": nil, "min_tls": nil}, nil, nil},
		"empty":   {clienttest.Fields{"zone_id": "", "min_tls": ""}, nil, nil},
		"another": {clienttest.Fields{"zone_id": clienttest.Fields{"id": 1}, "min_tls": 1.2}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.Start(t, domainReply(test.change))
			got, err := customdomains.Get(t.Context(), c, clienttest.Account, "demo", hostname)
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, test.zone, got.ZoneID)
			clienttest.RequireEqual(t, test.minTLS, got.MinTLS)
		})
	}
}

func TestCreateSendsMinTLS(t *testing.T) {
	server, c := clienttest.Start(t, domainReply(nil))
	sent := input()
	sent.MinTLS = clienttest.Ptr("1.3")
	clienttest.RequireNoError(t, clienttest.ErrorOf(customdomains.Create(t.Context(), c, clienttest.Account, "demo", sent)))
	clienttest.RequireEqual(t, `{"domain":"`+hostname+`","min_tls":"1.3","zone_id":"`+zoneID+`"}`, server.Seen()[0].Body)
}

// storedDomain shows the domain of [input], of this age by the server's clock.
func storedDomain(age time.Duration, change clienttest.Fields) clienttest.Handler {
	all := clienttest.Fields{"created_at": clienttest.ServerTime.Add(-age).UnixMilli()}
	maps.Copy(all, change)
	return clienttest.Dated(domainReply(all))
}

func TestCreateRecovery(t *testing.T) {
	lost := map[string]clienttest.Handler{
		"200 bad field": clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"hostname": hostname, "modified_at": "now"})),
		"200 no id":     clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"status": "pending_dcv"})),
	}
	for name, response := range clienttest.Lost {
		if _, own := lost[name]; !own {
			lost[name] = response
		}
	}
	clienttest.Creation{
		Name: "create custom domain", Request: postDomain, Noun: "custom domain", Lost: lost,
		Looks: client.ReadLooks, Look: []string{getDomain}, LookName: "read custom domain", Stale: true,
		Created:    domainReply(nil),
		Taken:      clienttest.Reply(400, clienttest.Failure(7001, "Custom domain already exists")),
		NameFields: []string{"hostname", "gateway_id"}, IDField: "hostname",
		Found:    storedDomain(time.Second, clienttest.Fields{"status": "active", "zone_id": zoneID, "min_tls": "1.0"}),
		Missing:  clienttest.NotFound,
		WasThere: "a custom domain of this hostname existed before this request",
		Others: map[string]clienttest.Handler{
			"old":             storedDomain(time.Hour, nil),
			"no time":         storedDomain(0, clienttest.Fields{"created_at": nil}),
			"another zone":    storedDomain(0, clienttest.Fields{"zone_id": "0"}),
			"another min_tls": storedDomain(0, clienttest.Fields{"min_tls": "1.1"}),
			"no date":         clienttest.WithoutDate(storedDomain(0, nil)),
		},
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			sent := input()
			sent.MinTLS = clienttest.Ptr("1.0")
			got, err := customdomains.Create(ctx, c, clienttest.Account, "demo", sent)
			if (got == nil) != (err != nil) || got != nil && got.Hostname != hostname {
				t.Errorf("%+v, %v", got, err)
			}
			return err
		},
	}.TestRecovery(t)
}

// Only a refusal that says so means that the hostname is taken.
func TestCreateRefused(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
	}{
		"taken, 400": {clienttest.Reply(400, clienttest.Failure(7001, "Custom domain already exists")), client.ErrAlreadyExists},
		"taken, 409": {clienttest.Reply(409, clienttest.Failure(1003, "taken")), client.ErrAlreadyExists},
		"invalid":    {clienttest.Reply(400, clienttest.Failure(7001, "Required", "body", "zone_id")), client.ErrInvalid},
		"no gateway": {clienttest.NotFound, client.ErrNotFound},
		"forbidden":  {clienttest.Forbidden, client.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			requests := []string{postDomain}
			if errors.Is(test.kind, client.ErrAlreadyExists) { // one look, whether this run created it
				requests = append(requests, getDomain)
			}
			server, c := clienttest.Start(t, []clienttest.Handler{test.response, clienttest.NotFound}[:len(requests)]...)
			clienttest.RequireKind(t, clienttest.ErrorOf(customdomains.Create(t.Context(), c, clienttest.Account, "demo", input())), test.kind)
			server.RequireRequests(requests...)
		})
	}
}

func TestList(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Page(-1, domainObject(nil), domainObject(clienttest.Fields{"hostname": "b.example.com"})))
	all, err := clienttest.Collect(customdomains.List(t.Context(), c, clienttest.Account, "demo"))
	clienttest.RequireNoError(t, err)
	if len(all) != 2 || all[0].Hostname != hostname || all[1].Hostname != "b.example.com" {
		t.Errorf("%+v", all)
	}
	server.RequireRequests(listDomains)
}

// TestListPages: further pages are asked for with the page alone. A list that does not say
// how many there are ends with a page that is not full.
func TestListPages(t *testing.T) {
	var objects []clienttest.Fields
	for i := range 21 {
		objects = append(objects, domainObject(clienttest.Fields{"hostname": fmt.Sprintf("d%d.example.com", i)}))
	}
	for name, total := range map[string]int{"with a total": 21, "without": -1} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Page(total, objects[:20]...), clienttest.Page(total, objects[20:]...))
			all, err := clienttest.Collect(customdomains.List(t.Context(), c, clienttest.Account, "demo"))
			clienttest.RequireNoError(t, err)
			if len(all) != 21 {
				t.Errorf("%d domains", len(all))
			}
			server.RequireRequests(listDomains, listDomains+"?page=2")
		})
	}
}

func FuzzDecodeCustomDomain(f *testing.F) {
	clienttest.FuzzDecoder(f, func(t *testing.T, c *client.Client) error {
		t.Helper()
		domain, err := customdomains.Get(t.Context(), c, clienttest.Account, "demo", hostname)
		if err == nil && domain.Hostname != hostname {
			t.Fatalf("%+v", domain)
		}
		return err
	}, `{"hostname":"ai.example.com","gateway_id":"demo","status":"pending_dcv","cname_target":"x","created_at":1782925200000}`,
		`{"hostname":"ai.example.com","zone_id":{"x":["y"]},"min_tls":1.2}`)
}
