package acctest

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A Fault is something that goes wrong with a request that changes something.
type Fault struct {
	emulator.Fault
	// Done is whether the request was carried out nevertheless. Accepted is
	// whether a response says so, even without the result.
	Done, Accepted bool
}

// Failed returns an error response of the API.
func Failed(status int) emulator.Fault {
	return emulator.Fault{Status: status, Body: `{"success":false,"errors":[{"code":7009,"message":"It stumbled"}]}`}
}

// Lost returns a fault of the response alone: the request is carried out.
func Lost(of emulator.Fault) emulator.Fault {
	of.AnswerAfter = true
	return of
}

// Faults returns what can go wrong with each request, by name. The body
// withoutIDs is that of a success that does not name the created objects.
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
