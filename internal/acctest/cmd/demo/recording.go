package main

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// The recording is a picture of a terminal, in which the output of the demo runs by. It
// shows what does not depend on the machine, so that it only changes with the output.
var unsteady = []struct {
	pattern *regexp.Regexp
	steady  string
}{
	{regexp.MustCompile(`(?m)^Building .*\n`), ""},
	{regexp.MustCompile(`(?m)^(Running \S+ v\S+) \(.*\) against the emulator at .*$`), "$1 against the emulator."},
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+`), "http://127.0.0.1:8787"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "2026-12-01T09:00:00Z"},
	{regexp.MustCompile(`complete after \d+s`), "complete after 0s"},
	{regexp.MustCompile(`(linux|darwin|windows|freebsd)_(amd64|arm64|386|arm)\b`), "linux_amd64"},
}

// steady returns the output of a demo without what depends on the machine.
func steady(output string) string {
	for _, one := range unsteady {
		output = one.pattern.ReplaceAllString(output, one.steady)
	}
	return strings.TrimSpace(output) + "\n"
}

// Sizes of the terminal in characters, and of a character in pixels.
const (
	columns, rows           = 95, 28
	characterWidth, leading = 8, 18
	margin                  = 14
)

// Times of the recording, in milliseconds: a line, a command, and the end.
const lineTime, commandTime, endTime = 70, 1100, 7000

// styles are the classes of lines, by what they begin with.
var styles = []struct {
	pattern *regexp.Regexp
	class   string
}{
	{regexp.MustCompile(`^\$ `), "command"},
	{regexp.MustCompile(`^ *(\+|✓) |^(Success|Apply complete|Destroy complete|No changes)|pass$`), "good"},
	{regexp.MustCompile(`^ *- .*(->|\{)`), "gone"},
	{regexp.MustCompile(`^Warning`), "warning"},
}

// record draws the output of a demo as an animated SVG image. Viewers that do not animate
// show its end.
func record(output string) []byte {
	var lines, classes []string
	for line := range strings.SplitSeq(strings.TrimSuffix(steady(output), "\n"), "\n") {
		for _, part := range wrap(line) {
			lines, classes = append(lines, part), append(classes, classOf(line))
		}
	}
	total, starts := 0, make([]int, len(lines))
	for i, line := range lines {
		starts[i] = total
		total += lineTime
		if strings.HasPrefix(line, "$ ") {
			total += commandTime
		}
	}
	total += endTime

	width, height := columns*characterWidth+2*margin, rows*leading+2*margin
	// The lines stand below one another, and move up by one for each line that appears.
	offset := func(last int) int { return (min(rows, len(lines)) - 1 - last) * leading }
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img" aria-label="make demo in a terminal">
<style>
rect{fill:#0d1117}
text{fill:#c9d1d9;font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}
.command{fill:#fff;font-weight:bold}.good{fill:#56d364}.gone{fill:#ff7b72}.warning{fill:#e3b341}
#lines{transform:translateY(%dpx);animation:run %.1fs step-end infinite}
@media (prefers-reduced-motion){#lines{animation:none}}
@keyframes run{
`, width, height, offset(len(lines)-1), float64(total)/1000)
	for i, start := range starts {
		fmt.Fprintf(&out, "%.3f%%{transform:translateY(%dpx)}\n", 100*float64(start)/float64(total), offset(i))
	}
	fmt.Fprintf(&out, "}\n</style>\n<clipPath id=\"screen\"><rect x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>\n", margin, width, rows*leading)
	fmt.Fprintf(&out, "<rect width=\"%d\" height=\"%d\" rx=\"8\"/>\n<g clip-path=\"url(#screen)\"><g id=\"lines\">\n", width, height)
	for i, line := range lines {
		if line == "" {
			continue
		}
		fmt.Fprintf(&out, "<text x=\"%d\" y=\"%d\"%s>%s</text>\n", margin, margin+(i+1)*leading-5, classes[i], html.EscapeString(line))
	}
	out.WriteString("</g></g>\n</svg>\n")
	return out.Bytes()
}

// classOf returns the class of a line as an attribute, or nothing.
func classOf(line string) string {
	for _, style := range styles {
		if style.pattern.MatchString(line) {
			return fmt.Sprintf(" class=%q", style.class)
		}
	}
	return ""
}

// wrap breaks a line as a terminal does.
func wrap(line string) []string {
	characters, parts := []rune(strings.TrimRight(line, " ")), []string{}
	for len(characters) > columns {
		parts = append(parts, string(characters[:columns]))
		characters = characters[columns:]
	}
	return append(parts, string(characters))
}
