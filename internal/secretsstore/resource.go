package secretsstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "aigateway_secrets_store"

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
)

// A Resource manages the Secrets Store of an account.
type Resource struct {
	providerdata.Resource
}

// NewResource returns the resource aigateway_secrets_store.
func NewResource() resource.Resource { return &Resource{} }

// Metadata sets the name of the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = ResourceType
}

// Schema sets the attributes of the resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Secrets Store of an account, which holds the keys of providers (`aigateway_provider_config`). A gateway names it as " +
			"its `store_id`.\n\n" +
			"As far as is known, an account has at most one Secrets Store, which other Cloudflare products use as well. If the account has one, " +
			"creating another is an error that shows the `import` block for it. To use the existing store without managing it, read its ID with " +
			"the data source `aigateway_secrets_stores`.\n\n" +
			"A store that holds secrets cannot be deleted. It cannot be renamed either, because a new name replaces the store. The provider never asks " +
			"the service to delete the secrets along with the store. Delete the keys first. To stop managing the store without deleting it, use a `removed` block " +
			"with `destroy = false`.\n\n" +
			"The API token needs the account permissions *Secrets Store Read* and *Secrets Store Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("store"),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the store. Stores that the dashboard creates are called `default_secrets_store`. Changing it replaces the " +
					"store, which is refused while the store holds secrets.",
				Required:      true,
				Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"id":          attributes.Kept(descriptions["id"]),
			"created_at":  attributes.KeptTime(descriptions["created_at"]),
			"modified_at": attributes.KeptTime(descriptions["modified_at"]),
		},
	}
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InAccountSchema("ID of the Secrets Store.")
}

// ModifyPlan plans the account, and warns of a replacement.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	crud.ModifyPlan(ctx, r.Data, support, req, resp, func(plan, state *model) {
		if state == nil || plan.Name.Equal(state.Name) {
			return
		}
		resp.Diagnostics.AddAttributeWarning(path.Root("name"), "A Secrets Store with secrets cannot be replaced", fmt.Sprintf(
			"Renaming the Secrets Store %q of account %s deletes it and creates another with another ID. The service refuses that while the store "+
				"holds secrets, such as the keys of aigateway_provider_config. To keep the store, configure name = %[1]q.",
			state.Name.ValueString(), state.AccountID.ValueString()))
	})
}

// Create creates the Secrets Store, unless the account has one.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	diags := &resp.Diagnostics
	diags.Append(req.Plan.Get(ctx, &plan)...)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID := plan.AccountID.ValueString()
	switch existing, err := find(ctx, api, accountID, func(*secretsstores.Store) bool { return true }); {
	case err == nil:
		addExists(plan, existing, diags)
		return
	case !errors.Is(err, client.ErrNotFound):
		diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
		return
	}
	created, err := secretsstores.Create(ctx, api, accountID, plan.Name.ValueString())
	if err != nil {
		r.addRefused(ctx, api, plan, err, diags)
		return
	}
	planned := plan
	plan.fromAPI(created)
	if !planned.Name.Equal(plan.Name) {
		crud.AddNotStored(object, "name", planned.Name, plan.Name, "Configure the value that the service accepts.", diags)
	}
	crud.Created(ctx, api, resp, &plan, func(ctx context.Context) error {
		return secretsstores.Delete(ctx, api, accountID, created.ID)
	})
}

// addRefused adds the error of a creation that failed. If the reason is another store, it
// says which: one that appeared since the list was read, or one that the service did
// not list yet.
func (r *Resource) addRefused(ctx context.Context, api *client.Client, plan model, err error, diags *diag.Diagnostics) {
	if errors.Is(err, client.ErrAlreadyExists) {
		existing, findErr := find(ctx, api, plan.AccountID.ValueString(), func(*secretsstores.Store) bool { return true })
		if findErr == nil {
			addExists(plan, existing, diags)
			return
		}
	}
	diags.Append(diagnostics.FromError(plan.Subject("create"), err)...)
}

// find returns the Secrets Store of an account that matches. The error is ErrNotFound if
// there is none.
func find(ctx context.Context, api *client.Client, accountID string, matches func(*secretsstores.Store) bool) (*secretsstores.Store, error) {
	for store, err := range secretsstores.List(ctx, api, accountID) {
		if err != nil {
			return nil, err
		}
		if matches(store) {
			return store, nil
		}
	}
	return nil, client.ErrNotFound
}

func addExists(plan model, existing *secretsstores.Store, diags *diag.Diagnostics) {
	accountID := plan.AccountID.ValueString()
	diags.AddError("The account already has a Secrets Store", fmt.Sprintf(
		"Account %[1]s has the Secrets Store %[2]q with the ID %[3]s, and an account has at most one. Nothing was changed. To manage that store, set "+
			"name = %[2]q, add this block with the address of your resource, and apply again:\n\n"+
			"import {\n  to = %[4]s.example\n  id = \"%[1]s/%[3]s\"\n}\n\n"+
			"To use it without managing it, remove this resource and read the ID with the data source aigateway_secrets_stores. If this apply "+
			"replaces the store and create_before_destroy is set, the old store is in the way: remove the setting.",
		accountID, existing.Name, existing.ID, ResourceType))
}

// Read updates the state from the service.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	crud.Read(ctx, r.Data, req, resp, func(ctx context.Context, api *client.Client, state *model) error {
		store, err := secretsstores.Get(ctx, api, state.AccountID.ValueString(), state.ID.ValueString())
		if err == nil {
			state.fromAPI(store)
		}
		return err
	})
}

// Update changes nothing: every change replaces the Secrets Store.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(crud.Publish(ctx, &resp.State, resp.Identity, &plan)...)
	}
}

// Delete deletes the Secrets Store, unless it holds secrets.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	diags := &resp.Diagnostics
	diags.Append(req.State.Get(ctx, &state)...)
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	switch err := secretsstores.Delete(ctx, api, state.AccountID.ValueString(), state.ID.ValueString()); {
	case errors.Is(err, secretsstores.ErrNotEmpty):
		addNotEmpty(state, diags)
	case err != nil:
		diags.Append(diagnostics.FromError(state.Subject("delete"), err)...)
	default:
		tflog.Info(ctx, "deleted "+object, state.Identity().Fields())
	}
}

func addNotEmpty(state model, diags *diag.Diagnostics) {
	diags.AddError("Secrets Store with secrets", fmt.Sprintf(
		"The Secrets Store %q (%s) of account %s still holds secrets, so the service refused to delete it (store_not_empty). Nothing was changed, and "+
			"no secret was deleted. Destroy the aigateway_provider_config resources whose gateways use the store, in this and in other "+
			"configurations, and delete what is left under Secrets Store in the dashboard. Then apply again. The secret of a key that was "+
			"deleted just now may remain for some seconds. To keep the store and only stop managing it, use a removed block with destroy = false.",
		state.Name.ValueString(), state.ID.ValueString(), state.AccountID.ValueString()))
}
