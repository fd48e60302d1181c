// Package secretsstore implements the Secrets Store of an account, which holds the keys of
// providers: the resource aigateway_secrets_store and the data source
// aigateway_secrets_stores.
package secretsstore

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts holds what the service returns about a Secrets Store.
type facts struct {
	ID         types.String      `tfsdk:"id"`
	Name       types.String      `tfsdk:"name"`
	CreatedAt  timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt timetypes.RFC3339 `tfsdk:"modified_at"`
}

// descriptions are shared by the resource and the data source.
var descriptions = map[string]string{
	"id":          "ID of the store; a gateway's `store_id`.",
	"created_at":  "When the store was created (RFC 3339, UTC).",
	"modified_at": "When the store was last changed (RFC 3339, UTC).",
}

// fromAPI takes over the service's response. A name that the response lacks stays as it
// was.
func (f *facts) fromAPI(store *secretsstores.Store) {
	f.ID = types.StringValue(store.ID)
	if store.Name != "" || f.Name.IsNull() || f.Name.IsUnknown() {
		f.Name = types.StringValue(store.Name)
	}
	f.CreatedAt, f.ModifiedAt = convert.Time(store.CreatedAt), convert.Time(store.ModifiedAt)
}

// model is the resource's configuration, plan or state.
type model struct {
	facts
	AccountID types.String `tfsdk:"account_id"`
}

// Identity implements [crud.Object].
func (m model) Identity() identity.Identity {
	return identity.InAccount{AccountID: m.AccountID, ID: m.ID}
}

// Subject implements [crud.Object].
func (m model) Subject(verb string) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: object, AccountID: m.AccountID.ValueString(), ID: m.Name.ValueString(), ResourceType: ResourceType,
		Permission: "Secrets Store Edit", Attributes: map[string]path.Path{"name": path.Root("name")},
		ImportHint: "The data source aigateway_secrets_stores lists the stores of an account.",
	}
	if verb == "read" {
		s.Permission = "Secrets Store Read"
	}
	if s.ID == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
	}
	return s
}

// object is what errors call a Secrets Store.
const object = "Secrets Store"
