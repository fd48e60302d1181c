package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// A member is one file of an archive.
type member struct {
	mode    fs.FileMode
	content []byte
}

// checkProgram checks the archive of a program and its bill of materials.
func (r Release) checkProgram(p program, platform Platform) error {
	name := r.file(p, platform, p.archive)
	members, err := readArchive(r.path(name))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	binary := p.binary + platform.exe()
	if diff := cmp.Diff(slices.Sorted(slices.Values([]string{"LICENSE.txt", binary})), slices.Sorted(maps.Keys(members))); diff != "" {
		return fmt.Errorf("%s: files (-want +got):\n%s", name, diff)
	}
	var errs []error
	license, err := os.ReadFile(filepath.Join(r.Root, "LICENSE"))
	if err != nil {
		return err
	}
	if !bytes.Equal(license, members["LICENSE.txt"].content) {
		errs = append(errs, fmt.Errorf("%s: LICENSE.txt is not the license of the repository", name))
	}
	if mode := members[binary].mode; mode.Perm() != 0o755 {
		errs = append(errs, fmt.Errorf("%s: %s has the mode %v, want 0755", name, binary, mode))
	}
	info, err := checkBinary(p, platform, members[binary].content)
	if err != nil {
		errs = append(errs, fmt.Errorf("%s: %s: %w", name, binary, err))
	} else if err := r.checkBill(p, platform, info); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func readArchive(path string) (map[string]member, error) {
	if strings.HasSuffix(path, ".zip") {
		return readZip(path)
	}
	return readTar(path)
}

func readZip(path string) (map[string]member, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = archive.Close() }()
	members := map[string]member{}
	for _, file := range archive.File {
		in, err := file.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name, err)
		}
		members[file.Name] = member{file.Mode(), content}
	}
	return members, nil
}

func readTar(path string) (map[string]member, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	members := map[string]member{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return members, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", header.Name, err)
		}
		members[header.Name] = member{header.FileInfo().Mode(), content}
	}
}

// Extract writes the program of an archive into dir and returns its path.
func Extract(archive, dir string) (string, error) {
	members, err := readArchive(archive)
	if err != nil {
		return "", err
	}
	for name, m := range members {
		if name == "LICENSE.txt" {
			continue
		}
		path := filepath.Join(dir, filepath.Base(name))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		return path, os.WriteFile(path, m.content, m.mode.Perm())
	}
	return "", fmt.Errorf("%s contains no program", archive)
}
