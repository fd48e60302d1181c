package release

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// checkBinary checks that a program is the right one, for the right platform, and
// built as a release should be. It does not run it, so it can check all platforms.
func checkBinary(p program, platform Platform, content []byte) (*buildinfo.BuildInfo, error) {
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	var errs []error
	if info.Path != p.main {
		errs = append(errs, fmt.Errorf("it is built from %s, want %s", info.Path, p.main))
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	for _, want := range [][2]string{
		{"GOOS", platform.OS},
		{"GOARCH", platform.Arch},
		{"CGO_ENABLED", "0"},  // runs without a C library
		{"-trimpath", "true"}, // contains no path of the build machine
	} {
		if got := settings[want[0]]; got != want[1] {
			errs = append(errs, fmt.Errorf("it is built with %s=%s, want %s", want[0], got, want[1]))
		}
	}
	return info, errors.Join(errs...)
}

// checkBill checks that the bill of materials of a program lists every module that
// the program says it contains.
func (r Release) checkBill(p program, platform Platform, info *buildinfo.BuildInfo) error {
	name := r.file(p, platform, ".cdx.json")
	content, err := os.ReadFile(r.path(name))
	if err != nil {
		return err
	}
	type component struct{ Name, Version string }
	var bill struct {
		Format   string `json:"bomFormat"`
		Metadata struct{ Component component }
		// Components are the modules.
		Components []component
	}
	if err := json.Unmarshal(content, &bill); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var errs []error
	if bill.Format != "CycloneDX" {
		errs = append(errs, fmt.Errorf("%s: the format is %q, want CycloneDX", name, bill.Format))
	}
	if want := (component{module, "v" + r.Version}); bill.Metadata.Component != want {
		errs = append(errs, fmt.Errorf("%s: it describes %v, want %v", name, bill.Metadata.Component, want))
	}
	want := []component{{"std", info.GoVersion}}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		want = append(want, component{dep.Path, dep.Version})
	}
	for _, module := range want {
		if !slices.ContainsFunc(bill.Components, func(c component) bool {
			return c.Name == module.Name && strings.TrimPrefix(c.Version, "go") == strings.TrimPrefix(module.Version, "go")
		}) {
			errs = append(errs, fmt.Errorf("%s: %s %s is missing", name, module.Name, module.Version))
		}
	}
	return errors.Join(errs...)
}
