// Package requestlog implements the data sources aigateway_logs and aigateway_log, and the
// action aigateway_delete_logs: the logs that a gateway writes of requests.
package requestlog

import (
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
)

const (
	defaultLimit     = 50
	defaultOrderBy   = "created_at"
	defaultDirection = "desc"
	ascending        = "asc"
)

// logModel is a log in the list.
type logModel struct {
	ID                  types.String      `tfsdk:"id"`
	CreatedAt           timetypes.RFC3339 `tfsdk:"created_at"`
	ProviderName        types.String      `tfsdk:"provider_name"`
	Model               types.String      `tfsdk:"model"`
	ModelType           types.String      `tfsdk:"model_type"`
	Path                types.String      `tfsdk:"path"`
	Step                types.Int64       `tfsdk:"step"`
	RequestType         types.String      `tfsdk:"request_type"`
	RequestContentType  types.String      `tfsdk:"request_content_type"`
	ResponseContentType types.String      `tfsdk:"response_content_type"`
	StatusCode          types.Int64       `tfsdk:"status_code"`
	Success             types.Bool        `tfsdk:"success"`
	Cached              types.Bool        `tfsdk:"cached"`
	Duration            types.Int64       `tfsdk:"duration"`
	TokensIn            types.Int64       `tfsdk:"tokens_in"`
	TokensOut           types.Int64       `tfsdk:"tokens_out"`
	Cost                types.Float64     `tfsdk:"cost"`
	CustomCost          types.Bool        `tfsdk:"custom_cost"`
	Metadata            types.String      `tfsdk:"metadata"`
}

func (m *logModel) fromAPI(log *logs.Log) {
	*m = logModel{
		ID:                  types.StringValue(log.ID),
		CreatedAt:           convert.Time(log.CreatedAt),
		ProviderName:        types.StringPointerValue(log.Provider),
		Model:               types.StringPointerValue(log.Model),
		ModelType:           types.StringPointerValue(log.ModelType),
		Path:                types.StringPointerValue(log.Path),
		Step:                types.Int64PointerValue(log.Step),
		RequestType:         types.StringPointerValue(log.RequestType),
		RequestContentType:  types.StringPointerValue(log.RequestContentType),
		ResponseContentType: types.StringPointerValue(log.ResponseContentType),
		StatusCode:          types.Int64PointerValue(log.StatusCode),
		Success:             types.BoolPointerValue(log.Success),
		Cached:              types.BoolPointerValue(log.Cached),
		Duration:            types.Int64PointerValue(log.Duration),
		TokensIn:            types.Int64PointerValue(log.TokensIn),
		TokensOut:           types.Int64PointerValue(log.TokensOut),
		Cost:                types.Float64PointerValue(log.Cost),
		CustomCost:          types.BoolPointerValue(log.CustomCost),
		Metadata:            types.StringPointerValue(log.Metadata),
	}
}

// detailModel is the model of the data source aigateway_log.
type detailModel struct {
	logModel
	AccountID     types.String `tfsdk:"account_id"`
	GatewayID     types.String `tfsdk:"gateway_id"`
	LogID         types.String `tfsdk:"log_id"`
	IncludeBodies types.Bool   `tfsdk:"include_bodies"`

	RequestHead          types.String `tfsdk:"request_head"`
	RequestHeadComplete  types.Bool   `tfsdk:"request_head_complete"`
	RequestSize          types.Int64  `tfsdk:"request_size"`
	RequestBody          types.String `tfsdk:"request_body"`
	ResponseHead         types.String `tfsdk:"response_head"`
	ResponseHeadComplete types.Bool   `tfsdk:"response_head_complete"`
	ResponseSize         types.Int64  `tfsdk:"response_size"`
	ResponseBody         types.String `tfsdk:"response_body"`
}

// Account implements [crud.DataModel].
func (m *detailModel) Account() *types.String { return &m.AccountID }

// fromAPI takes over a log and its bodies, which are nil if they do not exist or were not read.
func (m *detailModel) fromAPI(log *logs.Detail, request, response []byte) {
	m.logModel.fromAPI(&log.Log)
	if m.IncludeBodies.ValueBool() {
		m.RequestHead = types.StringPointerValue(log.RequestHead)
		m.ResponseHead = types.StringPointerValue(log.ResponseHead)
	}
	m.RequestHeadComplete = types.BoolPointerValue(log.RequestHeadComplete)
	m.RequestSize = types.Int64PointerValue(log.RequestSize)
	m.RequestBody = bodyString(request)
	m.ResponseHeadComplete = types.BoolPointerValue(log.ResponseHeadComplete)
	m.ResponseSize = types.Int64PointerValue(log.ResponseSize)
	m.ResponseBody = bodyString(response)
}

// bodyString returns a body as a string, or null if it is not valid UTF-8.
func bodyString(body []byte) types.String {
	if body == nil || !utf8.Valid(body) {
		return types.StringNull()
	}
	return types.StringValue(string(body))
}

