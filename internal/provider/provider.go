// Package provider implements the provider: its schema, its configuration, and
// the lists of its resources, data sources, list resources, actions and functions.
package provider

import (
	"context"
	"net/http"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/aigateway/terraform-provider-aigateway/internal/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/customdomain"
	"github.com/aigateway/terraform-provider-aigateway/internal/customprovider"
	"github.com/aigateway/terraform-provider-aigateway/internal/dynamicroute"
	"github.com/aigateway/terraform-provider-aigateway/internal/functions"
	"github.com/aigateway/terraform-provider-aigateway/internal/gateway"
	"github.com/aigateway/terraform-provider-aigateway/internal/models"
	"github.com/aigateway/terraform-provider-aigateway/internal/policy"
	"github.com/aigateway/terraform-provider-aigateway/internal/providerconfig"
	"github.com/aigateway/terraform-provider-aigateway/internal/requestlog"
	"github.com/aigateway/terraform-provider-aigateway/internal/secretsstore"
)

// Address is the source address of the provider in the registry.
const Address = "registry.terraform.io/aigateway/aigateway"

// TypeName is the prefix of the names of all resources and data sources.
const TypeName = "aigateway"

// Options replace the environment of a provider. The zero value uses the process
// environment and a default transport.
type Options struct {
	// Getenv reads an environment variable; nil means os.Getenv.
	Getenv func(string) string
	// Transport sends all requests; nil means a transport with Go's defaults.
	Transport http.RoundTripper
	// Clock measures and bounds the time of requests; nil means the machine's.
	Clock client.Clock
}

type aigatewayProvider struct {
	version string
	options Options
}

var (
	_ provider.Provider                  = (*aigatewayProvider)(nil)
	_ provider.ProviderWithListResources = (*aigatewayProvider)(nil)
	_ provider.ProviderWithActions       = (*aigatewayProvider)(nil)
	_ provider.ProviderWithFunctions     = (*aigatewayProvider)(nil)
)

// New returns a factory of providers with the given version.
func New(version string) func() provider.Provider {
	return NewWithOptions(version, Options{})
}

// NewWithOptions returns a factory like [New], with options for tests.
func NewWithOptions(version string, options Options) func() provider.Provider {
	if options.Getenv == nil {
		options.Getenv = os.Getenv
	}
	return func() provider.Provider { return &aigatewayProvider{version: version, options: options} }
}

func (p *aigatewayProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = TypeName
	resp.Version = p.version
}

func (p *aigatewayProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		gateway.NewResource,
		providerconfig.NewResource,
		customprovider.NewResource,
		secretsstore.NewResource,
		customdomain.NewResource,
		dynamicroute.NewResource,
		policy.NewResource,
	}
}

func (p *aigatewayProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		gateway.NewDataSource,
		gateway.NewListDataSource,
		providerconfig.NewListDataSource,
		secretsstore.NewListDataSource,
		customprovider.NewDataSource,
		customprovider.NewListDataSource,
		customdomain.NewDataSource,
		customdomain.NewListDataSource,
		billing.NewDataSource,
		dynamicroute.NewDataSource,
		dynamicroute.NewListDataSource,
		policy.NewDataSource,
		policy.NewListDataSource,
		policy.NewSimulationDataSource,
		chat.NewDataSource,
		models.NewDataSource,
		requestlog.NewDataSource,
		requestlog.NewListDataSource,
	}
}

func (p *aigatewayProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		gateway.NewListResource,
		providerconfig.NewListResource,
		customprovider.NewListResource,
		secretsstore.NewListResource,
		customdomain.NewListResource,
		dynamicroute.NewListResource,
		policy.NewListResource,
	}
}

func (p *aigatewayProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		chat.NewAction,
		dynamicroute.NewDeployAction,
		requestlog.NewDeleteAction,
	}
}

func (p *aigatewayProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		functions.NewProviderURL,
		functions.NewCompatBaseURL,
		functions.NewParseModel,
		dynamicroute.NewMermaidFunction,
	}
}
