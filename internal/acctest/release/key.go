package release

import (
	"bytes"
	"crypto"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// keyBits is what GitHub and the registries advise.
const keyBits = 4096

// KeyFileEnv is the environment variable that leads the stand-in for gpg to the
// private key.
const KeyFileEnv = "RELEASE_REHEARSAL_KEY"

// A Key signs a rehearsal and is then thrown away.
type Key struct {
	// Fingerprint is in upper-case hexadecimal digits.
	Fingerprint string
	// Private and Public are armored. The private key has no passphrase.
	Private, Public string
}

// NewKey makes a key as the registries expect it.
func NewKey() (Key, error) {
	return NewKeyWith(&packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: keyBits, DefaultHash: crypto.SHA256})
}

// NewKeyWith makes a key of any kind.
func NewKeyWith(config *packet.Config) (Key, error) {
	entity, err := openpgp.NewEntity("Release rehearsal", "thrown away", "nobody@example.com", config)
	if err != nil {
		return Key{}, err
	}
	private, err := armored(openpgp.PrivateKeyType, func(w io.Writer) error { return entity.SerializePrivate(w, nil) })
	if err != nil {
		return Key{}, err
	}
	public, err := armored(openpgp.PublicKeyType, entity.Serialize)
	return Key{Fingerprint: fmt.Sprintf("%X", entity.PrimaryKey.Fingerprint), Private: private, Public: public}, err
}

func armored(kind string, write func(io.Writer) error) (string, error) {
	var out strings.Builder
	encoder, err := armor.Encode(&out, kind, nil)
	if err != nil {
		return "", err
	}
	if err := write(encoder); err != nil {
		return "", err
	}
	if err := encoder.Close(); err != nil {
		return "", err
	}
	return out.String(), nil
}

// Sign writes the detached binary signature of a file, as `gpg --detach-sign` does.
func Sign(privateKey, file, signature string) error {
	ring, err := openpgp.ReadArmoredKeyRing(strings.NewReader(privateKey))
	if err != nil {
		return err
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	var out bytes.Buffer
	if err := openpgp.DetachSign(&out, ring[0], content, &packet.Config{DefaultHash: crypto.SHA256}); err != nil {
		return err
	}
	return os.WriteFile(signature, out.Bytes(), 0o644)
}
