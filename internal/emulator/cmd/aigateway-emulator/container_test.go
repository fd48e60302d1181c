package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A stage is a stage of the container file: its instructions, with their arguments.
type stage struct {
	from         string
	instructions [][2]string
}

// all returns the arguments of an instruction, each time that it occurs.
func (s stage) all(name string) (arguments []string) {
	for _, i := range s.instructions {
		if i[0] == name {
			arguments = append(arguments, i[1])
		}
	}
	return arguments
}

// one returns the arguments of an instruction that occurs once.
func (s stage) one(t *testing.T, name string) string {
	t.Helper()
	all := s.all(name)
	if len(all) != 1 {
		t.Fatalf("the stage from %s has %d instructions %s, want one", s.from, len(all), name)
	}
	return all[0]
}

func stages(t *testing.T) []stage {
	t.Helper()
	raw, err := os.ReadFile("Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	var all []stage
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, arguments, _ := strings.Cut(line, " ")
		if name == "FROM" {
			all = append(all, stage{from: arguments})
			continue
		}
		last := &all[len(all)-1]
		last.instructions = append(last.instructions, [2]string{name, arguments})
	}
	return all
}

// TestContainerfile checks the container file against the rest of the repository, since few
// machines can build it.
func TestContainerfile(t *testing.T) {
	all := stages(t)
	if len(all) != 2 {
		t.Fatalf("%d stages, want 2", len(all))
	}
	build, final := all[0], all[1]

	mod, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(string(mod))[1]
	if want := "docker.io/library/golang:" + version + " AS build"; build.from != want {
		t.Errorf("the first stage is from %s, want %s, as in go.mod", build.from, want)
	}
	for _, arguments := range build.all("COPY") {
		words := strings.Fields(arguments)
		for _, source := range words[:len(words)-1] {
			if _, err := os.Stat(filepath.Join(repository, source)); err != nil {
				t.Errorf("COPY %s: %v", arguments, err)
			}
		}
	}
	command := build.one(t, "RUN")
	for _, want := range []string{"CGO_ENABLED=0 ", "-trimpath", "-X main.version=${VERSION}", "-o /aigateway-emulator "} {
		if !strings.Contains(command, want) {
			t.Errorf("the build lacks %s: %s", want, command)
		}
	}
	pkg := command[strings.LastIndex(command, " ")+1:]
	if files, err := filepath.Glob(filepath.Join(repository, pkg, "main.go")); err != nil || len(files) != 1 {
		t.Errorf("the build is of %s, which has no main.go", pkg)
	}

	if final.from != "scratch" {
		t.Errorf("the last stage is from %s", final.from)
	}
	if got := final.one(t, "COPY"); got != "--from=build /aigateway-emulator /aigateway-emulator" {
		t.Errorf("COPY %s", got)
	}
	for id := range strings.SplitSeq(final.one(t, "USER"), ":") {
		if number, err := strconv.Atoi(id); err != nil || number == 0 {
			t.Errorf("USER has %q, want numbers other than 0", id)
		}
	}
	var entry []string
	if err := json.Unmarshal([]byte(final.one(t, "ENTRYPOINT")), &entry); err != nil || entry[0] != "/aigateway-emulator" {
		t.Fatalf("ENTRYPOINT %s: %v", final.one(t, "ENTRYPOINT"), err)
	}
	c, err := parseFlags(entry[1:], os.Stderr)
	if err != nil || c.listen != "0.0.0.0:"+final.one(t, "EXPOSE") {
		t.Errorf("the entry point listens on %q (%v), and the port is %s", c.listen, err, final.one(t, "EXPOSE"))
	}
}

// buildStatic builds the command with the flags of the container file.
func buildStatic(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: it compiles the command, and -short is set")
	}
	words := strings.Fields(strings.NewReplacer(`"`, "", "${VERSION}", "1.2.3").Replace(stages(t)[0].one(t, "RUN")))
	from, to := slices.Index(words, "-ldflags"), slices.Index(words, "-o")
	binary := filepath.Join(t.TempDir(), "aigateway-emulator")
	args := slices.Concat(words[2:from], []string{"-ldflags", strings.Join(words[from+1:to], " "), "-o", binary}, words[to+2:])
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = repository
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, out)
	}
	return binary
}

// TestContainerBuild builds and runs the image. It downloads a compiler, so it waits to be
// asked: BUILD_IMAGE names the tool, podman or docker.
func TestContainerBuild(t *testing.T) {
	tool := os.Getenv("BUILD_IMAGE")
	if tool == "" {
		t.Skip("skipped: it downloads the image of the compiler. Set BUILD_IMAGE=podman or BUILD_IMAGE=docker to run it")
	}
	const image = "aigateway-emulator:test"
	for _, args := range [][]string{
		{"build", "--build-arg", "VERSION=1.2.3", "-t", image, "-f", "internal/emulator/cmd/aigateway-emulator/Containerfile", "."},
		{"run", "--rm", image, "-version"},
	} {
		cmd := exec.CommandContext(t.Context(), tool, args...)
		cmd.Dir = repository
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", tool, strings.Join(args, " "), err, out)
		}
		if args[0] == "run" && string(out) != "aigateway-emulator 1.2.3\n" {
			t.Errorf("the image prints %q", out)
		}
	}
}
