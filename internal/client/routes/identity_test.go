package routes_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

// A response to a new version or a deployment that describes another route counts as
// lost.
func TestVersionsOfAnotherRoute(t *testing.T) {
	for name, change := range map[string]clienttest.Fields{
		"route": {"id": "r9"}, "gateway": {"gateway_id": "other"}, "account": {"account_tag": "ffffffffffffffffffffffffffffffff"},
		"version": {"version_id": "../v"}, "deployment": {"deployment_id": "../d"},
	} {
		t.Run(name, func(t *testing.T) {
			reply := clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "r1", "version_id": "v2", "deployment_id": "d2"}))
			another := clienttest.Altered(t, reply, change)
			server, c := clienttest.Start(t, another, listed("versions", versionAt(1, "v2", graphOf("a"))))
			if id, err := newVersion(t, c); err != nil || id != "v2" {
				t.Errorf("%q, %v", id, err)
			}
			server.RequireRequests(versionRequest, versionsRequest)

			server, c = clienttest.Start(t, another, inForce("v2", "d2"))
			route, err := deploy(t, c)
			requireRoute(t, wantDeployed(), route, err)
			server.RequireRequests(deployRequest, "GET /demo/routes/r1")
		})
	}
}
