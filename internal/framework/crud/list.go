package crud

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// defaultLimit is how many objects Terraform asks for if a list block has no limit
// (Terraform 1.15.9). It drops the rest without a word.
const defaultLimit = 100

// ListNeeds ends the descriptions of list resources.
const ListNeeds = "\n\nList resources need Terraform 1.14; OpenTofu does not have them."

// A Listed is an object that a list resource has found.
type Listed[P any] struct {
	// Name is what a person recognizes the object by.
	Name string
	// Set sets the attributes of a model that the list has. All of them were null.
	Set func(model P)
	// Complete reads what the list lacks and the resource has. It is nil if the list has
	// everything. An error that is a [client.ErrNotFound] leaves the object out: it was
	// deleted in the meantime.
	Complete func(model P, diags *diag.Diagnostics) error
}

// ListObjects converts the objects of a list into results.
func ListObjects[T, P any](objects iter.Seq2[T, error], convert func(T) Listed[P]) iter.Seq2[Listed[P], error] {
	return func(yield func(Listed[P], error) bool) {
		for object, err := range objects {
			if err != nil {
				yield(Listed[P]{}, err)
				return
			}
			if !yield(convert(object), nil) {
				return
			}
		}
	}
}

// RefineErrors iterates over objects, and replaces the error with what refine makes of it.
func RefineErrors[T any](objects iter.Seq2[T, error], refine func(error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for object, err := range objects {
			if err != nil {
				err = refine(err)
			}
			if !yield(object, err) {
				return
			}
		}
	}
}

// List runs a list resource. It reads the configuration into a C, and pushes what find
// yields until that ends, fails, or reaches the limit. It reads pages on demand. A
// result has the whole resource only if the query includes it. Subject describes the
// objects in errors.
func List[C, M any, PC DataModel[C], P Model[M]](
	ctx context.Context, data *providerdata.Data, support Support, req list.ListRequest, stream *list.ListResultsStream,
	subject func(config PC) diagnostics.Subject, find func(api *client.Client, config PC) iter.Seq2[Listed[P], error],
) {
	var diags diag.Diagnostics
	config := PC(new(C))
	diags.Append(req.Config.Get(ctx, config)...)
	api := data.ControlPlane(&diags)
	if !diags.HasError() && support.Check(data, &diags) {
		account := config.Account()
		*account = data.KnownAccount(*account, &diags)
	}
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		found := int64(0)
		for object, err := range find(api, config) {
			if err != nil {
				push(list.ListResult{Diagnostics: listFailed(subject(config), err)})
				return
			}
			result, err := listed[M, P](ctx, req, object)
			switch {
			case errors.Is(err, client.ErrNotFound):
				continue
			case err != nil:
				push(list.ListResult{Diagnostics: listFailed(subject(config), err)})
				return
			}
			found++
			if found == req.Limit && req.Limit == defaultLimit {
				result.Diagnostics.AddWarning("There may be more "+subject(config).Object, fmt.Sprintf(
					"The list ended at its limit of %d, which is Terraform's default. If there are more %s, they are missing. Set limit in the list "+
						"block to a number that is larger than theirs, such as limit = 10000.", defaultLimit, subject(config).Object))
			}
			if !push(result) || found == req.Limit || result.Diagnostics.HasError() {
				return
			}
		}
	}
}

// listed returns the result for an object.
func listed[M any, P Model[M]](ctx context.Context, req list.ListRequest, object Listed[P]) (list.ListResult, error) {
	result := req.NewListResult(ctx)
	result.DisplayName = object.Name
	model := P(new(M))
	result.Diagnostics.Append(readState(ctx, tfsdk.State{Raw: unset(ctx, req), Schema: req.ResourceSchema}, model)...)
	if result.Diagnostics.HasError() {
		return result, nil
	}
	object.Set(model)
	if req.IncludeResource {
		if object.Complete != nil {
			if err := object.Complete(model, &result.Diagnostics); err != nil {
				return result, err
			}
		}
		var state tfsdk.State
		state.Raw, state.Schema = result.Resource.Raw, result.Resource.Schema
		result.Diagnostics.Append(identity.Publish(ctx, &state, model, result.Identity, model.Identity())...)
		result.Resource.Raw = state.Raw
		return result, nil
	}
	result.Diagnostics.Append(identity.Set(ctx, result.Identity, model.Identity())...)
	return result, nil
}

// unset returns a resource whose attributes are all null, as before the read that
// completes an import.
func unset(ctx context.Context, req list.ListRequest) tftypes.Value {
	typ := req.ResourceSchema.Type().TerraformType(ctx)
	attributes := map[string]tftypes.Value{}
	if object, ok := typ.(tftypes.Object); ok {
		for name, attributeType := range object.AttributeTypes {
			attributes[name] = tftypes.NewValue(attributeType, nil)
		}
	}
	return tftypes.NewValue(typ, attributes)
}

// listFailed returns the error of a list that broke off.
func listFailed(subject diagnostics.Subject, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	if subject.GatewayID != "" && errors.Is(err, client.ErrGatewayNotFound) {
		diagnostics.AddGatewayNotFound(path.Empty(), subject.AccountID, subject.GatewayID, subject.Contents, &diags)
		return diags
	}
	return diagnostics.FromError(subject, err)
}
