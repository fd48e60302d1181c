package client

import (
	"fmt"
	"regexp"
)

// AccountIDPattern is what an account id looks like: 32 lower-case hexadecimal
// digits.
var AccountIDPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// GatewayNamePattern is what Cloudflare accepts as the name of a new gateway,
// besides its length of 1 to [GatewayNameMaxLength] characters. The length is
// the API specification's; the pattern is its users' observation.
var GatewayNamePattern = regexp.MustCompile(`^[a-z0-9_]+(?:-[a-z0-9_]+)*$`)

// GatewayNameMaxLength is the longest name of a gateway, in characters, by the
// API specification.
const GatewayNameMaxLength = 64

// IDPattern is what may stand in a request's path as an object's id. It is
// wider than any pattern for new objects, since a server chooses its own ids,
// and excludes all that could lead to another path: cloudflare-go does not
// escape path parameters.
var IDPattern = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$`)

// ValidID tells whether a text can be the id of an object that a server chose.
func ValidID(id string) bool { return IDPattern.MatchString(id) }

func checkIDs(accountID, id string) error {
	if err := checkAccountID(accountID); err != nil {
		return err
	}
	return checkID("gateway", id)
}

// checkID refuses what cannot be the id of a what.
func checkID(what, id string) error {
	if !IDPattern.MatchString(id) {
		return fmt.Errorf("%q cannot be the id of a %s, so no request was sent", id, what)
	}
	return nil
}

func checkAccountID(accountID string) error {
	if !AccountIDPattern.MatchString(accountID) {
		return fmt.Errorf("%q is not an account id (32 lower-case hexadecimal digits), so no request was sent", accountID)
	}
	return nil
}
