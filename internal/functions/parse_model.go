package functions

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

var _ function.Function = parseModel{}

// A parseModel splits the name of a model in requests.
type parseModel struct{}

// NewParseModel returns the function parse_model.
func NewParseModel() function.Function { return parseModel{} }

// Kinds of what requests can name as their model.
const (
	kindModel          = "model"
	kindCustomProvider = "custom_provider"
	kindDynamicRoute   = "dynamic_route"
	kindAlias          = "alias"
	kindAutoRouter     = "auto_router"
)

// A modelName is the parts of the name of a model.
type modelName struct {
	kind string
	// provider and model are empty if the gateway chooses the model.
	provider, model string
	// name is the slug of a custom provider, or the name of a route or an alias.
	name string
}

// modelNameTypes are the attributes of the result.
var modelNameTypes = map[string]attr.Type{
	"kind": types.StringType, "provider": types.StringType, "model": types.StringType, "name": types.StringType,
}

// Metadata sets the name of the function.
func (parseModel) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_model"
}

// Definition sets the parameters and the result of the function.
func (parseModel) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Provider and model of a model's name",
		MarkdownDescription: "Splits the name of a model, as requests through a gateway contain it, into provider and model. It needs no request: " +
			"whether the model exists is not checked. The result is an object:\n\n" +
			"- `kind`: `model` for a model of a known provider or of Workers AI, `custom_provider` for a model of a custom provider, " +
			"`dynamic_route`, `alias` for a model alias of the gateway, or `auto_router` for `cloudflare/auto`.\n" +
			"- `provider`: Name of the provider in AI Gateway, such as `openai`, `workers-ai` or `custom-<slug>`, as `elements` of " +
			"`aigateway_dynamic_route` takes it. Null for `dynamic_route`, `alias` and `auto_router`: the gateway chooses it.\n" +
			"- `model`: Name of the model at the provider, such as `gpt-5.2` or `@cf/meta/llama-3.3-70b-instruct-fp8-fast`. It may contain " +
			"slashes. Null where `provider` is null.\n" +
			"- `name`: `slug` of the custom provider, or the name of the dynamic route or the alias. Null for `model` and `auto_router`.\n\n" +
			"| argument | `kind` | `provider` | `model` | `name` |\n|---|---|---|---|---|\n" +
			"| `openai/gpt-5.2` | `model` | `openai` | `gpt-5.2` | |\n" +
			"| `workers-ai/@cf/…` or `@cf/…` | `model` | `workers-ai` | `@cf/…` | |\n" +
			"| `custom-<slug>/<model>` | `custom_provider` | `custom-<slug>` | `<model>` | `<slug>` |\n" +
			"| `dynamic/<route>` | `dynamic_route` | | | `<route>` |\n" +
			"| `custom/<alias>` | `alias` | | | `<alias>` |\n" +
			"| `cloudflare/auto` | `auto_router` | | | |\n\n" +
			"The REST API names some providers differently: `google/…` there is `google-ai-studio/…` at a gateway. `provider` is what the " +
			"argument contains.\n\n" + needsFunctions,
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "model",
			MarkdownDescription: "Name of a model as in requests, such as `openai/gpt-5.2`, `@cf/meta/llama-3.3-70b-instruct-fp8-fast` or `dynamic/support`.",
			Validators:          parameterValidators(validate.ModelName()),
		}},
		Return: function.ObjectReturn{AttributeTypes: modelNameTypes},
	}
}

// Run splits the name.
func (parseModel) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var model string
	if resp.Error = req.Arguments.Get(ctx, &model); resp.Error != nil {
		return
	}
	name, problem := parseModelName(model)
	if problem != "" {
		resp.Error = function.NewArgumentFuncError(0, "The model \""+model+"\" "+problem)
		return
	}
	resp.Error = resp.Result.Set(ctx, name.object())
}

// parseModelName splits the name of a model that matches [validate.ModelName]. For one that
// cannot be split, it returns what is wrong.
func parseModelName(model string) (name modelName, problem string) {
	if strings.HasPrefix(model, "@") { // as the REST API names models of Workers AI
		return modelName{kind: kindModel, provider: "workers-ai", model: model}, ""
	}
	provider, rest, _ := strings.Cut(model, "/")
	slug, isCustom := strings.CutPrefix(provider, "custom-")
	switch {
	case model == "cloudflare/auto":
		return modelName{kind: kindAutoRouter}, ""
	case provider == "dynamic" && strings.Contains(rest, "/"):
		return modelName{}, "must be dynamic/{route}. The name of a route cannot contain a slash."
	case provider == "dynamic":
		return modelName{kind: kindDynamicRoute, name: rest}, ""
	case provider == "custom":
		return modelName{kind: kindAlias, name: rest}, ""
	case isCustom && slug == "":
		return modelName{}, "has no slug. A model of a custom provider must be custom-{slug}/{model}."
	case isCustom:
		return modelName{kind: kindCustomProvider, provider: provider, model: rest, name: slug}, ""
	default:
		return modelName{kind: kindModel, provider: provider, model: rest}, ""
	}
}

// object returns the result of the function. Empty parts are null.
func (n modelName) object() types.Object {
	return types.ObjectValueMust(modelNameTypes, map[string]attr.Value{
		"kind": convert.Text(n.kind), "provider": convert.Text(n.provider), "model": convert.Text(n.model), "name": convert.Text(n.name),
	})
}
