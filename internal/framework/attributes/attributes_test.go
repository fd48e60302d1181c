package attributes_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	action "github.com/hashicorp/terraform-plugin-framework/action/schema"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/jsonobject"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/wholenumber"
)

func TestAccount(t *testing.T) {
	account := attributes.Account()
	if !account.Optional || !account.Computed || account.Required || len(account.Validators) == 0 {
		t.Errorf("%+v", account)
	}
	if want := attributes.AccountDescription + " Defaults to the provider's `account_id`."; account.MarkdownDescription != want {
		t.Errorf("%q", account.MarkdownDescription)
	}
}

func TestResourceAccount(t *testing.T) {
	account := attributes.ResourceAccount("route")
	if !account.Optional || !account.Computed || account.Required || len(account.Validators) == 0 {
		t.Errorf("%+v", account)
	}
	requireModifiers(t, account.PlanModifiers, stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace())
	if !strings.Contains(account.MarkdownDescription, "when the route is created; afterwards the route stays in its account") {
		t.Errorf("%q", account.MarkdownDescription)
	}
}

// requireModifiers fails the test unless the descriptions of the plan modifiers are
// the same.
func requireModifiers(t *testing.T, got []planmodifier.String, want ...planmodifier.String) {
	t.Helper()
	var names, wants []string
	for _, modifier := range got {
		names = append(names, modifier.Description(t.Context()))
	}
	for _, modifier := range want {
		wants = append(wants, modifier.Description(t.Context()))
	}
	if !slices.Equal(names, wants) {
		t.Errorf("plan modifiers %q, want %q", names, wants)
	}
}

func TestKept(t *testing.T) {
	kept := attributes.Kept("What it is.")
	if kept.MarkdownDescription != "What it is." || !kept.Computed || kept.Optional || kept.Required || kept.CustomType != nil {
		t.Errorf("%+v", kept)
	}
	requireModifiers(t, kept.PlanModifiers, stringplanmodifier.UseStateForUnknown())
}

func TestKeptTime(t *testing.T) {
	kept := attributes.KeptTime("When it was.")
	if kept.MarkdownDescription != "When it was." || !kept.Computed || kept.CustomType != (timetypes.RFC3339Type{}) {
		t.Errorf("%+v", kept)
	}
	requireModifiers(t, kept.PlanModifiers, stringplanmodifier.UseStateForUnknown())
}

