package dynamicroute

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
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

// Descriptions that resource and data sources share, by attribute.
var descriptions = map[string]string{
	"gateway_id":    "Id of the gateway, which is its name.",
	"name":          "Name of the route, unique in its gateway. Requests take the route by naming the model `dynamic/<name>`.",
	"entry":         "Id of the first element.",
	"elements":      "The graph: what is done with a request, by the ids of the elements.",
	"id":            "Id of the route, chosen by the service. It stays the same when the route is renamed or its graph changes.",
	"version_id":    "Id of the version in force. Each change of the graph makes a new version.",
	"deployment_id": "Id of the deployment that put that version in force.",
	"model":         "What a request names as its model to take this route: `dynamic/<name>`.",
	"created_at":    "When the route was created (RFC 3339, UTC).",
	"modified_at":   "When the route was last changed (RFC 3339, UTC).",
}

func (r *routeResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A dynamic route of a gateway: a graph that decides which model answers a request, by condition, by chance, by " +
			"rate or budget, with fallbacks. A request takes the route when its model is `dynamic/<name>`, on the OpenAI-compatible endpoint of " +
			"the gateway (`compat/chat/completions`) and of the REST API (`ai/v1/chat/completions`).\n\n" +
			"**Changes happen in place.** A new name renames the route. A changed graph becomes a new version, which is then deployed; the " +
			"route, its id and its earlier versions stay, and requests see the old graph until the new one is in force. If the deployment " +
			"fails, the old version keeps serving and the next apply deploys the version that is there. What means the same is no change: " +
			"white space, the order of keys and the form of numbers in `conditions`, and the ids that the service has for start and end.\n\n" +
			"A version that is deployed in the dashboard shows as a difference of `elements`, and applying brings the configured graph back.\n\n" +
			"The gateway should have `authentication = true`, and the providers need stored keys or credits (Cloudflare's documentation " +
			"demands both). The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ResourceAccount("route"),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: descriptions["gateway_id"] + " Refer to `id` of the resource directly, so that the route is made after its " +
					"gateway and deleted before it. Changing it replaces the route.",
				Required:      true,
				Validators:    validate.GatewayName(),
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"] + " Without white space and slashes. Changing it renames the route in place; requests by " +
					"the old name fail from then on.",
				Required:   true,
				Validators: validate.RouteName(),
			},
			"entry": schema.StringAttribute{
				MarkdownDescription: descriptions["entry"] + " The wire's start element is implied.",
				Required:            true,
			},
			"elements": elementsSchema(),
			"id":       attributes.Kept(descriptions["id"]),
			"version_id": schema.StringAttribute{
				MarkdownDescription: descriptions["version_id"],
				Computed:            true,
			},
			"deployment_id": schema.StringAttribute{
				MarkdownDescription: descriptions["deployment_id"],
				Computed:            true,
			},
			"model":      schema.StringAttribute{MarkdownDescription: descriptions["model"], Computed: true},
			"created_at": attributes.KeptTime(descriptions["created_at"]),
			"modified_at": schema.StringAttribute{
				MarkdownDescription: descriptions["modified_at"],
				Computed:            true,
				CustomType:          timetypes.RFC3339Type{},
			},
		},
	}
}

// target is an attribute that names the next element.
func target(when string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the next element " + when + ", or `end`.",
		Required:            true,
	}
}

func elementsSchema() schema.MapNestedAttribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: descriptions["elements"] + " Each has exactly one of `conditional`, `percentage`, `rate` and `model`. " +
			"`start` and `end` are implied and cannot be ids: `entry` names the first element, and the target `end` ends the route with the " +
			"last answer. Every element must be reachable from `entry`, and the graph must have no cycle; the plan checks both.",
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
		MarkdownDescription: "Goes one way or the other by what is in the request.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"conditions": schema.StringAttribute{
				MarkdownDescription: "JSON text of an object, as `jsonencode({ \"metadata.plan\" = { \"$eq\" = \"free\" } })`: what must hold. Keys name " +
					"a value of the request's metadata (header `cf-aig-metadata`), body or headers; the operators are those of MongoDB, such as " +
					"`$eq`, `$ne`, `$in`, `$gt`, `$lt`, `$and` and `$or`. Only the service checks names and operators.",
				Required:      true,
				CustomType:    jsonobject.Type{},
				PlanModifiers: []planmodifier.String{jsonobject.KeepEqual()},
			},
			"on_true":  target("when the conditions hold"),
			"on_false": target("when they do not"),
		},
	}
}

func percentageSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Goes one of several ways by chance.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"outputs": schema.MapAttribute{
				MarkdownDescription: "Ids of the next elements, or `end`, by their shares: up to five of the form `\"10%\"`, and `else` for the rest, " +
					"without which they must sum up to 100%. As a share is a key, no two can be equal: give one of them to `else`.",
				Required:    true,
				ElementType: types.StringType,
			},
		},
	}
}

func rateSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Lets so many requests, or so much cost, go one way in a window of time, and the rest the other.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"key": schema.StringAttribute{
				MarkdownDescription: "The value of the request that each has a limit of its own by, such as `metadata.user_id`.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"limit": schema.Float64Attribute{
				MarkdownDescription: "How much goes through in a window: a number of requests, or US dollars with `limit_type = \"cost\"`. At least 0.",
				Required:            true,
				Validators:          []validator.Float64{float64validator.AtLeast(0)},
			},
			"limit_type": schema.StringAttribute{
				MarkdownDescription: "What is counted: `count` for requests, `cost` for what they cost.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf("count", "cost")},
			},
			"window": schema.Float64Attribute{
				MarkdownDescription: "The window of time, in seconds: a whole number of at least 1.",
				Required:            true,
				Validators:          validate.WholeNumber(1),
			},
			"on_success":  target("within the limit"),
			"on_fallback": target("beyond the limit"),
		},
	}
}

func modelSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Asks a model.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"provider": schema.StringAttribute{
				MarkdownDescription: "The gateway's name for the provider, such as `openai`, `anthropic`, `google-ai-studio` or `workers-ai`; " +
					"`custom-<slug>` for a custom provider.",
				Required:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"model": schema.StringAttribute{
				MarkdownDescription: "The provider's name for the model, such as `gpt-5.2` or `@cf/meta/llama-3.3-70b-instruct-fp8-fast`.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"timeout": schema.Float64Attribute{
				MarkdownDescription: "How long each attempt may take to the first byte of its answer, in milliseconds: a whole number. " +
					"What 0 means is not documented.",
				Required:   true,
				Validators: validate.WholeNumber(0),
			},
			"retries": schema.Float64Attribute{
				MarkdownDescription: "How often a failed request is repeated before `on_fallback`: a whole number of at least 0.",
				Required:            true,
				Validators:          validate.WholeNumber(0),
			},
			"on_success":  target("after an answer"),
			"on_fallback": target("when all attempts failed"),
		},
	}
}

func (r *routeResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identity.InGatewaySchema("Id of the route, as the service chose it.")
}
