// Package release checks the files of a release before anyone installs them: names,
// checksums, signature, manifest, archives, programs and their bills of materials.
//
// The expectations are written out here and not read from .goreleaser.yml, so that
// one checks the other.
package release

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// project is the name of the repository, which the registries prescribe.
const project = "terraform-provider-aigateway"

// module is the path of the provider's module.
const module = "github.com/aigateway/terraform-provider-aigateway"

// A Platform is an operating system and an architecture in Go's terms.
type Platform struct{ OS, Arch string }

func (p Platform) String() string { return p.OS + "_" + p.Arch }

// exe returns the suffix of programs.
func (p Platform) exe() string {
	if p.OS == "windows" {
		return ".exe"
	}
	return ""
}

// Platforms are those that each release has archives for.
var Platforms = []Platform{ //nolint:gochecknoglobals // a constant table
	{"darwin", "amd64"},
	{"darwin", "arm64"},
	{"freebsd", "amd64"},
	{"linux", "amd64"},
	{"linux", "arm"},
	{"linux", "arm64"},
	{"windows", "amd64"},
	{"windows", "arm64"},
}

// A Release is a directory that GoReleaser filled.
type Release struct {
	// Dir is GoReleaser's dist directory.
	Dir string
	// Root is the directory of the sources, with the license and the manifest.
	Root string
	// Version has no leading v.
	Version string
	// Platforms are those that the release must have.
	Platforms []Platform
}

// A program is one of the two that a release contains.
type program struct {
	name    string // begins the names of its files
	binary  string // without .exe
	main    string // the import path of the main package
	archive string // the suffix of its archives
}

func (r Release) programs() []program {
	return []program{
		{name: project, binary: project + "_v" + r.Version, main: module, archive: ".zip"},
		{
			name: "aigateway-emulator", binary: "aigateway-emulator",
			main: module + "/internal/emulator/cmd/aigateway-emulator", archive: ".tar.gz",
		},
	}
}

// file returns the name of a program's file for a platform.
func (r Release) file(p program, platform Platform, suffix string) string {
	return fmt.Sprintf("%s_%s_%s%s", p.name, r.Version, platform, suffix)
}

// ProviderArchive returns the path of the provider's archive for a platform.
func (r Release) ProviderArchive(platform Platform) string {
	p := r.programs()[0]
	return filepath.Join(r.Dir, r.file(p, platform, p.archive))
}

// EmulatorArchive returns the path of the emulator's archive for a platform.
func (r Release) EmulatorArchive(platform Platform) string {
	p := r.programs()[1]
	return filepath.Join(r.Dir, r.file(p, platform, p.archive))
}

// sums returns the name of the file with the checksums.
func (r Release) sums() string { return project + "_" + r.Version + "_SHA256SUMS" }

// manifest returns the name that the manifest has in the release.
func (r Release) manifest() string { return project + "_" + r.Version + "_manifest.json" }

// Summed returns the names of all files that have a checksum.
func (r Release) Summed() []string {
	names := []string{r.manifest()}
	for _, platform := range r.Platforms {
		for _, p := range r.programs() {
			names = append(names, r.file(p, platform, p.archive), r.file(p, platform, ".cdx.json"))
		}
	}
	slices.Sort(names)
	return names
}

// path returns where a file of the release lies. GoReleaser uploads the manifest
// from where it is, under its new name.
func (r Release) path(name string) string {
	if name == r.manifest() {
		return filepath.Join(r.Root, "terraform-registry-manifest.json")
	}
	return filepath.Join(r.Dir, name)
}

// Check returns everything that is wrong with the release. The key is the armored
// public key that the registries know.
func (r Release) Check(key string) error {
	errs := []error{r.checkNames(), r.checkSums(), r.checkSignature(key), r.checkManifest()}
	for _, platform := range r.Platforms {
		for _, p := range r.programs() {
			errs = append(errs, r.checkProgram(p, platform))
		}
	}
	return errors.Join(errs...)
}

// checkNames reports files that a release lacks, and files that it has too many,
// which a registry could take for something else.
func (r Release) checkNames() error {
	want := append(r.Summed(), r.sums(), r.sums()+".sig")
	var errs []error
	for _, name := range want {
		if _, err := os.Stat(r.path(name)); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() && !slices.Contains(want, entry.Name()) && !isReport(entry) {
			errs = append(errs, fmt.Errorf("%s: the release should have no such file", entry.Name()))
		}
	}
	return errors.Join(errs...)
}

// isReport reports whether GoReleaser wrote the file about its run. It does not
// upload it.
func isReport(entry fs.DirEntry) bool {
	return slices.Contains([]string{"artifacts.json", "config.yaml", "metadata.json"}, entry.Name()) ||
		strings.EqualFold(entry.Name(), "changelog.md")
}
