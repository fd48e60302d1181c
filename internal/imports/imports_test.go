// Package imports tests which packages may import which.
package imports

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A pkg is a package as `go list` prints it.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func goList(t *testing.T, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return out
}

func module(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(string(goList(t, "-m")))
}

// packages returns the packages of this module, with paths relative to it. The
// root is "".
func packages(t *testing.T, module string) []pkg {
	t.Helper()
	var list []pkg
	dec := json.NewDecoder(bytes.NewReader(goList(t, "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...")))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = relative(module, p.ImportPath)
		for _, imports := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for i := range imports {
				imports[i] = relative(module, imports[i])
			}
		}
		list = append(list, p)
	}
}

// relative returns a path of this module relative to it, and other paths
// unchanged.
func relative(module, path string) string {
	if path == module {
		return ""
	}
	return strings.TrimPrefix(path, module+"/")
}

// within reports whether path is dir or below it.
func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

// TestBinary checks what becomes part of the provider's binary.
func TestBinary(t *testing.T) {
	module := module(t)
	deps := strings.Fields(string(goList(t, "-deps", module)))
	if !slices.Contains(deps, module+"/internal/provider") {
		t.Fatal("the binary does not contain the provider, so this test checks nothing")
	}
	for _, dep := range deps {
		path := relative(module, dep)
		switch {
		case path == "github.com/cloudflare/cloudflare-go/v7":
			t.Error("the root package of cloudflare-go contains all of Cloudflare: it triples the size of the binary and takes minutes to compile")
		case within(path, "github.com/hashicorp/terraform-plugin-testing"),
			within(path, "internal/emulator"), within(path, "internal/acctest"), within(path, "internal/client/clienttest"):
			t.Errorf("%s is for tests, and is part of the binary", path)
		case within(path, "cel.dev/cel-go"), within(path, "github.com/google/cel-go"):
			t.Errorf("%s is for the emulator: the service checks conditions, not the provider", path)
		}
	}
}

// shared lists the directories below internal/ that do not belong to one API object.
var shared = []string{"acctest", "client", "emulator", "framework", "imports", "process", "provider"}

// object returns the name of the object package that contains path, or "".
func object(path string) string {
	rest, found := strings.CutPrefix(path, "internal/")
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if slices.Contains(shared, name) {
		return ""
	}
	return name
}

// forbidden returns the reason why from may not import to, or "".
func forbidden(from, to string) string {
	plugin := strings.HasPrefix(to, "github.com/hashicorp/terraform-plugin-") && !within(to, "github.com/hashicorp/terraform-plugin-log")
	switch {
	case to == "github.com/cloudflare/cloudflare-go/v7":
		return "the root package of cloudflare-go is too large; use its service packages"
	case within(to, "github.com/cloudflare/cloudflare-go/v7") && !within(from, "internal/client"):
		return "only the client uses cloudflare-go"
	case within(from, "internal/client") && (plugin || strings.HasPrefix(to, "internal/") && !within(to, "internal/client")):
		return "the client depends neither on Terraform nor on other packages of the provider"
	case within(from, "internal/client") && to != "internal/client" && within(to, "internal/client") && !mayUse(from, to):
		return "packages of the client import its core and wire, not each other"
	case within(from, "internal/emulator") && (strings.HasPrefix(to, "github.com/hashicorp/") || strings.HasPrefix(to, "internal/") && !within(to, "internal/emulator")):
		return "the emulator depends neither on Terraform nor on the client"
	case within(to, "internal/emulator") && !within(from, "internal/emulator") && !within(from, "internal/acctest"):
		return "only acctest and the emulator's command import the emulator"
	case within(from, "internal/emulator") && within(to, "internal/emulator") && emulatorLayer(from) <= emulatorLayer(to):
		return "packages of the emulator import only those of the layers below: " +
			"server, then control plane, data plane and status page, store, settings, leaves, wire"
	case within(to, "internal/provider") && from != "" && !within(from, "internal/provider") && !within(from, "internal/acctest"):
		return "only main and acctest import the provider"
	case within(from, "internal/framework") && object(to) != "":
		return "framework does not depend on API objects"
	case object(from) != "" && object(to) != "" && object(from) != object(to):
		return "packages of API objects do not import each other"
	}
	return ""
}

// emulatorLayers are the packages of the emulator from the lowest layer up. Packages of
// one layer do not import each other.
var emulatorLayers = [][]string{
	{"wire", "quirk", "trace", "graph"},
	{"apischema", "providerapi", "conditions", "limits", "secrets"},
	{"settings"},
	{"store"},
	{"controlplane", "dataplane", "status"},
	{""}, // the server
	{"cmd/aigateway-emulator"},
}

