package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
)

// emulator is the emulator's process.
type emulator struct {
	url      string
	requests string        // the request log, a file
	grace    time.Duration // to stop by itself
	cmd      *exec.Cmd
	ended    chan struct{} // closed when the process is gone
}

var urlPattern = regexp.MustCompile(`http://\S+`)

// startEmulator starts the binary on a free port and waits until it says where
// it listens.
func startEmulator(ctx context.Context, binary, requests string, grace time.Duration) (*emulator, error) {
	var stderr bytes.Buffer
	e := &emulator{requests: requests, grace: grace, ended: make(chan struct{})}
	// It has to outlive the context, so that it can be stopped gently.
	e.cmd = exec.CommandContext(context.WithoutCancel(ctx), binary, "-listen", "127.0.0.1:0", "-token", token, "-quiet", "-requests", requests)
	e.cmd.Stderr = &stderr
	detach(e.cmd)
	stdout, err := e.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := e.cmd.Start(); err != nil {
		return nil, err
	}
	first := make(chan string, 1)
	go func() {
		defer close(e.ended)
		lines := bufio.NewReader(stdout)
		line, _ := lines.ReadString('\n') // a short or missing line is told by what is in it
		first <- line
		_, _ = io.Copy(io.Discard, lines)
		_ = e.cmd.Wait() // how it ended does not matter
	}()

	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case line := <-first:
		e.url = strings.TrimRight(urlPattern.FindString(line), "/")
		if e.url != "" {
			return e, nil
		}
		err = errors.Join(fmt.Errorf("the emulator did not say where it listens, but: %q", line), e.stop())
		return nil, fmt.Errorf("%w\n%s", err, stderr.String()) // complete, since the process is gone
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("the emulator did not start: %w", ctx.Err()), e.stop())
	}
}

// stop ends the process, gently first, and returns when it is gone.
func (e *emulator) stop() error {
	if err := cli.Interrupt(e.cmd); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = e.cmd.Process.Kill()
	}
	select {
	case <-e.ended:
		return nil
	case <-time.After(e.grace):
		_ = e.cmd.Process.Kill()
		<-e.ended
		return errors.New("the emulator did not stop by itself and was killed")
	}
}

// request is one line of the emulator's request log.
type request struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Status int    `json:"status"`
}

// isChat reports whether the request was one to a model.
func (r request) isChat() bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/compat/chat/completions")
}

// isWrite reports whether the request was one that changes settings.
func (r request) isWrite() bool {
	return r.Method != http.MethodGet && strings.HasPrefix(r.Path, "/client/v4/")
}

// log reads the request log so far.
func (e *emulator) log() ([]request, error) {
	content, err := os.ReadFile(e.requests)
	if err != nil {
		return nil, err
	}
	var list []request
	for line := range bytes.Lines(content) {
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", e.requests, err)
		}
		list = append(list, r)
	}
	return list, nil
}

// gateways asks the emulator's API which gateways there are.
func (e *emulator) gateways(ctx context.Context) (names []string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+"/client/v4/accounts/"+account+"/ai-gateway/gateways", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	var body struct {
		Success bool             `json:"success"`
		Result  []map[string]any `json:"result"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		return nil, err
	}
	if !body.Success {
		return nil, fmt.Errorf("the list of gateways: %s", resp.Status)
	}
	for _, g := range body.Result {
		names = append(names, fmt.Sprint(g["id"]))
	}
	return names, nil
}
