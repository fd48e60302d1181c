package acctest_test

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A walk follows a guide from its first line to its last, as a reader does: it saves the
// files that the guide shows under their names, runs the commands as pasted, and compares
// what they print with the blocks of text below them.
type walk struct {
	t       *testing.T
	service *acctest.Service
	w       *acctest.Workspace
	env     []string

	// followed has the headings of the sections that were followed.
	followed map[string]bool
	// printed is what the last commands printed.
	printed string
}

var (
	guideStep  = regexp.MustCompile("(?ms)^## ([^\n]+)$|^\\{\\{ (?:tffile|codefile \"[a-z]+\") \"examples/guides/([^\"]+)\" \\}\\}$|^```(sh|text)\n(.*?)\n```$")
	applyAsked = regexp.MustCompile(`(?m)^terraform apply`)
)

// newWalk returns a walk with a CLI through an emulator of its own. Env has the variables
// that the guide expects besides those of the provider and CF_AIG_TOKEN. At the test's end,
// what the guide created is destroyed.
func newWalk(t *testing.T, with cli.CLI, env ...string) *walk {
	t.Helper()
	requireCurl(t)
	requireCurlHeaders(t)
	path := pathWith(t, with.Path)
	// The clock stands still: limits count within a minute, however slow the machine is.
	service := acctest.Emulate(t, emulator.Options{Clock: emulator.NewClock(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))})
	w := service.NewWorkspaceWith(t, with)
	remove(t, w, "requirements.tf") // guides have their own
	g := &walk{t: t, service: service, w: w, followed: map[string]bool{}, env: slices.Concat(w.Command().Env, []string{
		path, "NO_PROXY=*", "CF_AIG_TOKEN=" + service.Token,
		"TF_CLI_ARGS=-no-color", "TF_CLI_ARGS_apply=-auto-approve", "TF_CLI_ARGS_destroy=-auto-approve",
	}, env)}
	t.Cleanup(func() { g.runIn(context.Background(), "terraform destroy") }) // the test's context is over
	return g
}

// requireCurlHeaders skips the test where curl is too old to print headers of a response.
func requireCurlHeaders(t *testing.T) {
	t.Helper()
	var major, minor int
	out, err := exec.CommandContext(t.Context(), "curl", "--version").Output()
	if err == nil {
		_, err = fmt.Sscanf(string(out), "curl %d.%d", &major, &minor)
	}
	if err != nil || major < 7 || major == 7 && minor < 84 {
		t.Skipf("the commands of the guide were not run: curl has %%header{} since 7.84, this is %d.%d (%v)", major, minor, err)
	}
}

// follow follows sections of a guide, which begin with these words, or all without any.
// After each block with an apply, a plan must be empty.
func (g *walk) follow(name string, sections ...string) {
	g.t.Helper()
	followed := len(sections) == 0
	for _, step := range guideStep.FindAllStringSubmatch(read(g.t, "templates/guides/"+name+".md.tmpl"), -1) {
		switch {
		case step[1] != "":
			followed = len(sections) == 0 || slices.ContainsFunc(sections, func(s string) bool { return strings.HasPrefix(step[1], s) })
			g.followed[step[1]] = g.followed[step[1]] || followed
		case !followed:
		case step[2] != "":
			g.w.Write(path.Base(step[2]), guide(g.t, step[2]))
		case step[3] == "sh":
			g.printed = g.run(step[4])
			if applyAsked.MatchString(step[4]) {
				g.requireEmptyPlan(step[4])
			}
		default:
			g.requirePrinted(step[4])
		}
	}
}

// requireFollowed fails the test if a numbered section was left out, except for some.
func (g *walk) requireFollowed(except ...string) {
	g.t.Helper()
	for heading, followed := range g.followed {
		if number, _, isStep := strings.Cut(heading, ". "); isStep && !followed && !slices.Contains(except, number) {
			g.t.Errorf("the section %q was not followed", heading)
		}
	}
}

// run runs commands and returns what they print. What they export is there for later
// ones, as in a terminal. What the reader has to fill in is set already.
func (g *walk) run(commands string) string {
	g.t.Helper()
	return g.runIn(g.t.Context(), commands)
}

func (g *walk) runIn(ctx context.Context, commands string) string {
	g.t.Helper()
	commands = regexp.MustCompile(`(?m)^export \w+=…$`).ReplaceAllString(commands, "")
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", "if [ -f .exported ]; then . ./.exported; fi\n"+commands+"\nexport -p >.exported")
	cmd.Dir, cmd.Env = g.w.Dir, g.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		g.t.Fatalf("%s\n%v\n%s", commands, err, out)
	}
	return string(out)
}

// requireEmptyPlan fails the test unless a plan finds nothing to do. The variables are
// those of the apply.
func (g *walk) requireEmptyPlan(commands string) {
	g.t.Helper()
	for line := range strings.Lines(commands + "\n") {
		if apply, ok := strings.CutPrefix(line, "terraform apply"); ok && !strings.Contains(apply, "-invoke") {
			g.run("terraform plan -detailed-exitcode" + apply)
		}
	}
}

// requirePrinted fails the test unless the lines of a block of text are in what the
// commands above it printed, in this order. … stands for anything within a line or, alone,
// for lines that are left out.
func (g *walk) requirePrinted(text string) {
	g.t.Helper()
	rest := strings.Split(g.printed, "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" || strings.TrimSpace(line) == "…" {
			continue
		}
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(line)), "…", ".*") + "$")
		i := slices.IndexFunc(rest, func(got string) bool { return pattern.MatchString(strings.TrimSpace(got)) })
		if i < 0 {
			g.t.Errorf("the guide shows the line %q, the commands print:\n%s", line, g.printed)
			return
		}
		rest = rest[i+1:]
	}
}
