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
)

func (d *logsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := whereAttributes()
	maps.Copy(attributes, filterAttributes())
	maps.Copy(attributes, boundAttributes())
	maps.Copy(attributes, map[string]schema.Attribute{
		"order_by": schema.StringAttribute{
			MarkdownDescription: "What the logs are ordered by: `created_at`, `provider`, `model`, `model_type`, `success` or `cached`. " +
				"Defaults to `created_at`.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.String{stringvalidator.OneOf(defaultOrderBy, "provider", "model", "model_type", "success", "cached")},
		},
		"order_by_direction": schema.StringAttribute{
			MarkdownDescription: "`asc` or `desc`. Defaults to `desc`: with the default of `order_by`, the newest log comes first.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.OneOf(ascending, defaultDirection)},
		},
		"limit": schema.Int64Attribute{
			MarkdownDescription: fmt.Sprintf("How many logs to return at most, 1 to %d. They are read in pages of 50, one request a page: "+
				"`limit = 500` costs 10 requests. Cloudflare's API accepts 1200 requests in five minutes. Defaults to `%d`.", logs.Max, defaultLimit),
			Optional:   true,
			Computed:   true,
			Validators: []validator.Int64{int64validator.Between(1, logs.Max)},
		},
		"total_count": schema.Int64Attribute{
			MarkdownDescription: "How many logs match by the service's own count, whatever the `limit`: with `limit = 1`, it counts for one " +
				"request. It is a bit too high where the provider looks again at what the service found (dates, `metadata`, logs without a " +
				"number that is asked for). Null where the service does not say.",
			Computed: true,
		},
		"logs": schema.ListNestedAttribute{
			MarkdownDescription: "The logs that match, in the order asked for. `aigateway_log` has the bodies of each.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: logAttributes()},
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Logs of a gateway, by time, outcome, model, cost and whatever else the API filters by. A log must match all " +
			"filters that are set. Read anew with every plan: new requests change the result.\n\n" +
			fmt.Sprintf("At most %d logs are looked through. A search that would need more, because the provider has to look at each log "+
				"itself (`metadata`), is an error: narrow it down with `start_date`.\n\n", logs.Max) +
			legacyLogs + "\n\n" + readPermission,
		Attributes: attributes,
	}
}

// filterAttributes are the filters that a log meets or not.
func filterAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"success": schema.BoolAttribute{MarkdownDescription: "Only logs of requests that succeeded, or of those that failed.", Optional: true},
		"cached":  schema.BoolAttribute{MarkdownDescription: "Only logs of answers from the gateway's cache, or only of others.", Optional: true},
		"feedback": schema.Int64Attribute{
			MarkdownDescription: "Only logs with this feedback: `1` (good), `-1` (bad) or `0` (none).",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(-1, 1)},
		},
		"metadata": schema.MapAttribute{
			MarkdownDescription: "Only logs of requests whose metadata has all of these entries. Numbers and booleans are given as texts " +
				"(`\"7\"`, `\"true\"`). The service looks for keys and values apart from each other, so the provider compares the entries itself.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.Map{
				mapvalidator.SizeAtLeast(1),
				mapvalidator.NoNullValues(),
				mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)),
			},
		},
		"filters": schema.ListNestedAttribute{
			MarkdownDescription: "Further filters in the API's own terms, passed on as they are, for what the other attributes cannot say.",
			Optional:            true,
			Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			NestedObject: schema.NestedAttributeObject{
				Validators: []validator.Object{filterValues{}},
				Attributes: map[string]schema.Attribute{
					"key": schema.StringAttribute{
						MarkdownDescription: "What to look at: " + enumeration(logs.FilterKeys()) + ". `tokens` are those in and out together.",
						Required:            true,
						Validators:          []validator.String{stringvalidator.OneOf(logs.FilterKeys()...)},
					},
					"operator": schema.StringAttribute{
						MarkdownDescription: "How to compare: " + enumeration(logs.FilterOperators()) + ".",
						Required:            true,
						Validators:          []validator.String{stringvalidator.OneOf(logs.FilterOperators()...)},
					},
					"values": schema.ListAttribute{
						MarkdownDescription: "What to compare with, as texts: numbers (`\"200\"`), booleans (`\"true\"`), times in RFC 3339, or " +
							"texts, as the key has it. At least one, and exactly one for `lt` and `gt`.",
						ElementType: types.StringType,
						Required:    true,
						Validators:  []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
					},
				},
			},
		},
	}
	for name, description := range map[string]string{
		"search":                "Only logs in which the service finds this text; where it looks is not documented.",
		"provider_name":         "Only logs of this provider, such as `openai`; the API's `provider`.",
		"model":                 "Only logs of this model, by its provider's name for it.",
		"model_type":            "Only logs of this kind of model, such as `chat`.",
		"request_content_type":  "Only logs of requests of this media type, such as `application/json`.",
		"response_content_type": "Only logs of answers of this media type.",
	} {
		attributes[name] = schema.StringAttribute{
			MarkdownDescription: description,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	return attributes
}

// boundAttributes are the filters with two ends, both inclusive.
func boundAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"start_date": schema.StringAttribute{
			MarkdownDescription: "Only logs from this time on (RFC 3339, such as `2026-08-03T10:00:00Z`). A time that moves, as from " +
				"`plantimestamp()`, gives another result with every plan.",
			Optional:   true,
			CustomType: timetypes.RFC3339Type{},
		},
		"end_date": schema.StringAttribute{
			MarkdownDescription: "Only logs up to this time (RFC 3339), which is not before `start_date`.",
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
		"duration":     "requests that took at %s this, in milliseconds",
		"tokens_in":    "requests of at %s this many tokens",
		"tokens_out":   "answers of at %s this many tokens",
		"total_tokens": "requests and answers of at %s this many tokens together",
	} {
		for bound, word := range map[string]string{"min": "least", "max": "most"} {
			attributes[bound+"_"+name] = schema.Int64Attribute{
				MarkdownDescription: "Only logs of " + fmt.Sprintf(what, word) + ".",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			}
		}
	}
	return attributes
}

// enumeration is "`a`, `b` or `c`".
func enumeration(words []string) string {
	last := len(words) - 1
	return "`" + strings.Join(words[:last], "`, `") + "` or `" + words[last] + "`"
}
