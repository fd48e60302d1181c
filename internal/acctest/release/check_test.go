package release_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/release"
)

func TestCheckAcceptsARelease(t *testing.T) {
	t.Parallel()
	r, public := newDist(t).write(t)
	if err := r.Check(public); err != nil {
		t.Error(err)
	}
}

// Each case is a release with one mistake, and what the error must say.
func TestCheckFindsMistakes(t *testing.T) {
	t.Parallel()
	zipName := provider + "_" + version + "_" + host.String() + ".zip"
	tarName := "aigateway-emulator_" + version + "_" + host.String() + ".tar.gz"
	billName := provider + "_" + version + "_" + host.String() + ".cdx.json"
	binary := provider + "_v" + version
	if host.OS == "windows" {
		binary += ".exe"
	}
	for name, test := range map[string]struct {
		// spoil changes the release before, and damage after it is summed and signed.
		spoil  func(*dist)
		damage func(t *testing.T, r release.Release)
		want   string
	}{
		"no archive":        {spoil: func(d *dist) { delete(d.files, zipName) }, want: zipName},
		"no emulator":       {spoil: func(d *dist) { delete(d.files, tarName) }, want: tarName},
		"emulator in a zip": {spoil: func(d *dist) { d.files["aigateway-emulator_1.2.3_linux_amd64.zip"] = "zip" }, want: "should have no such file"},
		"another name of the program": {spoil: func(d *dist) {
			members := d.files[zipName].(archive)
			members["terraform-provider-aigateway"] = members[binary]
			delete(members, binary)
		}, want: binary},
		"a program that cannot be run": {spoil: func(d *dist) {
			members := d.files[zipName].(archive)
			members[binary] = file{0o644, members[binary].content}
		}, want: "want 0755"},
		"another license": {spoil: func(d *dist) { d.files[tarName].(archive)["LICENSE.txt"] = file{0o644, []byte("ours")} }, want: "not the license"},
		"the other program": {spoil: func(d *dist) {
			built, _ := programs()
			d.files[zipName].(archive)[binary] = file{0o755, built["aigateway-emulator"]}
		}, want: "it is built from " + module + "/internal/emulator/cmd/aigateway-emulator"},
		"no program": {spoil: func(d *dist) { d.files[zipName].(archive)[binary] = file{0o755, []byte("#!/bin/sh\n")} }, want: "unrecognized file format"},
		"protocol 5": {spoil: func(d *dist) {
			d.root["terraform-registry-manifest.json"] = `{"version": 1, "metadata": {"protocol_versions": ["5.0"]}}`
		}, want: "_manifest.json"},
		"a manifest that is not JSON": {spoil: func(d *dist) { d.root["terraform-registry-manifest.json"] = `{"version": 1,}` }, want: "_manifest.json"},
		"a bill of another version":   {spoil: func(d *dist) { d.files[billName] = bill(module, "v1.2.2", "std", "1") }, want: "it describes"},
		"a bill without a module":     {spoil: func(d *dist) { d.files[billName] = bill(module, "v1.2.3", "other", "v1") }, want: "std go"},
		"a changed archive":           {damage: change(zipName), want: zipName + ": the checksum is"},
		"changed checksums":           {damage: change(provider + "_" + version + "_SHA256SUMS"), want: ".sig: openpgp: invalid signature"},
		"a file that nobody summed":   {damage: add("aigateway-emulator_1.2.3_plan9_arm.tar.gz"), want: "should have no such file"},
		"no signature":                {damage: remove(provider + "_" + version + "_SHA256SUMS.sig"), want: "_SHA256SUMS.sig"},
		"an armored signature":        {damage: armorSignature, want: "is armored"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDist(t)
			if test.spoil != nil {
				test.spoil(d)
			}
			r, public := d.write(t)
			if test.damage != nil {
				test.damage(t, r)
			}
			if err := r.Check(public); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
		})
	}
}

func change(name string) func(*testing.T, release.Release) {
	return func(t *testing.T, r release.Release) {
		t.Helper()
		path := filepath.Join(r.Dir, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, append(content, '\n'))
	}
}

func add(name string) func(*testing.T, release.Release) {
	return func(t *testing.T, r release.Release) {
		t.Helper()
		write(t, filepath.Join(r.Dir, name), nil)
	}
}

func remove(name string) func(*testing.T, release.Release) {
	return func(t *testing.T, r release.Release) {
		t.Helper()
		if err := os.Remove(filepath.Join(r.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func armorSignature(t *testing.T, r release.Release) {
	t.Helper()
	path := filepath.Join(r.Dir, provider+"_"+version+"_SHA256SUMS.sig")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := armor.Encode(&out, openpgp.SignatureType, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, path, out.Bytes())
}

// The Terraform Registry refuses keys of elliptic curves, which are the default of
// newer versions of GnuPG, and a key that it does not know.
func TestCheckRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	r, _ := newDist(t).write(t)
	sums := filepath.Join(r.Dir, provider+"_"+version+"_SHA256SUMS")

	stranger := newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048})
	if err := r.Check(stranger.Public); err == nil || !strings.Contains(err.Error(), "unknown entity") {
		t.Errorf("with a key that did not sign, the error is %v", err)
	}
	curve := newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err := release.Sign(curve.Private, sums, sums+".sig"); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(curve.Public); err == nil || !strings.Contains(err.Error(), "expects RSA") {
		t.Errorf("with a key of an elliptic curve, the error is %v", err)
	}
}

func newKey(t *testing.T, config *packet.Config) release.Key {
	t.Helper()
	k, err := release.NewKeyWith(config)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestCompare(t *testing.T) {
	t.Parallel()
	d := newDist(t)
	one, _ := d.write(t)
	same, _ := d.write(t)
	if n, err := one.Compare(same); err != nil || n != 6 {
		t.Errorf("equal releases differ: %d files, %v", n, err)
	}
	d.root["terraform-registry-manifest.json"] = "{}"
	two, _ := d.write(t)
	if _, err := one.Compare(two); err == nil || !strings.Contains(err.Error(), "_manifest.json: the checksums are") {
		t.Errorf("with another manifest, the error is %v", err)
	}
}

func TestExtract(t *testing.T) {
	t.Parallel()
	r, _ := newDist(t).write(t)
	for _, archive := range []string{r.ProviderArchive(host), r.EmulatorArchive(host)} {
		program, err := release.Extract(archive, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(program); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%s: %v, %v", program, info, err)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	const changelog = "## 0.2.0 (March 1, 2027)\n\nFEATURES:\n\n* new\n\n## 0.1.0 (January 2, 2027)\n\n* old\n"
	notes, err := release.Notes(changelog, "0.2.0")
	if err != nil || notes != "FEATURES:\n\n* new\n" {
		t.Errorf("the notes are %q, %v", notes, err)
	}
	for want, content := range map[string]string{
		"begins with version 0.2.0": changelog,
		"unreleased":                "## 0.1.0 (Unreleased)\n\n* new\n",
		"does not begin with":       "# Changelog\n\n" + changelog,
	} {
		if _, err := release.Notes(content, "0.1.0"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want one with %q", err, want)
		}
	}
}
