package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// A readableLog writes the JSON lines of the emulator's request log for people: one line
// for each request, without its body, which may contain secrets.
type readableLog struct {
	out io.Writer
	now func() time.Time
}

// Write takes a JSON line. A line that is none is left out.
func (l readableLog) Write(line []byte) (int, error) {
	var request struct {
		Method, Path string
		Status       int
	}
	// The emulator writes these lines itself. One that is no JSON has no method.
	if _ = json.Unmarshal(line, &request); request.Method == "" {
		return len(line), nil
	}
	status := fmt.Sprint(request.Status)
	if request.Status == 0 {
		status = "cut" // the connection, by a fault
	}
	path, isControl := strings.CutPrefix(request.Path, "/client/v4")
	if !isControl {
		path, _, _ = strings.Cut(path, "?") // some providers take their key there
	}
	_, err := fmt.Fprintf(l.out, "%s  %-6s %s  %s\n", l.now().Format(time.TimeOnly), request.Method, status, path)
	return len(line), err
}
