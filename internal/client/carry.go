package client

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// Carried tells what became of the fields of an object that this version does not
// know, when a request replaced the object. It has paths of the request body, and
// never values.
type Carried struct {
	// Appeared are known values that the service has and that neither the caller nor
	// its last read knew. The request kept them.
	Appeared []string
	// Masked are fields that were not sent back, since the service shows them
	// masked.
	Masked []string
	// Refused are fields that the service refused to take back.
	Refused []string
}

// carryRepeats is how often a request is repeated without fields that the service
// refuses.
const carryRepeats = 2

// Carry calls send, which sends a request with fields carried over but for those
// at the paths without, and returns the paths of those that it carried. While the
// service refuses them, it repeats the request without those that the error names,
// or without all of them if it names none. It returns the paths of those that were
// left out.
func Carry(send func(without []string) (carried []string, err error)) (refused []string, err error) {
	for repeats := 0; ; repeats++ {
		carried, err := send(refused)
		more := refusedBy(err, carried)
		if len(more) == 0 || repeats == carryRepeats {
			return refused, err
		}
		if repeats == carryRepeats-1 {
			more = carried
		}
		refused = append(refused, more...)
	}
}

// refusedBy returns those of the carried paths that an error of the service is
// about.
func refusedBy(err error, carried []string) []string {
	var failed *Error
	if !errors.As(err, &failed) || failed.Status != http.StatusBadRequest && failed.Status != http.StatusUnprocessableEntity {
		return nil
	}
	var named, within []string
	unrecognized := false
	for _, item := range failed.Items {
		for _, path := range carried {
			name := path[strings.LastIndex(path, ".")+1:]
			switch {
			case item.Path == path || strings.HasPrefix(item.Path, path+"."), quotes(item.Message, name):
				named = append(named, path)
			case item.Path != "" && strings.HasPrefix(path, item.Path+"."):
				within = append(within, path)
			}
		}
		unrecognized = unrecognized || saysUnrecognized(item.Message)
	}
	for _, paths := range [][]string{named, within} {
		if len(paths) > 0 {
			slices.Sort(paths)
			return slices.Compact(paths)
		}
	}
	if unrecognized {
		return carried
	}
	return nil
}

// quotes reports whether a message has a name in quotation marks.
func quotes(message, name string) bool {
	for _, mark := range []string{"'", `"`, "`"} {
		if strings.Contains(message, mark+name+mark) {
			return true
		}
	}
	return false
}

// saysUnrecognized reports whether a message is about a field that the service
// does not know, in the words of common validators.
func saysUnrecognized(message string) bool {
	message = strings.ToLower(message)
	for _, words := range []string{"unrecognized", "unknown field", "unknown key", "unexpected field", "unexpected key", "additional propert", "not allowed"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}
