package release

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/google/go-cmp/cmp"
)

// checkSums compares the list of checksums with the files. Every file is in it, so
// that the one signature covers all.
func (r Release) checkSums() error {
	content, err := os.ReadFile(r.path(r.sums()))
	if err != nil {
		return err
	}
	var errs []error
	var names []string
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ") // the registries split at white space
		if !ok {
			errs = append(errs, fmt.Errorf("%s: %q is not a checksum, two spaces and a name", r.sums(), lines.Text()))
			continue
		}
		names = append(names, name)
		if got, err := sha256File(r.path(name)); err != nil {
			errs = append(errs, err)
		} else if got != sum {
			errs = append(errs, fmt.Errorf("%s: the checksum is %s, and %s says %s", name, got, r.sums(), sum))
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(r.Summed(), names); diff != "" {
		errs = append(errs, fmt.Errorf("%s: names (-want +got):\n%s", r.sums(), diff))
	}
	return errors.Join(errs...)
}

func sha256File(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// checkSignature verifies the signature of the checksums with the public key.
func (r Release) checkSignature(key string) error {
	if err := Verify(key, r.path(r.sums()), r.path(r.sums()+".sig")); err != nil {
		return fmt.Errorf("%s.sig: %w", r.sums(), err)
	}
	return nil
}

// Verify verifies the signature of a file with an armored public key, as the Terraform
// Registry does: it accepts neither armored signatures nor keys of elliptic curves.
func Verify(key, file, signatureFile string) error {
	signature, err := os.ReadFile(signatureFile)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(signature, []byte("-----BEGIN")) {
		return errors.New("the signature is armored, and the registries expect a binary one")
	}
	ring, err := openpgp.ReadArmoredKeyRing(strings.NewReader(key))
	if err != nil {
		return fmt.Errorf("the public key: %w", err)
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	signer, err := openpgp.CheckDetachedSignature(ring, content, bytes.NewReader(signature), nil)
	if err != nil {
		return err
	}
	if algorithm := signer.PrimaryKey.PubKeyAlgo; algorithm != packet.PubKeyAlgoRSA {
		return fmt.Errorf("the public key is of OpenPGP algorithm %d, and the Terraform Registry expects RSA (%d)", algorithm, packet.PubKeyAlgoRSA)
	}
	return nil
}

// checkManifest checks that the registries learn the protocol of the provider.
// Without it, they assume version 5.
func (r Release) checkManifest() error {
	content, err := os.ReadFile(r.path(r.manifest()))
	if err != nil {
		return err
	}
	type metadata struct {
		ProtocolVersions []string `json:"protocol_versions"`
	}
	type manifest struct {
		Version  int      `json:"version"`
		Metadata metadata `json:"metadata"`
	}
	var got manifest
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		return fmt.Errorf("%s: %w", r.manifest(), err)
	}
	if diff := cmp.Diff(manifest{1, metadata{[]string{"6.0"}}}, got); diff != "" {
		return fmt.Errorf("%s (-want +got):\n%s", r.manifest(), diff)
	}
	return nil
}

// Compare compares all files that have a checksum, and the list of checksums itself,
// with those of another build, and returns their number.
func (r Release) Compare(other Release) (int, error) {
	var errs []error
	names := append(r.Summed(), r.sums())
	for _, name := range names {
		one, err1 := sha256File(r.path(name))
		two, err2 := sha256File(other.path(name))
		if err := errors.Join(err1, err2); err != nil {
			errs = append(errs, err)
		} else if one != two {
			errs = append(errs, fmt.Errorf("%s: the checksums are %s and %s", name, one, two))
		}
	}
	return len(names), errors.Join(errs...)
}
