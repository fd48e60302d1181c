package requestlog

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := locationAttributes()
	maps.Copy(attributes, filterAttributes())
	maps.Copy(attributes, boundAttributes())
	maps.Copy(attributes, map[string]schema.Attribute{
		"order_by": schema.StringAttribute{
			MarkdownDescription: "Sort key: `created_at`, `provider`, `model`, `model_type`, `success` or `cached`. " +
				"Defaults to `created_at`.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.String{stringvalidator.OneOf(defaultOrderBy, "provider", "model", "model_type", "success", "cached")},
		},
		"order_by_direction": schema.StringAttribute{
			MarkdownDescription: "`asc` or `desc`. Defaults to `desc`, so that with the default of `order_by` the newest log comes first.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.OneOf(ascending, defaultDirection)},
		},
		"limit": schema.Int64Attribute{
			CustomType: wholenumber.Type{},
			MarkdownDescription: fmt.Sprintf("Maximum number of logs, 1 to %d. The provider sends one request for every 50 logs: "+
				"`limit = 500` takes 10 requests. Cloudflare's API accepts 1200 requests in five minutes. Defaults to `%d`.", logs.Max, defaultLimit),
			Optional:   true,
			Computed:   true,
			Validators: []validator.Int64{int64validator.Between(1, logs.Max)},
		},
		"total_count": schema.Int64Attribute{
			MarkdownDescription: "Number of matching logs as the service counts them, independent of `limit`: with `limit = 1`, counting takes one " +
				"request. It is slightly too high if the provider filters the service's results further (dates, `metadata`, logs without a " +
				"number that a filter compares). Null if the response does not contain it.",
			Computed: true,
		},
		"logs": schema.ListNestedAttribute{
			MarkdownDescription: "Matching logs, sorted. `aigateway_log` reads the bodies of a log.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: logAttributes()},
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists logs of a gateway, filtered by time, outcome, model, cost and the other filters of the API. A log must match all " +
			"filters that are set. Logs are read with every plan, and new requests change the result.\n\n" +
			fmt.Sprintf("The provider reads at most %d logs. A search that needs more, because the provider has to compare each log "+
				"itself (`metadata`), is an error: limit it with `start_date`.\n\n", logs.Max) +
			legacyLogs("data source does not read") + "\n\n" + readPermission,
		Attributes: attributes,
	}
}

// filterAttributes returns the filters with one value.
func filterAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"success": schema.BoolAttribute{MarkdownDescription: "Only logs of requests that succeeded, or that failed.", Optional: true},
		"cached":  schema.BoolAttribute{MarkdownDescription: "Only logs of responses from the gateway's cache, or only other logs.", Optional: true},
		"feedback": schema.Int64Attribute{
			CustomType:          wholenumber.Type{},
			MarkdownDescription: "Only logs with this feedback: `1` (good), `-1` (bad) or `0` (none).",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(-1, 1)},
		},
		"metadata": schema.MapAttribute{
			MarkdownDescription: "Only logs of requests whose metadata has all of these entries. Write numbers and booleans as strings " +
				"(`\"7\"`, `\"true\"`). The service matches keys and values independently, so the provider compares the entries itself.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.Map{
				mapvalidator.SizeAtLeast(1),
				mapvalidator.NoNullValues(),
				mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)),
			},
		},
		"filters": schema.ListNestedAttribute{
			MarkdownDescription: "Further filters in the API's own terms, sent unchanged, for filters that the other attributes do not have.",
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			NestedObject: schema.NestedAttributeObject{
				Validators: []validator.Object{filterValues{}},
				Attributes: map[string]schema.Attribute{
					"key": schema.StringAttribute{
						MarkdownDescription: "Field to compare: " + enumeration(logs.FilterKeys()) + ". `tokens` is the sum of tokens in and out.",
						Required:            true,
						Validators:          []validator.String{stringvalidator.OneOf(logs.FilterKeys()...)},
					},
					"operator": schema.StringAttribute{
						MarkdownDescription: "Operator: " + enumeration(logs.FilterOperators()) + ".",
						Required:            true,
						Validators:          []validator.String{stringvalidator.OneOf(logs.FilterOperators()...)},
					},
					"values": schema.ListAttribute{
						MarkdownDescription: "Values to compare with, as strings: numbers (`\"200\"`), booleans (`\"true\"`), times in RFC 3339, or " +
							"strings, depending on the key. At least one, and exactly one for `lt` and `gt`.",
						ElementType: types.StringType,
						Required:    true,
						Validators:  []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
					},
				},
			},
		},
	}
	for name, description := range map[string]string{
		"search":                "Only logs in which the service finds this string. The API does not document which fields it searches.",
		"provider_name":         "Only logs of this provider, such as `openai`; the API's `provider`.",
		"model":                 "Only logs of this model, by its name at the provider.",
		"model_type":            "Only logs of this kind of model, such as `chat`.",
		"request_content_type":  "Only logs of requests with this media type, such as `application/json`.",
		"response_content_type": "Only logs of responses with this media type.",
	} {
		attributes[name] = schema.StringAttribute{
			MarkdownDescription: description,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	return attributes
}

// boundAttributes returns the filters with two inclusive bounds.
func boundAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"start_date": schema.StringAttribute{
			MarkdownDescription: "Only logs from this time on (RFC 3339, such as `2026-08-03T10:00:00Z`). A relative time, as from " +
				"`plantimestamp()`, gives another result with every plan.",
			Optional:   true,
			CustomType: timetypes.RFC3339Type{},
		},
		"end_date": schema.StringAttribute{
			MarkdownDescription: "Only logs up to this time (RFC 3339). It must not be before `start_date`.",
			Optional:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"min_cost": schema.Float64Attribute{
			MarkdownDescription: "Only logs of requests that cost at least this, in US dollars.",
			Optional:            true,
			Validators:          []validator.Float64{float64validator.AtLeast(0)},
		},
		"max_cost": schema.Float64Attribute{
			MarkdownDescription: "Only logs of requests that cost at most this, in US dollars.",
			Optional:            true,
			Validators:          []validator.Float64{float64validator.AtLeast(0)},
		},
	}
	for name, what := range map[string]string{
		"duration":     "requests that took at %s this many milliseconds",
		"tokens_in":    "requests with at %s this many tokens",
		"tokens_out":   "responses with at %s this many tokens",
		"total_tokens": "requests and responses with at %s this many tokens in total",
	} {
		for bound, word := range map[string]string{"min": "least", "max": "most"} {
			attributes[bound+"_"+name] = schema.Int64Attribute{
				CustomType:          wholenumber.Type{},
				MarkdownDescription: "Only logs of " + fmt.Sprintf(what, word) + ".",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			}
		}
	}
	return attributes
}

// enumeration formats words as "`a`, `b` or `c`".
func enumeration(words []string) string {
	last := len(words) - 1
	return "`" + strings.Join(words[:last], "`, `") + "` or `" + words[last] + "`"
}
