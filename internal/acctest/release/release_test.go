package release_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

const (
	version  = "1.2.3"
	provider = "terraform-provider-aigateway"
	module   = "github.com/aigateway/terraform-provider-aigateway"
)

var host = release.Platform{OS: runtime.GOOS, Arch: runtime.GOARCH}

// key is made once, since that takes a second.
var key = sync.OnceValues(release.NewKey)

// programs are the two of a release, but with nothing in them.
var programs = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "programs")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	emulator := filepath.Join(dir, "internal", "emulator", "cmd", "aigateway-emulator")
	if err := os.MkdirAll(emulator, 0o700); err != nil {
		return nil, err
	}
	for name, content := range map[string]string{
		filepath.Join(dir, "go.mod"):       "module " + module + "\n",
		filepath.Join(dir, "main.go"):      "package main\n\nfunc main() {}\n",
		filepath.Join(emulator, "main.go"): "package main\n\nfunc main() {}\n",
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			return nil, err
		}
	}
	built := map[string][]byte{}
	for name, pkg := range map[string]string{provider: ".", "aigateway-emulator": "./internal/emulator/cmd/aigateway-emulator"} {
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(dir, name), pkg)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w: %s", err, out)
		}
		if built[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return built, nil
})

// A dist is a release under construction. Tests spoil it before it is written.
type dist struct {
	// files are by name. An archive is what it contains.
	files map[string]any
	// root is the directory of the sources.
	root map[string]string
}

type archive map[string]file

type file struct {
	mode    fs.FileMode
	content []byte
}

func newDist(t *testing.T) *dist {
	t.Helper()
	built, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	d := &dist{files: map[string]any{}, root: map[string]string{
		"LICENSE":                          "the license",
		"terraform-registry-manifest.json": `{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}`,
	}}
	for _, name := range []string{provider, "aigateway-emulator"} {
		binary, suffix := name+"_v"+version, ".zip"
		if name != provider {
			binary, suffix = name, ".tar.gz"
		}
		if host.OS == "windows" {
			binary += ".exe"
		}
		stem := name + "_" + version + "_" + host.String()
		d.files[stem+suffix] = archive{"LICENSE.txt": {0o644, []byte("the license")}, binary: {0o755, built[name]}}
		d.files[stem+".cdx.json"] = bill(module, "v"+version, "std", strings.TrimPrefix(runtime.Version(), "go"))
	}
	return d
}

// bill returns a bill of materials of a program with one module.
func bill(name, version, dependency, dependencyVersion string) string {
	return fmt.Sprintf(`{"bomFormat": "CycloneDX", "metadata": {"component": {"name": %q, "version": %q}}, "components": [{"name": %q, "version": %q}]}`,
		name, version, dependency, dependencyVersion)
}

// write writes the release and returns it with the public key.
func (d *dist) write(t *testing.T) (release.Release, string) {
	t.Helper()
	r := release.Release{Dir: t.TempDir(), Root: t.TempDir(), Version: version, Platforms: []release.Platform{host}}
	for name, content := range d.root {
		write(t, filepath.Join(r.Root, name), []byte(content))
	}
	manifest := fmt.Sprintf("%x  %s_%s_manifest.json\n", sha256.Sum256([]byte(d.root["terraform-registry-manifest.json"])), provider, version)
	sums := strings.Builder{}
	sums.WriteString(manifest)
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		packed := pack(t, name, d.files[name])
		write(t, filepath.Join(r.Dir, name), packed)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(packed), name)
	}
	k, err := key()
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(r.Dir, provider+"_"+version+"_SHA256SUMS")
	write(t, list, []byte(sums.String()))
	if err := release.Sign(k.Private, list, list+".sig"); err != nil {
		t.Fatal(err)
	}
	return r, k.Public
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func pack(t *testing.T, name string, content any) []byte {
	t.Helper()
	members, ok := content.(archive)
	if !ok {
		return []byte(content.(string))
	}
	var out bytes.Buffer
	if strings.HasSuffix(name, ".zip") {
		w := zip.NewWriter(&out)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			f, header := members[name], &zip.FileHeader{Name: name}
			header.SetMode(f.mode)
			in, err := w.CreateHeader(header)
			if err == nil {
				_, err = in.Write(f.content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	zipped := gzip.NewWriter(&out)
	w := tar.NewWriter(zipped)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		f := members[name]
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: int64(f.mode), Size: int64(len(f.content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