// emulatorLayer returns the layer of a package of the emulator, or -1 for a package that
// is not listed: it may not import another, which shows that it is missing.
func emulatorLayer(path string) int {
	name := strings.TrimPrefix(strings.TrimPrefix(path, "internal/emulator"), "/")
	return slices.IndexFunc(emulatorLayers, func(layer []string) bool { return slices.Contains(layer, name) })
}

// mayUse reports whether a package of the client may import another one below
// internal/client.
func mayUse(from, to string) bool {
	switch {
	case from == "internal/client/wire":
		return false
	case to == "internal/client/wire":
		return true
	default:
		return from == "internal/client/clienttest" // for tests of all of them
	}
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t, module(t)) {
		for _, to := range p.Imports {
			if why := forbidden(p.ImportPath, to); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, to, why)
			}
			if to == "internal/client/clienttest" {
				t.Errorf("%s imports %s outside of its tests", p.ImportPath, to)
			}
			if within(to, "internal/acctest") && !within(p.ImportPath, "internal/acctest") {
				t.Errorf("%s imports %s outside of its tests", p.ImportPath, to)
			}
		}
		// Tests may use the harness, and with it everything. But client and emulator
		// stay independent even in tests.
		for _, to := range slices.Concat(p.TestImports, p.XTestImports) {
			between := within(p.ImportPath, "internal/client") && within(to, "internal/emulator") ||
				within(p.ImportPath, "internal/emulator") && within(to, "internal/client")
			if between || to == "github.com/cloudflare/cloudflare-go/v7" {
				t.Errorf("tests of %s import %s", p.ImportPath, to)
			}
		}
	}
}

// TestForbidden checks that the rules forbid something.
func TestForbidden(t *testing.T) {
	for _, test := range []struct {
		from, to string
		allowed  bool
	}{
		{"", "internal/provider", true},
		{"internal/provider", "internal/gateway", true},
		{"internal/gateway", "internal/client", true},
		{"internal/gateway", "internal/framework/convert", true},
		{"internal/client", "github.com/cloudflare/cloudflare-go/v7/ai_gateway", true},
		{"internal/client", "github.com/hashicorp/terraform-plugin-log/tflog", true},
		{"internal/client", "internal/client/wire", true},
		{"internal/client/routes", "internal/client", true},
		{"internal/client/routes", "internal/client/wire", true},
		{"internal/client/clienttest", "internal/client/gateways", true},
		{"internal/gateway", "internal/client/gateways", true},
		{"internal/acctest", "internal/emulator", true},
		{"internal/emulator/cmd/aigateway-emulator", "internal/emulator", true},

		{"internal/emulator", "internal/emulator/dataplane", true},
		{"internal/emulator/controlplane", "internal/emulator/store", true},
		{"internal/emulator/dataplane", "internal/emulator/conditions", true},
		{"internal/emulator/store", "internal/emulator/apischema", true},
		{"internal/emulator/providerapi", "internal/emulator/wire", true},
		{"internal/emulator/store", "internal/emulator/secrets", true},
		{"internal/emulator/dataplane", "internal/emulator/trace", true},
		{"internal/emulator/status", "internal/emulator/store", true},

		{"internal/emulator/limits", "internal/emulator/store", false},
		{"internal/emulator/secrets", "internal/emulator/limits", false},
		{"internal/emulator/store", "internal/emulator/controlplane", false},
		{"internal/emulator/store", "internal/emulator", false},
		{"internal/emulator/controlplane", "internal/emulator/dataplane", false},
		{"internal/emulator/dataplane", "internal/emulator/controlplane", false},
		{"internal/emulator/status", "internal/emulator/dataplane", false},
		{"internal/emulator/dataplane", "internal/emulator/status", false},
		{"internal/emulator/apischema", "internal/emulator/store", false},
		{"internal/emulator/apischema", "internal/emulator/providerapi", false},
		{"internal/emulator/unlisted", "internal/emulator/wire", false},
		{"internal/client", "github.com/cloudflare/cloudflare-go/v7", false},
		{"internal/gateway", "github.com/cloudflare/cloudflare-go/v7/ai_gateway", false},
		{"internal/client", "github.com/hashicorp/terraform-plugin-framework/types", false},
		{"internal/client", "internal/framework/convert", false},
		{"internal/client", "internal/client/routes", false},
		{"internal/client/routes", "internal/client/gateways", false},
		{"internal/client/wire", "internal/client/routes", false},
		{"internal/client/routes", "internal/emulator", false},
		{"internal/emulator", "internal/client", false},
		{"internal/emulator", "github.com/hashicorp/terraform-plugin-framework/types", false},
		{"internal/gateway", "internal/emulator", false},
		{"internal/gateway", "internal/provider", false},
		{"internal/gateway", "internal/chat", false},
		{"internal/framework/convert", "internal/gateway", false},
	} {
		if why := forbidden(test.from, test.to); (why == "") != test.allowed {
			t.Errorf("%q imports %q: %q, want allowed %v", test.from, test.to, why, test.allowed)
		}
	}
}
