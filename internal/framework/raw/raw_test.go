package raw_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

type model struct {
	name  types.String
	count types.Int64
	tags  types.Map
}

var (
	name = raw.NewField("name", types.StringType, func(m *model) *types.String { return &m.name })
	// An Int64 is a tftypes.Number on the wire.
	count  = raw.NewField("count", types.Int64Type, func(m *model) *types.Int64 { return &m.count })
	tags   = raw.NewField("tags", types.MapType{ElemType: types.StringType}, func(m *model) *types.Map { return &m.tags })
	object = raw.NewObject(name, count, tags)
)

func value(name, count, tags any) tftypes.Value {
	return tftypes.NewValue(object.Type(), map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, name), "count": tftypes.NewValue(tftypes.Number, count),
		"tags": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, tags),
	})
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	unknown := tftypes.UnknownValue
	for name, test := range map[string]tftypes.Value{
		"known":   value("a", 1, map[string]tftypes.Value{"k": tftypes.NewValue(tftypes.String, "v")}),
		"empty":   value("", 0, map[string]tftypes.Value{}),
		"null":    value(nil, nil, nil),
		"unknown": value(unknown, unknown, unknown),
		"partly":  value("a", unknown, map[string]tftypes.Value{"k": tftypes.NewValue(tftypes.String, unknown)}),
	} {
		var m model
		if diags := object.Read(t.Context(), test, &m); diags.HasError() {
			t.Fatal(name, diags)
		}
		if got, diags := object.Write(t.Context(), &m); diags.HasError() || !got.Equal(test) {
			t.Errorf("%s: got %s, want %s; %v", name, got, test, diags)
		}
	}
}

// TestZero writes a zero model. All values are null, also the map without an
// element type.
func TestZero(t *testing.T) {
	t.Parallel()
	if got, diags := object.Write(t.Context(), &model{}); diags.HasError() || !got.Equal(value(nil, nil, nil)) {
		t.Errorf("got %s; %v", got, diags)
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	part := raw.NewObject(name)
	m := model{count: types.Int64Value(7)}
	before := value("before", 1, nil)
	if diags := part.Read(t.Context(), before, &m); diags.HasError() || m.name.ValueString() != "before" || m.count.ValueInt64() != 7 {
		t.Errorf("read %v; %v", m, diags)
	}
	m.name = types.StringValue("after")
	got, diags := part.Replace(t.Context(), before, &m)
	if diags.HasError() || !got.Equal(value("after", 1, nil)) || !before.Equal(value("before", 1, nil)) {
		t.Errorf("replaced to %s in %s; %v", got, before, diags)
	}
	if diags := part.Read(t.Context(), tftypes.NewValue(object.Type(), nil), &m); diags.HasError() || m.name.ValueString() != "after" {
		t.Errorf("reading null: %v; %v", m, diags)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	var m model
	diags := object.Read(t.Context(), value("a", 1.5, nil), &m)
	if len(diags) != 1 || diags[0].Summary() != "Invalid Attribute Value" {
		t.Errorf("a fraction: %v", diags)
	}
	if diags := object.Read(t.Context(), tftypes.NewValue(tftypes.String, "text"), &m); !diags.HasError() {
		t.Error("a string was read as an object")
	}
	if _, diags := object.Replace(t.Context(), tftypes.NewValue(tftypes.String, "text"), &m); !diags.HasError() {
		t.Error("a string was written as an object")
	}
	m.tags = types.MapNull(types.BoolType)
	if got, diags := object.Write(t.Context(), &m); diags.HasError() {
		t.Errorf("null of another type: %s, %v", got, diags)
	}
	m.tags = types.MapValueMust(types.BoolType, nil)
	if _, diags := object.Write(t.Context(), &m); !diags.HasError() {
		t.Error("a map of another type was written")
	}
}
