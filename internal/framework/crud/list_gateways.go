package crud

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/listresourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// gatewaysConfig is the configuration of list resources of objects that belong to a
// gateway.
type gatewaysConfig struct {
	AccountID      types.String `tfsdk:"account_id"`
	GatewayID      types.String `tfsdk:"gateway_id"`
	IncludeDefault types.Bool   `tfsdk:"include_default"`
}

// Account implements [DataModel].
func (c *gatewaysConfig) Account() *types.String { return &c.AccountID }

// GatewaysList is embedded in list resources of objects that belong to a gateway. It is
// their configuration.
type GatewaysList struct {
	// Objects names the objects, such as "dynamic routes".
	Objects string
	// Description is that of the list resource.
	Description string
}

// ListResourceConfigSchema sets the attributes of the config block.
func (l GatewaysList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: l.Description + ListNeeds,
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ListAccount(),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: attributes.GatewayIDDescription + " Without it, the " + l.Objects + " of all gateways of the account are listed.",
				Optional:            true,
				Validators:          validate.GatewayName(),
			},
			"include_default": attributes.IncludeDefault("Whether the " + l.Objects + " of the gateway `default` are listed, too."),
		},
	}
}

// ListResourceConfigValidators returns the validators that compare attributes.
func (GatewaysList) ListResourceConfigValidators(context.Context) []list.ConfigValidator {
	return []list.ConfigValidator{listresourcevalidator.Conflicting(path.MatchRoot("gateway_id"), path.MatchRoot("include_default"))}
}

// ListInGateways is [List] for objects that belong to a gateway: find gets one gateway
// after the other, or the one of the configuration. A gateway that is deleted in the
// meantime is passed over. The subject describes the objects in errors; it lacks account
// and gateway.
func ListInGateways[M any, P Model[M]](
	ctx context.Context, data *providerdata.Data, support Support, req list.ListRequest, stream *list.ListResultsStream,
	subject diagnostics.Subject, find func(api *client.Client, accountID, gatewayID string) iter.Seq2[Listed[P], error],
) {
	current := "" // the gateway that is listed
	described := func(config *gatewaysConfig) diagnostics.Subject {
		subject.Verb, subject.AccountID, subject.GatewayID = "list", config.AccountID.ValueString(), current
		return subject
	}
	List(ctx, data, support, req, stream, described, func(api *client.Client, config *gatewaysConfig) iter.Seq2[Listed[P], error] {
		accountID := config.AccountID.ValueString()
		if current = config.GatewayID.ValueString(); current != "" {
			return find(api, accountID, current)
		}
		return func(yield func(Listed[P], error) bool) {
			for gateway, err := range gateways.List(ctx, api, accountID, "") {
				if err != nil {
					yield(Listed[P]{}, err)
					return
				}
				if gateway.Default() && !IncludesDefault(config.IncludeDefault) {
					continue
				}
				current = gateway.ID
				for object, err := range find(api, accountID, current) {
					if errors.Is(err, client.ErrGatewayNotFound) {
						break
					}
					if !yield(object, err) || err != nil {
						return
					}
				}
			}
		}
	})
}

// IncludesDefault returns the value of include_default, which defaults to true.
func IncludesDefault(configured types.Bool) bool {
	return configured.IsNull() || configured.ValueBool()
}
