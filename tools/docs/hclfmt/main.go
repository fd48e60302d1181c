// Command hclfmt formats Terraform's files as the CLIs' fmt command lays them
// out, without a CLI. It takes files and folders; in folders it formats what it
// knows by name: .tf, .tfvars, .tftest.hcl and .tfquery.hcl.
//
// With -check it changes nothing, lists what is not formatted, and fails if
// there is any.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

func main() {
	check := flag.Bool("check", false, "change nothing; fail if a file is not formatted")
	flag.Parse()
	changed, err := run(flag.Args(), *check)
	for _, file := range changed {
		fmt.Println(file)
	}
	if err == nil && *check && len(changed) > 0 {
		err = errors.New("the files above are not formatted; `make fmt` formats them")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hclfmt:", err)
		os.Exit(1)
	}
}

// run formats the files, unless it is to check only, and returns those that
// were not formatted.
func run(paths []string, check bool) (changed []string, err error) {
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				if strings.HasPrefix(d.Name(), ".terraform") {
					return fs.SkipDir
				}
				return nil
			}
			if path != root && !isTerraform(path) {
				return nil
			}
			different, err := format(path, check)
			if different {
				changed = append(changed, path)
			}
			return err
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func isTerraform(path string) bool {
	for _, suffix := range []string{".tf", ".tfvars", ".tftest.hcl", ".tfquery.hcl"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}

func format(path string, check bool) (different bool, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	_, diags := hclwrite.ParseConfig(content, path, hcl.InitialPos)
	if diags.HasErrors() {
		return false, diags
	}
	formatted := hclwrite.Format(content)
	if bytes.Equal(content, formatted) {
		return false, nil
	}
	if check {
		return true, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return true, err
	}
	return true, os.WriteFile(path, formatted, info.Mode().Perm())
}
