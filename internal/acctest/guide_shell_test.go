package acctest_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// shellBlocks returns the shell commands of a guide, block by block, as readers paste
// them. Blocks that the guide includes from a file are not among them.
func shellBlocks(t *testing.T, guide string) []string {
	t.Helper()
	var blocks []string
	for _, match := range regexp.MustCompile("(?s)\n```sh\n(.*?)\n```").FindAllStringSubmatch(read(t, "templates/guides/"+guide+".md.tmpl"), -1) {
		blocks = append(blocks, match[1])
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no shell commands", guide)
	}
	return blocks
}

// A terminal runs commands in the folder of a workspace, with its CLI under the name that
// guides use. The answer to each question is yes.
type terminal struct {
	t   *testing.T
	w   *acctest.Workspace
	env []string
}

func newTerminal(t *testing.T, w *acctest.Workspace, env ...string) *terminal {
	t.Helper()
	requireCurl(t)
	path := pathWith(t, w.Command().Path)
	return &terminal{t: t, w: w, env: slices.Concat(w.Command().Env, []string{path, "NO_PROXY=*", "TF_CLI_ARGS=-no-color"}, env)}
}

// pathWith returns a PATH on which a CLI has the name that pages use.
func pathWith(t *testing.T, cli string) string {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(cli, filepath.Join(bin, "terraform")); err != nil {
		t.Skip("the commands of the page were not run: ", err)
	}
	return "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")
}

// Try runs commands, and returns the exit status and what they print.
func (s *terminal) Try(commands string) (int, string) {
	s.t.Helper()
	var out bytes.Buffer
	cmd := s.command(s.t.Context(), commands)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader("yes\n"), &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatalf("%s: %v", commands, err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// Run is like Try for what must succeed.
func (s *terminal) Run(commands string) string {
	s.t.Helper()
	status, out := s.Try(commands)
	if status != 0 {
		s.t.Fatalf("%s: exit status %d\n%s", commands, status, out)
	}
	return out
}

func (s *terminal) command(ctx context.Context, commands string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", commands)
	cmd.Dir, cmd.Env = s.w.Dir, s.env
	return cmd
}
