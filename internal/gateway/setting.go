package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

// A setting is a row of the table [scalars].
type setting interface {
	attributeName() string
	resourceAttribute() resource.Attribute
	dataSourceAttribute() datasource.Attribute
	field() raw.Field[model]
	value(*settings) attr.Value
	// create sets the value with which a gateway is created.
	create(*settings)
	// setUnknown leaves the value to the service.
	setUnknown(*settings)
	// resolve sets the plan to the configuration, or to before where the
	// setting is not configured.
	resolve(plan, config, before *settings)
	toAPI(*settings, *gateways.Settings)
	// fromAPI takes over what the service says. With partial, the service does
	// not tell the value of what is off: it stays as it was, or becomes zero.
	fromAPI(s *settings, from *gateways.Settings, partial bool)
}

// about holds what a row says about a setting with values of type T.
type about[T any] struct {
	name string
	// description is common to the resource and the data sources; note is the
	// resource's addition about defaults and rules.
	description, note string
	// createdAs is the value of a new gateway, nil for the service's choice. It
	// is not a default of the schema, which would apply to every plan and undo
	// what was changed elsewhere.
	createdAs *T
	// untoldWhileOff names the feature without which Cloudflare's API does not
	// tell the value.
	untoldWhileOff string
}

// kind holds what the settings of a type have in common: V is the value in the
// framework, T the one in Go.
type kind[V attr.Value, T any] struct {
	typ         attr.Type
	unknown     V
	toPointer   func(V) *T
	fromPointer func(*T) V
}

var (
	booleans = kind[types.Bool, bool]{types.BoolType, types.BoolUnknown(), convert.Bool, types.BoolPointerValue}
	integers = kind[types.Int64, int64]{types.Int64Type, types.Int64Unknown(), convert.Int64, types.Int64PointerValue}
	texts    = kind[types.String, string]{types.StringType, types.StringUnknown(), convert.String, types.StringPointerValue}
)

// row implements [setting].
type row[V attr.Value, T any] struct {
	about[T]
	kind[V, T]
	model      func(*settings) *V
	api        func(*gateways.Settings) **T
	inResource resource.Attribute
	inData     datasource.Attribute
}

func boolean(a about[bool], model func(*settings) *types.Bool, api func(*gateways.Settings) **bool) setting {
	return &row[types.Bool, bool]{
		about: a, kind: booleans, model: model, api: api,
		inResource: resource.BoolAttribute{MarkdownDescription: a.forResource(), Optional: true, Computed: true},
		inData:     datasource.BoolAttribute{MarkdownDescription: a.forDataSource(), Computed: true},
	}
}

func integer(a about[int64], model func(*settings) *types.Int64, api func(*gateways.Settings) **int64, validators ...validator.Int64) setting {
	return &row[types.Int64, int64]{
		about: a, kind: integers, model: model, api: api,
		inResource: resource.Int64Attribute{CustomType: wholenumber.Type{}, MarkdownDescription: a.forResource(), Optional: true, Computed: true, Validators: validators},
		inData:     datasource.Int64Attribute{MarkdownDescription: a.forDataSource(), Computed: true},
	}
}

func text(a about[string], model func(*settings) *types.String, api func(*gateways.Settings) **string, validators ...validator.String) setting {
	return &row[types.String, string]{
		about: a, kind: texts, model: model, api: api,
		inResource: resource.StringAttribute{MarkdownDescription: a.forResource(), Optional: true, Computed: true, Validators: validators},
		inData:     datasource.StringAttribute{MarkdownDescription: a.forDataSource(), Computed: true},
	}
}

func (a about[T]) forResource() string {
	if a.note == "" {
		return a.description
	}
	return a.description + " " + a.note
}

func (a about[T]) forDataSource() string {
	if a.untoldWhileOff == "" {
		return a.description
	}
	return a.description + " 0 when " + a.untoldWhileOff + " is off."
}

func (r *row[V, T]) attributeName() string                     { return r.name }
func (r *row[V, T]) resourceAttribute() resource.Attribute     { return r.inResource }
func (r *row[V, T]) dataSourceAttribute() datasource.Attribute { return r.inData }
func (r *row[V, T]) value(s *settings) attr.Value              { return *r.model(s) }
func (r *row[V, T]) setUnknown(s *settings)                    { *r.model(s) = r.unknown }

func (r *row[V, T]) field() raw.Field[model] {
	return raw.NewField(r.name, r.typ, func(m *model) *V { return r.model(&m.settings) })
}

func (r *row[V, T]) create(s *settings) {
	*r.model(s) = r.unknown
	if r.createdAs != nil {
		*r.model(s) = r.fromPointer(r.createdAs)
	}
}

func (r *row[V, T]) resolve(plan, config, before *settings) {
	from := config
	if (*r.model(config)).IsNull() {
		from = before
	}
	*r.model(plan) = *r.model(from)
}

func (r *row[V, T]) toAPI(s *settings, to *gateways.Settings) { *r.api(to) = r.toPointer(*r.model(s)) }

func (r *row[V, T]) fromAPI(s *settings, from *gateways.Settings, partial bool) {
	told, known := *r.api(from), r.model(s)
	switch {
	case told != nil || r.untoldWhileOff == "":
		*known = r.fromPointer(told)
	case !(*known).IsNull() && !(*known).IsUnknown(): // stays as it was
	case partial:
		*known = r.fromPointer(new(T))
	default:
		*known = r.fromPointer(nil)
	}
}
