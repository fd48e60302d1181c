package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// This file describes the state of cloudflare_ai_gateway as Cloudflare's provider
// writes it since version 5.19: only names and types, which is all that a state has.

// cloudflareTypes returns its attributes. Attributes that a state lacks, since an
// older version of that provider wrote it, are read as null. Others are ignored.
func cloudflareTypes() map[string]attr.Type {
	object := func(attributes map[string]attr.Type) attr.Type { return types.ObjectType{AttrTypes: attributes} }
	strings := types.ListType{ElemType: types.StringType}
	filter := object(map[string]attr.Type{"mode": types.StringType, "values": strings})
	codes := map[string]attr.Type{}
	for _, category := range categories {
		codes[cloudflareCode(category.code)] = types.StringType
	}
	return map[string]attr.Type{
		"id": types.StringType, "account_id": types.StringType,
		"cache_invalidate_on_update": types.BoolType, "cache_ttl": types.Int64Type, "collect_logs": types.BoolType,
		"rate_limiting_interval": types.Int64Type, "rate_limiting_limit": types.Int64Type, "rate_limiting_technique": types.StringType,
		"authentication": types.BoolType, "byok_only": types.BoolType, "zdr": types.BoolType,
		"log_classification": types.BoolType, "log_management": types.Int64Type, "log_management_strategy": types.StringType,
		"logpush": types.BoolType, "logpush_public_key": types.StringType,
		"retry_backoff": types.StringType, "retry_delay": types.Int64Type, "retry_max_attempts": types.Int64Type,
		"store_id": types.StringType, "workers_ai_billing_mode": types.StringType,
		"created_at": types.StringType, "modified_at": types.StringType, "is_default": types.BoolType,
		"guardrails": object(map[string]attr.Type{"prompt": object(codes), "response": object(codes)}),
		"dlp": object(map[string]attr.Type{
			"enabled": types.BoolType, "action": types.StringType, "profiles": strings,
			"policies": types.ListType{ElemType: object(map[string]attr.Type{
				"id": types.StringType, "action": types.StringType, "check": strings, "enabled": types.BoolType, "profiles": strings,
			})},
		}),
		"otel": types.ListType{ElemType: object(map[string]attr.Type{
			"url": types.StringType, "headers": types.MapType{ElemType: types.StringType},
			"authorization": types.StringType, "content_type": types.StringType,
		})},
		"spend_limits": object(map[string]attr.Type{
			"enabled": types.BoolType,
			"rules": types.ListType{ElemType: object(map[string]attr.Type{
				"id": types.StringType, "enabled": types.BoolType, "limit": types.Float64Type, "limit_type": types.StringType,
				"window": types.Int64Type, "technique": types.StringType, "metadata": types.MapType{ElemType: filter},
				"model": filter, "ai_gateway_provider": filter,
			})},
		}),
		"stripe": object(map[string]attr.Type{
			"authorization": types.StringType,
			"usage_events":  types.ListType{ElemType: object(map[string]attr.Type{"payload": types.StringType})},
		}),
	}
}

// cloudflareSchema returns the schema by which the framework reads the state.
func cloudflareSchema() *schema.Schema {
	attributes := map[string]schema.Attribute{}
	for name, typ := range cloudflareTypes() {
		switch typ := typ.(type) {
		case basetypes.BoolType:
			attributes[name] = schema.BoolAttribute{Optional: true}
		case basetypes.Int64Type:
			attributes[name] = schema.Int64Attribute{Optional: true}
		case types.ListType:
			attributes[name] = schema.ListAttribute{Optional: true, ElementType: typ.ElemType}
		case types.ObjectType:
			attributes[name] = schema.ObjectAttribute{Optional: true, AttributeTypes: typ.AttrTypes}
		default:
			attributes[name] = schema.StringAttribute{Optional: true}
		}
	}
	return &schema.Schema{Attributes: attributes}
}

// cloudflareModel is the state.
type cloudflareModel struct {
	ID                      types.String `tfsdk:"id"`
	AccountID               types.String `tfsdk:"account_id"`
	CacheInvalidateOnUpdate types.Bool   `tfsdk:"cache_invalidate_on_update"`
	CacheTTL                types.Int64  `tfsdk:"cache_ttl"`
	CollectLogs             types.Bool   `tfsdk:"collect_logs"`
	RateLimitingInterval    types.Int64  `tfsdk:"rate_limiting_interval"`
	RateLimitingLimit       types.Int64  `tfsdk:"rate_limiting_limit"`
	RateLimitingTechnique   types.String `tfsdk:"rate_limiting_technique"`
	Authentication          types.Bool   `tfsdk:"authentication"`
	BYOKOnly                types.Bool   `tfsdk:"byok_only"`
	ZDR                     types.Bool   `tfsdk:"zdr"`
	LogClassification       types.Bool   `tfsdk:"log_classification"`
	LogManagement           types.Int64  `tfsdk:"log_management"`
	LogManagementStrategy   types.String `tfsdk:"log_management_strategy"`
	Logpush                 types.Bool   `tfsdk:"logpush"`
	LogpushPublicKey        types.String `tfsdk:"logpush_public_key"`
	RetryBackoff            types.String `tfsdk:"retry_backoff"`
	RetryDelay              types.Int64  `tfsdk:"retry_delay"`
	RetryMaxAttempts        types.Int64  `tfsdk:"retry_max_attempts"`
	StoreID                 types.String `tfsdk:"store_id"`
	WorkersAIBillingMode    types.String `tfsdk:"workers_ai_billing_mode"`
	CreatedAt               types.String `tfsdk:"created_at"`
	ModifiedAt              types.String `tfsdk:"modified_at"`
	IsDefault               types.Bool   `tfsdk:"is_default"`
	Guardrails              types.Object `tfsdk:"guardrails"`
	DLP                     types.Object `tfsdk:"dlp"`
	OTel                    types.List   `tfsdk:"otel"`
	SpendLimits             types.Object `tfsdk:"spend_limits"`
	Stripe                  types.Object `tfsdk:"stripe"`
}
