// Package crud holds the parts of resources and data sources that are the same
// for every API object.
package crud

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// An Object is an API object as a resource's model holds it.
type Object interface {
	// Identity returns the object's identity.
	Identity() identity.Identity
	// Subject describes the object in errors about a request; the verb says what
	// the request was to do.
	Subject(verb string) diagnostics.Subject
}

// Model is the constraint of pointers to a resource's model: a struct with tfsdk
// tags, or one with the methods Raw and FromRaw.
type Model[M any] interface {
	*M
	Object
}

// Support says which wire formats have a kind of objects. The zero value stands
// for objects that every format has.
type Support struct {
	// Objects names the objects at the start of a sentence, such as "Dynamic
	// routes".
	Objects string
	// In reports whether a wire format has them.
	In func(client.Capabilities) bool
}

// Check adds an error if the provider's wire format lacks the objects. It reports
// whether it has them.
func (s Support) Check(data *providerdata.Data, diags *diag.Diagnostics) bool {
	if s.In == nil {
		return true
	}
	supported := s.In(data.Client.Capabilities())
	data.AddUnsupported(s.Objects, supported, diags)
	return supported
}

// Publish writes state and identity of an object. The object is a pointer to a
// model.
func Publish(ctx context.Context, state *tfsdk.State, resourceIdentity *tfsdk.ResourceIdentity, object Object) diag.Diagnostics {
	return identity.Publish(ctx, state, object, resourceIdentity, object.Identity())
}
