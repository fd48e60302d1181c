package client

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// ErrOtherObject is an ErrUnexpectedResponse that describes another object than
// the request was about, as a caching or misrouting proxy causes.
var ErrOtherObject = fmt.Errorf("another object: %w", ErrUnexpectedResponse)

// An Identity says which object a response describes, or has to describe.
//
// Of a response, an empty field is one that the response leaves out. Of an
// expectation, an empty field is one that may be anything.
type Identity struct {
	// ID addresses the object in paths.
	ID string
	// Name is what is unique besides the id: the name of a route, a slug.
	Name string
	// GatewayID and AccountID are those that the object belongs to.
	GatewayID, AccountID string
	// Further are other ids in a response that later requests have in their paths.
	Further []string
}

// Owner is the part of responses that may say which account the object belongs to.
// What is not a string counts as left out.
type Owner struct {
	AccountID  looseText `json:"account_id"`
	AccountTag looseText `json:"account_tag"`
}

type looseText string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *looseText) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*t = looseText(text)
	}
	return nil
}

// Account returns the id of the account, empty if the response leaves it out.
func (o Owner) Account() string {
	if o.AccountID != "" {
		return string(o.AccountID)
	}
	return string(o.AccountTag)
}

// An identityError says that a response describes another object than the request
// was about, or one that cannot be used.
type identityError struct {
	// format is for the noun, the text that came, and for another object the text
	// that was wanted.
	format, noun string
	texts        []string
}

func (e identityError) isOther() bool { return len(e.texts) > 1 }

func (e identityError) Error() string {
	args := []any{e.noun}
	for _, text := range e.texts {
		args = append(args, quote(text))
	}
	return fmt.Sprintf(e.format, args...)
}

// redacted hides secrets before a text is cut, so that no half of one is left.
func (e identityError) redacted(redact func(string) string) identityError {
	texts := make([]string, len(e.texts))
	for i, text := range e.texts {
		texts[i] = redact(text)
	}
	e.texts = texts
	return e
}

// check refuses a response that describes another object than want, or an object
// whose ids cannot stand in a path. The noun is how people call the object.
func (want Identity) check(noun string, got Identity, bare, nameless bool) error {
	if got.ID == "" && !bare {
		return wire.WithoutID(noun)
	}
	for _, id := range append([]string{got.ID}, got.Further...) {
		if id != "" && !ValidID(id) {
			return identityError{"the response describes a %s with the ID %s, which cannot be used in requests", noun, []string{id}}
		}
	}
	for _, pair := range []struct {
		format, want, got string
		required          bool
	}{
		{"the response describes a %s of account %s, not of account %s", want.AccountID, got.AccountID, false},
		{"the response describes a %s of gateway %s, not of gateway %s", want.GatewayID, got.GatewayID, false},
		{"the response describes the %s %s, not %s", want.ID, got.ID, false},
		{"the response describes the %s %s, not %s", want.Name, got.Name, !nameless},
	} {
		if pair.want != "" && pair.want != pair.got && (pair.required || pair.got != "") {
			return identityError{pair.format, noun, []string{pair.got, pair.want}}
		}
	}
	return nil
}

// quote returns the text of a server quoted, with control characters escaped, and
// cut to a length that a message can have.
func quote(text string) string {
	const most = 64
	if len(text) <= most {
		return strconv.Quote(text)
	}
	return strconv.Quote(text[:most]) + " (cut)"
}
