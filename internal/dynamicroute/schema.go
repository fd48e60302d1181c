package dynamicroute

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/jsonobject"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// descriptions are shared by the resource and the data sources.
var descriptions = map[string]string{
	"name":          "Name of the route, unique in its gateway. Requests use the route by naming the model `dynamic/<name>`.",
	"entry":         "ID of the first element.",
	"elements":      "The graph that decides what happens with a request: elements by ID.",
	"id":            "ID of the route, assigned by the service. It stays the same when the route is renamed or its graph changes.",
	"version_id":    "ID of the deployed version. Every change of the graph creates a version.",
	"deployment_id": "ID of the deployment of the version `version_id`.",
	"model":         "Model that requests name to use this route: `dynamic/<name>`.",
	"created_at":    "When the route was created (RFC 3339, UTC).",
	"modified_at":   "When the route was last changed (RFC 3339, UTC).",
}

// Schema sets the attributes of the resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A dynamic route of a gateway: a graph that decides which model responds to a request, by conditions, percentages, " +
			"rate limits or budgets, with fallbacks. Requests use the route by naming the model `dynamic/<name>`, on the OpenAI-compatible " +
			"endpoint of the gateway (`compat/chat/completions`) and of the REST API (`ai/v1/chat/completions`).\n\n" +
			"**Changes happen in place.** A new name renames the route. A changed graph becomes a new version, which is then deployed. The route, " +
			"its ID and its earlier versions stay, and requests use the old graph until the new one is deployed. If the deployment fails, the old " +
			"version stays deployed and the next apply deploys the version that was created. Differences without a meaning are ignored: white " +
			"space, the order of keys and the format of numbers in `conditions`, and the IDs that the service uses for start and end.\n\n" +
			"A version that is deployed in the dashboard, or by the action `aigateway_deploy_route_version`, shows as a change of `elements`. " +
			"Applying deploys the configured graph again.\n\n" +
			"Cloudflare's documentation requires `authentication = true` for the gateway, and stored keys or credits for the providers. The API " +
			"token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("route"),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: attributes.GatewayIDDescription + " Refer to `id` of the resource directly, so that the route is created after its " +
					"gateway and deleted before it. Changing it replaces the route.",
				Required:      true,
				Validators:    validate.GatewayName(),
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"] + " It must not contain white space or slashes. Changing it renames the route in place; " +
					"requests with the old name then fail.",
				Required:   true,
				Validators: validate.RouteName(),
			},
			"entry": schema.StringAttribute{
				MarkdownDescription: descriptions["entry"] + " The API's start element is implied.",
				Required:            true,
			},
			"elements":      elementsSchema(),
			"id":            attributes.Kept(descriptions["id"]),
			"version_id":    attributes.ResourceComputed(descriptions["version_id"]),
			"deployment_id": attributes.ResourceComputed(descriptions["deployment_id"]),
			"model":         attributes.ResourceComputed(descriptions["model"]),
			"created_at":    attributes.KeptTime(descriptions["created_at"]),
			"modified_at":   attributes.ResourceComputedTime(descriptions["modified_at"]),
		},
	}
}

// target returns an attribute that names the next element.
func target(when string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "ID of the next element " + when + ", or `end`.",
		Required:            true,
	}
}

func elementsSchema() schema.MapNestedAttribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: descriptions["elements"] + " Each has exactly one of `conditional`, `percentage`, `rate` and `model`. " +
			"`start` and `end` are implied and cannot be IDs: `entry` names the first element, and the target `end` ends the route with the " +
			"last response. Every element must be reachable from `entry`, and the graph must not have cycles. The plan refuses a new graph that " +
			"breaks one of these rules. For a route that already exists it only warns, so that the route can be imported and keep its graph.",
		Required: true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"conditional": conditionalSchema(),
			"percentage":  percentageSchema(),
			"rate":        rateSchema(),
			"model":       modelSchema(),
		}},
	}
}

func conditionalSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Selects the next element by a condition on the request.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"conditions": schema.StringAttribute{
				MarkdownDescription: "Condition as a JSON string that holds an object, such as `jsonencode({ \"metadata.plan\" = { \"$eq\" = \"free\" } })`. " +
					"Keys name a value of the request's metadata (header `cf-aig-metadata`), body or headers. The operators are those of MongoDB, such " +
					"as `$eq`, `$ne`, `$in`, `$gt`, `$lt`, `$and` and `$or`. The provider warns about an operator that MongoDB does not have. It does not " +
					"check the names of values.",
				Required:      true,
				CustomType:    jsonobject.Type{},
				PlanModifiers: []planmodifier.String{jsonobject.KeepEqual()},
			},
			"on_true":  target("if the condition is true"),
			"on_false": target("if the condition is false"),
		},
	}
}

func percentageSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Selects the next element at random.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"outputs": schema.MapAttribute{
				MarkdownDescription: "IDs of the next elements, or `end`, by their shares: up to five of the form `\"10%\"`, and `else` for the rest. " +
					"Without `else`, the shares must add up to 100%. Because shares are keys, two of them cannot be equal: use `else` for one.",
				Required:    true,
				ElementType: types.StringType,
			},
		},
	}
}

func rateSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Limits the number or the cost of requests in a window of time. Requests beyond the limit go to another element.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"key": schema.StringAttribute{
				MarkdownDescription: "Value of the request by which requests are counted separately, such as `metadata.user_id`.",
				Required:            true,
			},
			"limit": schema.Float64Attribute{
				MarkdownDescription: "Maximum in one `window`: the number of requests, or US dollars with `limit_type = \"cost\"`. At least 0.",
				Required:            true,
			},
			"limit_type": schema.StringAttribute{
				MarkdownDescription: "What is limited: `count` for the number of requests, `cost` for their cost.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf("count", "cost")},
			},
			"window": schema.Float64Attribute{
				MarkdownDescription: "Length of the window of time, in seconds: a whole number of at least 1.",
				Required:            true,
			},
			"on_success":  target("within the limit"),
			"on_fallback": target("beyond the limit"),
		},
	}
}

func modelSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Sends the request to a model.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"provider": schema.StringAttribute{
				MarkdownDescription: "Name of the provider in AI Gateway, such as `openai`, `anthropic`, `google-ai-studio` or `workers-ai`; " +
					"`custom-<slug>` for a custom provider.",
				Required: true,
			},
			"model": schema.StringAttribute{
				MarkdownDescription: "Name of the model at the provider, such as `gpt-5.2` or `@cf/meta/llama-3.3-70b-instruct-fp8-fast`.",
				Required:            true,
			},
			"timeout": schema.Float64Attribute{
				MarkdownDescription: "How long each attempt waits for the first byte of the response, in milliseconds: a whole number. The API does " +
					"not document the meaning of 0.",
				Required: true,
			},
			"retries": schema.Float64Attribute{
				MarkdownDescription: "How often a failed request is retried before `on_fallback`: a whole number of at least 0.",
				Required:            true,
			},
			"on_success":  target("after a response"),
			"on_fallback": target("if all attempts failed"),
		},
	}
}

// IdentitySchema sets the attributes of the identity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InGatewaySchema("ID of the route, assigned by the service.")
}
