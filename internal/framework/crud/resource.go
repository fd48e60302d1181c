package crud

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// Created completes the creation of an object. If the response already has errors,
// because the service stored something else than was planned, Created deletes the
// object again with remove. Otherwise, or if that fails, it writes state and
// identity. It reports whether the object exists.
func Created(ctx context.Context, api *client.Client, resp *resource.CreateResponse, object Object, remove func(context.Context) error) bool {
	subject := object.Subject("create")
	tflog.Info(ctx, "created "+subject.Object, object.Identity().Fields())
	if resp.Diagnostics.HasError() && TakeBack(ctx, api, subject.Object, subject.ID, remove, &resp.Diagnostics) {
		return false
	}
	resp.Diagnostics.Append(Publish(ctx, &resp.State, resp.Identity, object)...)
	return true
}

// Read updates the state of an object. The function read gets the state and
// updates it from the service; if its error is a [client.ErrNotFound], the object is
// removed from state. After an import, that is an error.
func Read[M any, P Model[M]](
	ctx context.Context, data *providerdata.Data, req resource.ReadRequest, resp *resource.ReadResponse,
	read func(ctx context.Context, api *client.Client, state P) error,
) {
	diags := &resp.Diagnostics
	state := P(new(M))
	diags.Append(readState(ctx, req.State, state)...)
	api := data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	// The function read updates state.
	imported, named := isImport(req.State), state.Subject("read")
	switch err := read(withSecrets(ctx, state), api, state); {
	case errors.Is(err, client.ErrNotFound) && imported:
		addNothingToImport(named, err, diags)
	case errors.Is(err, client.ErrNotFound):
		tflog.Warn(ctx, state.Subject("read").Object+" not found: removing it from state", state.Identity().Fields())
		diags.Append(identity.Remove(ctx, &resp.State, resp.Identity, state.Identity())...)
	case err != nil:
		diags.Append(diagnostics.FromError(state.Subject("read"), err)...)
	default:
		diags.Append(Publish(ctx, &resp.State, resp.Identity, state)...)
	}
}

// Delete deletes an object with remove, which gets its state.
func Delete[M any, P Model[M]](
	ctx context.Context, data *providerdata.Data, req resource.DeleteRequest, resp *resource.DeleteResponse,
	remove func(ctx context.Context, api *client.Client, state P) error,
) {
	diags := &resp.Diagnostics
	state := P(new(M))
	diags.Append(readState(ctx, req.State, state)...)
	api := data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	subject := state.Subject("delete")
	if err := remove(withSecrets(ctx, state), api, state); err != nil {
		diags.Append(diagnostics.FromError(subject, err)...)
		return
	}
	tflog.Info(ctx, "deleted "+subject.Object, state.Identity().Fields())
}

// withSecrets returns a context whose requests hide the secrets of a state. A model
// with the method Secrets has some.
func withSecrets(ctx context.Context, state any) context.Context {
	if holder, ok := state.(interface{ Secrets() []string }); ok {
		return client.WithSecrets(ctx, holder.Secrets()...)
	}
	return ctx
}

// readState reads a state into a model. A model with the method FromRaw converts
// it without reflection.
func readState(ctx context.Context, state tfsdk.State, model any) diag.Diagnostics {
	if converts, ok := model.(interface {
		FromRaw(context.Context, tftypes.Value) diag.Diagnostics
	}); ok {
		return converts.FromRaw(ctx, state.Raw)
	}
	return state.Get(ctx, model)
}