// ReadOnly preserves the type and the description of every kind of attribute, and
// makes it computed.
func TestReadOnly(t *testing.T) {
	nested := map[string]resource.Attribute{
		"text":       resource.StringAttribute{MarkdownDescription: "Text.", Required: true, CustomType: jsonobject.Type{}},
		"secret":     resource.StringAttribute{MarkdownDescription: "Secret.", Optional: true, Sensitive: true},
		"wo_version": resource.Int64Attribute{MarkdownDescription: "Not that.", Optional: true},
		"key_wo_version": resource.Int64Attribute{
			MarkdownDescription: "Of a secret.", Optional: true,
		},
	}
	within := map[string]datasource.Attribute{
		"text":       datasource.StringAttribute{MarkdownDescription: "Text.", Computed: true, CustomType: jsonobject.Type{}},
		"wo_version": datasource.Int64Attribute{MarkdownDescription: "Not that.", Computed: true},
	}
	for name, test := range map[string]struct {
		of   resource.Attribute
		want datasource.Attribute
	}{
		"string": {resource.StringAttribute{MarkdownDescription: "D.", Required: true}, datasource.StringAttribute{MarkdownDescription: "D.", Computed: true}},
		"bool":   {resource.BoolAttribute{MarkdownDescription: "D.", Optional: true}, datasource.BoolAttribute{MarkdownDescription: "D.", Computed: true}},
		"int64":  {resource.Int64Attribute{MarkdownDescription: "D."}, datasource.Int64Attribute{MarkdownDescription: "D.", Computed: true}},
		"float64": {
			resource.Float64Attribute{MarkdownDescription: "D."}, datasource.Float64Attribute{MarkdownDescription: "D.", Computed: true},
		},
		"list": {
			resource.ListAttribute{MarkdownDescription: "D.", ElementType: types.BoolType},
			datasource.ListAttribute{MarkdownDescription: "D.", Computed: true, ElementType: types.BoolType},
		},
		"set": {
			resource.SetAttribute{MarkdownDescription: "D.", ElementType: types.BoolType},
			datasource.SetAttribute{MarkdownDescription: "D.", Computed: true, ElementType: types.BoolType},
		},
		"map": {
			resource.MapAttribute{MarkdownDescription: "D.", ElementType: types.BoolType},
			datasource.MapAttribute{MarkdownDescription: "D.", Computed: true, ElementType: types.BoolType},
		},
		"single": {
			resource.SingleNestedAttribute{MarkdownDescription: "D.", Attributes: nested},
			datasource.SingleNestedAttribute{MarkdownDescription: "D.", Computed: true, Attributes: within},
		},
		"nested map": {
			resource.MapNestedAttribute{MarkdownDescription: "D.", NestedObject: resource.NestedAttributeObject{Attributes: nested}},
			datasource.MapNestedAttribute{
				MarkdownDescription: "D.", Computed: true, NestedObject: datasource.NestedAttributeObject{Attributes: within},
			},
		},
		"nested list": {
			resource.ListNestedAttribute{MarkdownDescription: "D.", NestedObject: resource.NestedAttributeObject{Attributes: nested}},
			datasource.ListNestedAttribute{
				MarkdownDescription: "D.", Computed: true, NestedObject: datasource.NestedAttributeObject{Attributes: within},
			},
		},
	} {
		if got := attributes.ReadOnly(test.of); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
	if len(nested) != 4 {
		t.Errorf("the resource's attributes are %q", slices.Sorted(maps.Keys(nested)))
	}
}

// ForAction preserves everything of an attribute that can be set, except that it may also be
// computed.
func TestForAction(t *testing.T) {
	texts := []validator.String{stringvalidator.LengthAtLeast(1)}
	flags := []validator.Bool{boolvalidator.Equals(true)}
	counts := []validator.Int64{int64validator.AtLeast(1)}
	amounts := []validator.Float64{float64validator.AtLeast(1)}
	lists := []validator.List{listvalidator.SizeAtLeast(1)}
	mappings := []validator.Map{mapvalidator.SizeAtLeast(1)}
	objects := []validator.Object{objectvalidator.IsRequired()}
	for name, test := range map[string]struct {
		of   datasource.Attribute
		want action.Attribute
	}{
		"string": {
			datasource.StringAttribute{MarkdownDescription: "D.", Optional: true, Computed: true, CustomType: timetypes.RFC3339Type{}, Validators: texts},
			action.StringAttribute{MarkdownDescription: "D.", Optional: true, CustomType: timetypes.RFC3339Type{}, Validators: texts},
		},
		"bool": {
			datasource.BoolAttribute{MarkdownDescription: "D.", Required: true, Validators: flags},
			action.BoolAttribute{MarkdownDescription: "D.", Required: true, Validators: flags},
		},
		"int64": {
			datasource.Int64Attribute{MarkdownDescription: "D.", Optional: true, CustomType: wholenumber.Type{}, Validators: counts},
			action.Int64Attribute{MarkdownDescription: "D.", Optional: true, CustomType: wholenumber.Type{}, Validators: counts},
		},
		"float64": {
			datasource.Float64Attribute{MarkdownDescription: "D.", Optional: true, Validators: amounts},
			action.Float64Attribute{MarkdownDescription: "D.", Optional: true, Validators: amounts},
		},
		"list": {
			datasource.ListAttribute{MarkdownDescription: "D.", Optional: true, ElementType: types.StringType, Validators: lists},
			action.ListAttribute{MarkdownDescription: "D.", Optional: true, ElementType: types.StringType, Validators: lists},
		},
		"map": {
			datasource.MapAttribute{MarkdownDescription: "D.", Optional: true, ElementType: types.StringType, Validators: mappings},
			action.MapAttribute{MarkdownDescription: "D.", Optional: true, ElementType: types.StringType, Validators: mappings},
		},
		"nested list": {
			datasource.ListNestedAttribute{
				MarkdownDescription: "D.", Optional: true, Validators: lists,
				NestedObject: datasource.NestedAttributeObject{
					Attributes: map[string]datasource.Attribute{"text": datasource.StringAttribute{MarkdownDescription: "Text.", Required: true}}, Validators: objects,
				},
			},
			action.ListNestedAttribute{
				MarkdownDescription: "D.", Optional: true, Validators: lists,
				NestedObject: action.NestedAttributeObject{
					Attributes: map[string]action.Attribute{"text": action.StringAttribute{MarkdownDescription: "Text.", Required: true}}, Validators: objects,
				},
			},
		},
	} {
		if got := attributes.ForAction(test.of); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	attributes.ForAction(datasource.NumberAttribute{})
}

func TestReadOnlyOfAnotherKind(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	attributes.ReadOnly(resource.NumberAttribute{})
}
