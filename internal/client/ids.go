package client

import (
	"cmp"
	"fmt"
	"regexp"
)

// AccountIDPattern matches account ids: 32 hexadecimal digits in lower case.
var AccountIDPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// IDPattern matches what may stand in the path of a request as the id of an
// object. It is wider than any pattern for new objects, since a server chooses
// its own ids, and excludes everything that could lead to another path:
// cloudflare-go does not escape path parameters.
var IDPattern = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$`)

// ValidID reports whether a string can be the id of an object that a server
// chose.
func ValidID(id string) bool { return IDPattern.MatchString(id) }

// CheckAccountID refuses what cannot be the id of an account.
func CheckAccountID(accountID string) error {
	if !AccountIDPattern.MatchString(accountID) {
		return fmt.Errorf("%q is not an account ID (32 hexadecimal digits in lower case), so no request was sent", accountID)
	}
	return nil
}

// CheckID refuses what cannot be the ID of an object, such as a "gateway".
func CheckID(noun, id string) error {
	if !ValidID(id) {
		return fmt.Errorf("%q cannot be the ID of a %s, so no request was sent", id, noun)
	}
	return nil
}

// CheckGateway refuses what cannot be the ids of an account and of a gateway.
func CheckGateway(accountID, gatewayID string) error {
	return cmp.Or(CheckAccountID(accountID), CheckID("gateway", gatewayID))
}
