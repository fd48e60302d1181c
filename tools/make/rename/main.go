// Command rename changes the module path or the registry namespace everywhere
// in the repository that the working directory is in.
//
//	rename module github.com/acme/terraform-provider-aigateway
//	rename namespace acme
//
// Both names are settled in one place, from which it reads what to replace: the
// module path in go.mod, the namespace in the Address of internal/provider.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: rename module PATH | rename namespace NAME")
	}
	root, err := git("rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	root = strings.TrimSpace(root)
	var edit func(string) string
	switch args[0] {
	case "module":
		edit, err = moduleEdit(root, args[1])
	case "namespace":
		edit, err = namespaceEdit(root, args[1])
	default:
		err = fmt.Errorf("cannot rename %q: neither module nor namespace", args[0])
	}
	if err != nil {
		return err
	}
	return apply(root, edit)
}

var (
	moduleLine   = regexp.MustCompile(`(?m)^module (\S+)$`)
	modulePath   = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._~-]*(/[a-zA-Z0-9._~-]+)*$`)
	addressConst = regexp.MustCompile(`Address = "registry\.terraform\.io/([^/"]+)/([^/"]+)"`)
	namespace    = regexp.MustCompile(`^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?$`)
)

// moduleEdit replaces the module path where it names the module or a package
// or module below it. The binary, which may be called the same, keeps its name.
func moduleEdit(root, path string) (func(string) string, error) {
	if !modulePath.MatchString(path) {
		return nil, fmt.Errorf("%q is not a module path", path)
	}
	old, err := find(filepath.Join(root, "go.mod"), moduleLine, "no module line")
	if err != nil {
		return nil, err
	}
	quoted := regexp.QuoteMeta(old[1])
	below := regexp.MustCompile(`(^|[^\w./~-])` + quoted + `/(internal|tools)\b`)
	line := regexp.MustCompile(`(?m)^module ` + quoted + `$`)
	return func(s string) string {
		s = below.ReplaceAllString(s, "${1}"+path+"/${2}")
		return line.ReplaceAllLiteralString(s, "module "+path)
	}, nil
}

// namespaceEdit replaces the namespace in source addresses of the provider,
// with a host before it or without.
func namespaceEdit(root, name string) (func(string) string, error) {
	if !namespace.MatchString(name) {
		return nil, fmt.Errorf("%q is not a registry namespace: letters, digits, hyphens and underscores", name)
	}
	old, err := find(filepath.Join(root, "internal", "provider", "provider.go"), addressConst, "no Address constant")
	if err != nil {
		return nil, err
	}
	address := regexp.MustCompile(`(^|[^\w.-])` + regexp.QuoteMeta(old[1]+"/"+old[2]) + `($|[^\w-])`)
	return func(s string) string {
		// Twice, since a match takes the character that the next one starts with.
		for range 2 {
			s = address.ReplaceAllString(s, "${1}"+name+"/"+old[2]+"${2}")
		}
		return s
	}, nil
}

func find(file string, pattern *regexp.Regexp, missing string) ([]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := pattern.FindStringSubmatch(string(content))
	if m == nil {
		return nil, fmt.Errorf("%s: %s", file, missing)
	}
	return m, nil
}

// apply edits every file that is tracked or could be; ignored ones are derived.
func apply(root string, edit func(string) string) error {
	list, err := git("-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimRight(list, "\x00"), "\x00") {
		file := filepath.Join(root, filepath.FromSlash(name))
		info, err := os.Lstat(file)
		if seen[name] || errors.Is(err, os.ErrNotExist) || (err == nil && !info.Mode().IsRegular()) {
			continue
		}
		seen[name] = true
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		after := edit(string(content))
		if after == string(content) {
			continue
		}
		if err := os.WriteFile(file, []byte(after), info.Mode().Perm()); err != nil {
			return err
		}
		fmt.Println(name)
	}
	return nil
}

func git(args ...string) (string, error) {
	cmd := exec.CommandContext(context.Background(), "git", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return string(out), nil
}