// searchModel is what selects logs of a gateway.
type searchModel struct {
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`

	Search              types.String      `tfsdk:"search"`
	StartDate           timetypes.RFC3339 `tfsdk:"start_date"`
	EndDate             timetypes.RFC3339 `tfsdk:"end_date"`
	Success             types.Bool        `tfsdk:"success"`
	Cached              types.Bool        `tfsdk:"cached"`
	Feedback            types.Int64       `tfsdk:"feedback"`
	ProviderName        types.String      `tfsdk:"provider_name"`
	Model               types.String      `tfsdk:"model"`
	ModelType           types.String      `tfsdk:"model_type"`
	RequestContentType  types.String      `tfsdk:"request_content_type"`
	ResponseContentType types.String      `tfsdk:"response_content_type"`
	MinCost             types.Float64     `tfsdk:"min_cost"`
	MaxCost             types.Float64     `tfsdk:"max_cost"`
	MinDuration         types.Int64       `tfsdk:"min_duration"`
	MaxDuration         types.Int64       `tfsdk:"max_duration"`
	MinTokensIn         types.Int64       `tfsdk:"min_tokens_in"`
	MaxTokensIn         types.Int64       `tfsdk:"max_tokens_in"`
	MinTokensOut        types.Int64       `tfsdk:"min_tokens_out"`
	MaxTokensOut        types.Int64       `tfsdk:"max_tokens_out"`
	MinTotalTokens      types.Int64       `tfsdk:"min_total_tokens"`
	MaxTotalTokens      types.Int64       `tfsdk:"max_total_tokens"`
	Metadata            map[string]string `tfsdk:"metadata"`
	Filters             []filterModel     `tfsdk:"filters"`
}

// Account implements [crud.DataModel].
func (m *searchModel) Account() *types.String { return &m.AccountID }

// listModel is the model of the data source aigateway_logs.
type listModel struct {
	searchModel
	OrderBy          types.String `tfsdk:"order_by"`
	OrderByDirection types.String `tfsdk:"order_by_direction"`
	Limit            types.Int64  `tfsdk:"limit"`

	TotalCount types.Int64 `tfsdk:"total_count"`
	Logs       []logModel  `tfsdk:"logs"`
}

type filterModel struct {
	Key      string   `tfsdk:"key"`
	Operator string   `tfsdk:"operator"`
	Values   []string `tfsdk:"values"`
}

// setDefaults sets defaults for attributes that are not configured, so that state has the values
// that were used.
func (m *listModel) setDefaults() {
	if m.Limit.IsNull() {
		m.Limit = types.Int64Value(defaultLimit)
	}
	if m.OrderBy.IsNull() {
		m.OrderBy = types.StringValue(defaultOrderBy)
	}
	if m.OrderByDirection.IsNull() {
		m.OrderByDirection = types.StringValue(defaultDirection)
	}
}

func (m *listModel) toAPI() logs.Query {
	query := m.searchModel.toAPI()
	query.OrderBy, query.Ascending = m.OrderBy.ValueString(), m.OrderByDirection.ValueString() == ascending
	return query
}

func (m *searchModel) toAPI() logs.Query {
	query := logs.Query{
		Search:              m.Search.ValueString(),
		From:                timeOf(m.StartDate),
		To:                  timeOf(m.EndDate),
		Success:             convert.Bool(m.Success),
		Cached:              convert.Bool(m.Cached),
		Feedback:            convert.Int64(m.Feedback),
		Provider:            m.ProviderName.ValueString(),
		Model:               m.Model.ValueString(),
		ModelType:           m.ModelType.ValueString(),
		RequestContentType:  m.RequestContentType.ValueString(),
		ResponseContentType: m.ResponseContentType.ValueString(),
		Cost:                logs.Range{Min: m.MinCost.ValueFloat64Pointer(), Max: m.MaxCost.ValueFloat64Pointer()},
		Duration:            logs.Range{Min: number(m.MinDuration), Max: number(m.MaxDuration)},
		TokensIn:            logs.Range{Min: number(m.MinTokensIn), Max: number(m.MaxTokensIn)},
		TokensOut:           logs.Range{Min: number(m.MinTokensOut), Max: number(m.MaxTokensOut)},
		TotalTokens:         logs.Range{Min: number(m.MinTotalTokens), Max: number(m.MaxTotalTokens)},
		Metadata:            m.Metadata,
	}
	for _, filter := range m.Filters {
		query.Filters = append(query.Filters, logs.Filter(filter))
	}
	return query
}

func timeOf(v timetypes.RFC3339) time.Time {
	t, _ := v.ValueRFC3339Time() // valid because of its type; the zero time for null
	return t
}

func number(v types.Int64) *float64 {
	n := convert.Int64(v)
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}
