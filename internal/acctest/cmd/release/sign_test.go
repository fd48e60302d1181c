package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

// GnuPG and its stand-in accept the arguments of .goreleaser.yml, and what they write
// passes the check.
func TestSign(t *testing.T) {
	t.Parallel()
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for name, prepare := range map[string]func(*testing.T, *rehearsal, context.Context, string) error{
		"GnuPG": func(t *testing.T, r *rehearsal, ctx context.Context, key string) error {
			t.Helper()
			gpg, err := exec.LookPath("gpg")
			if err != nil {
				t.Skip("There is no gpg on PATH.")
			}
			return r.gnupg(ctx, gpg, key)
		},
		"stand-in": func(_ *testing.T, r *rehearsal, ctx context.Context, key string) error { return r.standIn(ctx, key) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home, err := os.MkdirTemp("", "key") //nolint:usetesting // the path of GnuPG's socket must be short
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(home) })
			key, err := release.NewKey()
			if err != nil {
				t.Fatal(err)
			}
			keyFile := filepath.Join(home, "private.asc")
			file := filepath.Join(t.TempDir(), "SHA256SUMS")
			for name, content := range map[string]string{keyFile: key.Private, file: "sums"} {
				if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out bytes.Buffer
			r := &rehearsal{root: root, work: t.TempDir(), out: &out, env: []string{"PATH=" + os.Getenv("PATH")}}
			if err := prepare(t, r, t.Context(), keyFile); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			args := signArgs(t, root, map[string]string{
				`"{{ .Env.GPG_FINGERPRINT }}"`: key.Fingerprint, `"${signature}"`: file + ".sig", `"${artifact}"`: file,
			})
			// A shell, like GoReleaser, looks for gpg in the PATH of its environment.
			if err := command(t.Context(), root, r.env, &out, "sh", append([]string{"-c", `exec gpg "$@"`, "sh"}, args...)...); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			if err := release.Verify(key.Public, file, file+".sig"); err != nil {
				t.Error(err)
			}
		})
	}
}

// signArgs returns the arguments that .goreleaser.yml has for gpg.
func signArgs(t *testing.T, root string, values map[string]string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(content), "cmd: gpg\n    args: [")
	list, _, closed := strings.Cut(after, "]")
	if !ok || !closed {
		t.Fatal(".goreleaser.yml does not sign with gpg")
	}
	args := strings.Split(list, ", ")
	for i, arg := range args {
		if value, ok := values[arg]; ok {
			args[i] = value
		}
	}
	return args
}
