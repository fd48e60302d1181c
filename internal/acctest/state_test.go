package acctest_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// states holds what the provider wrote to state with version 0 of every schema. No
// file there changes any more once a release has it: users have such states.
const states = "testdata/state-v0"

// writeStates adds states of resources and configurations that have no file yet.
var writeStates = flag.Bool("write-states", false, "write the files that are missing in "+states)

// TestOldStates reads states that an earlier version of the provider wrote, in front
// of the objects that it had created, and plans. Nothing may be lost, and nothing may
// be planned.
func TestOldStates(t *testing.T) {
	t.Parallel()
	for typeName, configs := range stateConfigs {
		for name := range configs {
			t.Run(typeName+"/"+name, func(t *testing.T) {
				t.Parallel()
				checkOldState(t, typeName, name)
			})
		}
	}
}

func checkOldState(t *testing.T, typeName, name string) {
	t.Helper()
	service, server := stateService(t, typeName)
	config := stateConfig(typeName, name, service)
	created := server.Resource(typeName)
	created.MustApply(config)

	file := filepath.Join(states, typeName+"."+name+".json")
	content, err := os.ReadFile(file)
	if os.IsNotExist(err) && *writeStates {
		writeState(t, file, created.Save())
		content, err = os.ReadFile(file)
	}
	if err != nil {
		t.Fatalf("%v: write it with -write-states, if it is the state of a new resource", err)
	}
	var old protocol.Saved
	if err := json.Unmarshal(rename(t, content, created.State()), &old); err != nil {
		t.Fatal(err)
	}

	loaded := server.Resource(typeName)
	if diags := loaded.Load(old); diags.HasError() {
		t.Fatalf("the provider does not read the state: %s", diags)
	}
	if loaded.SchemaVersion() == old.SchemaVersion {
		var before attrs
		if err := json.Unmarshal(old.Attributes, &before); err != nil {
			t.Fatal(err)
		}
		for _, lost := range lostValues(before, normal(t, loaded.State()), "") {
			t.Errorf("%s: the provider reads the state without an upgrade, and loses %s", typeName, lost)
		}
	}
	service.Emulator.ResetRequests()
	loaded.MustPlanEmpty(config)
	if loaded.Identity() == nil || !reflect.DeepEqual(loaded.Identity(), created.Identity()) {
		t.Errorf("the identity is %v, want %v", loaded.Identity(), created.Identity())
	}
	if got, want := normal(t, loaded.State()), normal(t, created.State()); !reflect.DeepEqual(got, want) {
		t.Errorf("after a refresh, the state is\n%v\nand a new object of this configuration has\n%v", got, want)
	}
	for _, request := range service.Requests() {
		if !strings.HasPrefix(request, "GET ") {
			t.Errorf("reading the state and planning sent %s", request)
		}
	}
}

// lostValues describes the values of a state that are not in another.
func lostValues(before, after any, at string) []string {
	if values, ok := before.(attrs); ok {
		others, ok := after.(attrs)
		if !ok && len(values) > 0 {
			return []string{at}
		}
		var lost []string
		for _, name := range slices.Sorted(maps.Keys(values)) {
			lost = append(lost, lostValues(values[name], others[name], strings.TrimPrefix(at+"."+name, "."))...)
		}
		return lost
	}
	if before != nil && !reflect.DeepEqual(before, after) {
		return []string{fmt.Sprintf("%s (%#v becomes %#v)", at, before, after)}
	}
	return nil
}

// normal returns a state as it is after a way through JSON.
func normal(t *testing.T, state attrs) (decoded attrs) {
	t.Helper()
	encoded, err := json.Marshal(state)
	if err == nil {
		err = json.Unmarshal(encoded, &decoded)
	}
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func writeState(t *testing.T, file string, saved protocol.Saved) {
	t.Helper()
	content, err := json.MarshalIndent(saved, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o750)
	}
	if err == nil {
		err = os.WriteFile(file, append(content, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// chosen matches what the service chooses at random: IDs.
var chosen = regexp.MustCompile(`^([0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$`)

// rename replaces the IDs in a file, whose objects are gone, by those that the
// emulator gave the same objects now.
func rename(t *testing.T, content []byte, now attrs) []byte {
	t.Helper()
	var old struct{ Attributes attrs }
	if err := json.Unmarshal(content, &old); err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for name, value := range old.Attributes {
		id, _ := value.(string)
		current, _ := now[name].(string)
		if id != acctest.AccountID && chosen.MatchString(id) && chosen.MatchString(current) {
			pairs = append(pairs, id, current)
		}
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(content)))
}

// stateService returns a service whose time stands still, with a gateway and a
// Secrets Store, and a provider. The store is missing if the test creates it, since an
// account has only one. The address is the same in every test.
func stateService(t *testing.T, typeName string) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.EmulateInMemory(t, emulator.Options{
		Clock:        emulator.NewClock(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)),
		GatewayLimit: -1, SecretDelay: -1, NoSecretsStore: typeName == "aigateway_secrets_store",
	})
	parent := attrs{"id": "parent"}
	if ids := service.Emulator.StoreIDs(service.AccountID); len(ids) > 0 {
		parent["store_id"] = ids[0]
	}
	service.Emulator.PutGateway(service.AccountID, parent)
	return service, service.Protocol(t, nil)
}

// TestOldStatesAreComplete fails if an attribute of a resource has no value in any of
// the states, so that its removal or a new type would not be noticed.
func TestOldStatesAreComplete(t *testing.T) {
	t.Parallel()
	_, server := stateService(t, "")
	for typeName, resource := range server.Schema().ResourceSchemas {
		files, err := filepath.Glob(filepath.Join(states, typeName+".*.json"))
		if err != nil {
			t.Fatal(err)
		}
		set := map[string]bool{}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var saved struct{ Attributes attrs }
			if err := json.Unmarshal(content, &saved); err != nil {
				t.Fatal(err)
			}
			collect(typeName, resource.Block.Attributes, saved.Attributes, set)
		}
		acctest.EachAttribute(typeName, resource.Block.Attributes, func(at string, attribute *tfprotov6.SchemaAttribute) {
			if !attribute.WriteOnly && !set[at] {
				t.Errorf("%s has no value in %s", at, states)
			}
		})
	}
}

// collect notes the paths of attributes that have values.
func collect(at string, attributes []*tfprotov6.SchemaAttribute, values attrs, set map[string]bool) {
	for _, attribute := range attributes {
		value := values[attribute.Name]
		if value == nil {
			continue
		}
		path := at + "." + attribute.Name
		set[path] = true
		if attribute.NestedType == nil {
			continue
		}
		for _, object := range objects(attribute.NestedType.Nesting, value) {
			collect(path, attribute.NestedType.Attributes, object, set)
		}
	}
}

// objects returns the objects of a nested attribute.
func objects(nesting tfprotov6.SchemaObjectNestingMode, value any) []attrs {
	var found []attrs
	switch nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		found = append(found, value.(attrs))
	case tfprotov6.SchemaObjectNestingModeMap:
		for _, element := range value.(attrs) {
			found = append(found, element.(attrs))
		}
	default:
		for _, element := range value.([]any) {
			found = append(found, element.(attrs))
		}
	}
	return found
}
