package acctest_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// mockFiles returns the names of the files of mocks.
func mockFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(examplesDir(t), "mocks", "*.tfmock.hcl"))
	if err != nil || len(files) == 0 {
		t.Fatal("no mocks", err)
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	return files
}

// TestMocksAreComplete: each resource and data source has a mock, with a value of the right
// type for each computed attribute and for no other. Core makes up a value for what a mock
// lacks, and refuses or ignores others.
func TestMocksAreComplete(t *testing.T) {
	t.Parallel()
	schema := acctest.Emulate(t, emulator.Options{}).Protocol(t, nil).Schema()
	mocked := map[string]map[string]bool{"mock_resource": {}, "mock_data": {}}
	schemas := map[string]map[string]*tfprotov6.Schema{"mock_resource": schema.ResourceSchemas, "mock_data": schema.DataSourceSchemas}
	for _, name := range mockFiles(t) {
		file, diags := hclsyntax.ParseConfig([]byte(readExample(t, "mocks/"+name)), name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		body, _ := file.Body.(*hclsyntax.Body)
		for _, block := range body.Blocks {
			typeName := strings.Join(block.Labels, " ")
			mock := block.Type + " " + typeName
			object, exists := schemas[block.Type][typeName]
			if !exists || mocked[block.Type][typeName] {
				t.Errorf("%s: there is no such object, or it is mocked twice", mock)
				continue
			}
			mocked[block.Type][typeName] = true
			for _, problem := range checkMock(block, object.Block.Attributes) {
				t.Errorf("%s: %s", mock, problem)
			}
		}
	}
	for kind, objects := range schemas {
		for name := range objects {
			if !mocked[kind][name] {
				t.Errorf("there is no %s %q", kind, name)
			}
		}
	}
}

// checkMock compares the defaults of a mock with a schema.
func checkMock(block *hclsyntax.Block, attributes []*tfprotov6.SchemaAttribute) (problems []string) {
	defaults, exists := block.Body.Attributes["defaults"]
	if !exists || len(block.Body.Attributes) != 1 {
		return []string{"it must have defaults, and nothing else"}
	}
	value, diags := defaults.Expr.Value(nil)
	if diags.HasErrors() {
		return []string{diags.Error()}
	}
	compareMock("", value.AsValueMap(), attributes, func(at, problem string) { problems = append(problems, at+": "+problem) })
	return problems
}

// compareMock compares the values of an object with its attributes.
func compareMock(within string, values map[string]cty.Value, attributes []*tfprotov6.SchemaAttribute, add func(at, problem string)) {
	for _, attribute := range attributes {
		at := within + attribute.Name
		value, exists := values[attribute.Name]
		delete(values, attribute.Name)
		nested := attribute.NestedType
		// Core cannot mock lists and maps of objects.
		wanted := attribute.Computed && (nested == nil || nested.Nesting == tfprotov6.SchemaObjectNestingModeSingle)
		switch {
		case exists && !attribute.Computed:
			add(at, "is not computed")
		case exists && !wanted:
			add(at, "core cannot mock it")
		case !exists && wanted:
			add(at, "is missing")
		case exists && nested != nil:
			if value.IsNull() || !value.Type().IsObjectType() {
				add(at, "must be an object")
				continue
			}
			compareMock(at+".", value.AsValueMap(), nested.Attributes, add)
		case exists:
			checkMockValue(at, value, attribute.Type, add)
		}
	}
	for name := range values {
		add(within+name, "there is no such attribute")
	}
}

// checkMockValue checks a value of an attribute that is not an object.
func checkMockValue(at string, value cty.Value, typ tftypes.Type, add func(at, problem string)) {
	text, err := ctyjson.Marshal(value, value.Type())
	if err == nil {
		_, err = tfprotov6.RawState{JSON: text}.Unmarshal(typ)
	}
	if err == nil && strings.HasSuffix(at, "_at") && !value.IsNull() {
		_, err = time.Parse(time.RFC3339, value.AsString())
	}
	if err != nil {
		add(at, err.Error())
	}
}

// TestMocksTestAModule runs the tests of the guide's module, as its author does. Nothing
// reaches the service.
func TestMocksTestAModule(t *testing.T) {
	t.Parallel()
	service, w := mockWorkspace(t)
	w.Write("requirements.tf", guide(t, "testing/module.tf"))
	w.Write("module.tftest.hcl", guide(t, "testing/module.tftest.hcl"))
	w.Run("init", "-no-color")
	if out := w.Run("test", "-no-color"); !strings.Contains(out, "2 passed, 0 failed") {
		t.Errorf("the module's tests say:\n%s", out)
	}
	requireSilence(t, service)
}

// TestMocksFitEveryExample: core accepts the mocks of every object, in the configurations
// that users start from.
func TestMocksFitEveryExample(t *testing.T) {
	t.Parallel()
	service, w := mockWorkspace(t)
	requirements := w.Read("requirements.tf")
	var modules strings.Builder
	for dir := range examples {
		if strings.HasPrefix(dir, "functions/") {
			continue
		}
		for _, file := range exampleFiles(t, dir) {
			module := strings.NewReplacer("/", "-", ".tf", "").Replace(file)
			content := readExample(t, file)
			if !strings.Contains(content, "required_providers") {
				content = requirements + content
			}
			// The test destroys what it creates.
			content = strings.Replace(content, "prevent_destroy = true", "prevent_destroy = false", 1)
			// Mocked lists of objects are empty, which some examples do not expect.
			for list, filled := range map[string]string{
				"one(data.aigateway_secrets_stores.all.secrets_stores).id": `"27291d07018a19ffc56da02617f6dc7d"`,
				"data.aigateway_models.support.models[*].id":               `["openai/gpt-5.2", "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"]`,
			} {
				content = strings.ReplaceAll(content, list, filled)
			}
			w.Write(module+"/main.tf", content)
			fmt.Fprintf(&modules, "module %q {\n  source = %q\n}\n", module, "./"+module)
		}
	}
	w.Write("main.tf", modules.String())
	w.Write("all.tftest.hcl", `
mock_provider "aigateway" {
  source = "./mocks"
}

run "all" {}
`)
	w.Run("init", "-no-color")
	if out := w.Run("test", "-no-color"); !strings.Contains(out, "1 passed, 0 failed") || strings.Contains(out, "Warning") {
		t.Errorf("the test says:\n%s", out)
	}
	requireSilence(t, service)
}

// mockWorkspace returns a workspace with the mocks.
func mockWorkspace(t *testing.T) (*acctest.Service, *acctest.Workspace) {
	t.Helper()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsMocks()
	acctest.Require(t, supported, reason)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t)
	for _, name := range mockFiles(t) {
		w.Write("mocks/"+name, readExample(t, "mocks/"+name))
	}
	return service, w
}

// requireSilence fails the test if the service got a request.
func requireSilence(t *testing.T, service *acctest.Service) {
	t.Helper()
	if requests := service.Emulator.Requests(); len(requests) > 0 {
		t.Errorf("%d requests were sent, the first of them %s %s", len(requests), requests[0].Method, requests[0].Path)
	}
}
