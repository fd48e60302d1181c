package acctest

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Fault is something that goes wrong with a request that changes something.
type Fault struct {
	emulator.Fault
	// Done is whether the request was carried out all the same, and Accepted
	// whether an answer says so, if not what came of it.
	Done, Accepted bool
}

// Failed is an error as the API answers it.
func Failed(status int) emulator.Fault {
	return emulator.Fault{Status: status, Body: `{"success":false,"errors":[{"code":7009,"message":"It stumbled"}]}`}
}

// Lost is a fault of the answer alone: the request is carried out.
func Lost(of emulator.Fault) emulator.Fault {
	of.AnswerAfter = true
	return of
}

// Faults are what tests let go wrong with each request, by names. withoutIDs is
// the body of a success that names nothing that was made.
func Faults(withoutIDs string) map[string]Fault {
	garbage := emulator.Fault{Status: http.StatusOK, Body: "<html>sign in</html>"}
	empty := emulator.Fault{Status: http.StatusOK, Body: `{"success":true,"result":null}`}
	return map[string]Fault{
		"500":               {Failed(http.StatusInternalServerError), false, false},
		"503":               {Failed(http.StatusServiceUnavailable), false, false},
		"429":               {Failed(http.StatusTooManyRequests), false, false},
		"cut before":        {emulator.Fault{Drop: emulator.DropBefore}, false, false},
		"garbage":           {garbage, false, false},
		"cut after":         {emulator.Fault{Drop: emulator.DropAfter}, true, false},
		"502, done":         {Lost(Failed(http.StatusBadGateway)), true, false},
		"garbage, done":     {Lost(garbage), true, false},
		"empty, done":       {Lost(empty), true, true},
		"without ids, done": {Lost(emulator.Fault{Status: http.StatusOK, Body: withoutIDs}), true, true},
	}
}
