package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Hosts are the registry hosts that a source address without a host stands for,
// Terraform's and OpenTofu's.
var Hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// InstallProvider lays out a provider's binary in dir as a filesystem mirror, in
// the unpacked form and for all of Hosts, so that `init` finds it with either
// CLI as if it came from the registry. The address is that of the provider, of
// the form host/namespace/type; its host does not matter. The version must be a
// released one (no prerelease), since `init` passes over others.
func InstallProvider(dir, binary, address, version string) error {
	parts := strings.Split(address, "/")
	if len(parts) != 3 {
		return fmt.Errorf("provider address %q is not of the form host/namespace/type", address)
	}
	name := "terraform-provider-" + parts[2] + "_v" + version
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for _, host := range Hosts {
		target := filepath.Join(dir, host, parts[1], parts[2], version, runtime.GOOS+"_"+runtime.GOARCH, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := linkOrCopy(binary, target); err != nil {
			return err
		}
	}
	return nil
}

// InstallArchive puts a release archive of a provider into dir as a filesystem
// mirror, in the packed form and for all of Hosts. The CLI takes version and platform
// from the name of the archive.
func InstallArchive(dir, archive, address string) error {
	parts := strings.Split(address, "/")
	if len(parts) != 3 {
		return fmt.Errorf("provider address %q is not of the form host/namespace/type", address)
	}
	for _, host := range Hosts {
		target := filepath.Join(dir, host, parts[1], parts[2], filepath.Base(archive))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := linkOrCopy(archive, target); err != nil {
			return err
		}
	}
	return nil
}

// WriteConfig writes a CLI configuration file by which providers come from the
// filesystem mirror at dir and from nowhere else: no registry is asked.
func WriteConfig(file, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	content := fmt.Sprintf(`disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path = %s
  }
}
`, strconv.Quote(filepath.ToSlash(dir)))
	return os.WriteFile(file, []byte(content), 0o644)
}

// linkOrCopy makes target the same file as source, or a copy where the file
// system cannot link.
func linkOrCopy(source, target string) (err error) {
	if err := os.Remove(target); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if os.Link(source, target) == nil {
		return nil
	}
	in, err := os.Open(source)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
