package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

// prepareKey makes a key and gives it to GnuPG, which also signs real releases, or to
// a stand-in where there is none.
func (r *rehearsal) prepareKey(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "key") // the path of GnuPG's socket must be short
	if err != nil {
		return err
	}
	r.clean = append(r.clean, func() error { return os.RemoveAll(dir) })
	if r.key, err = release.NewKey(); err != nil {
		return err
	}
	r.env = append(r.env, "GPG_FINGERPRINT="+r.key.Fingerprint)
	file := filepath.Join(dir, "private.asc")
	if err := os.WriteFile(file, []byte(r.key.Private), 0o600); err != nil {
		return err
	}
	gpg, err := exec.LookPath("gpg")
	if err != nil {
		fmt.Fprintln(r.out, "There is no gpg on PATH: a stand-in signs.")
		return r.standIn(ctx, file)
	}
	return r.gnupg(ctx, gpg, file)
}

// gnupg lets GnuPG sign, with the directory of the key as its home.
func (r *rehearsal) gnupg(ctx context.Context, gpg, key string) error {
	home := "GNUPGHOME=" + filepath.Dir(key)
	r.env = append(r.env, home)
	return command(ctx, r.root, []string{home}, r.out, gpg, "--batch", "--quiet", "--import", key)
}

// standIn puts a command called gpg in front of PATH that signs with the key.
func (r *rehearsal) standIn(ctx context.Context, key string) error {
	bin := filepath.Join(r.work, "gpg")
	for i, setting := range r.env {
		if path, ok := strings.CutPrefix(setting, "PATH="); ok {
			r.env[i] = "PATH=" + bin + string(os.PathListSeparator) + path
		}
	}
	r.env = append(r.env, release.KeyFileEnv+"="+key)
	return command(ctx, r.root, nil, r.out, "go", "build", "-o", bin+string(filepath.Separator), "./internal/acctest/cmd/release/gpg")
}
