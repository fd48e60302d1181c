package live

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// format is the version of the machine-readable part of a report.
const format = 1

// Records is the machine-readable part of a report.
type Records struct {
	Format int `json:"format"`
	// Service is "cloudflare", or "other" for a server with another URL.
	Service string         `json:"service"`
	Date    string         `json:"date"`
	Answers []Record       `json:"answers"`
	Samples map[string]any `json:"samples,omitempty"`
}

// records returns the machine-readable part of the report, without secrets. All decides
// whether it has details, and samples where the service is as the emulator.
func (r *Report) records(all bool) Records {
	out := Records{Format: format, Service: r.service, Date: r.Started.Format("2006-01-02"), Samples: map[string]any{}}
	for _, result := range r.Results {
		record := Record{Name: result.Question.Name, Verdict: result.Verdict, Quirk: string(result.Quirk)}
		record.Value = r.redact.text(result.Answer.Value)
		if all { // elsewhere, the report has it above
			record.Detail = r.redact.text(result.detail())
		}
		out.Answers = append(out.Answers, record)
		if result.Verdict == AsEmulator && !all {
			continue
		}
		for name, sample := range result.Answer.Samples {
			out.Samples[name] = map[string]any{"status": sample.Status, "body": r.redact.value(sample.JSON)}
		}
	}
	return out
}

// JSON returns the machine-readable part of the report with all samples. Like
// [Report.Markdown], it returns an error if there were a secret in it.
func (r *Report) JSON() (string, error) {
	text := render(r.records(true)) + "\n"
	if err := r.redact.verify(text); err != nil {
		return "", err
	}
	return text, nil
}

// detail returns what there is to say beyond the value.
func (r Result) detail() string {
	if r.Err != nil {
		return r.Err.Error()
	}
	return r.Answer.Detail
}

// Count returns how many results have a verdict.
func (r *Report) Count(verdict Verdict) int {
	n := 0
	for _, result := range r.Results {
		if result.Verdict == verdict {
			n++
		}
	}
	return n
}

// Markdown returns the report as Markdown that can be pasted into an issue. It returns an
// error, and no report, if a secret or the account's ID were in it.
func (r *Report) Markdown() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Live report, %s\n\n", r.Started.Format("2006-01-02"))
	if r.service != cloudflare {
		b.WriteString("**This is not a report on Cloudflare's API, but on another server, such as the emulator.**\n\n")
	}
	b.WriteString("Written by `make testacc-live`. Secrets, IDs of the account, hostnames and addresses are left out. " +
		"Each question is followed by what the documents say (once for equal ones), the service's answer, and the requests that were made: " +
		"paths are below `/accounts/{account_id}/ai-gateway`, `{name}` is an object of the run, and `{…}` stands for the required " +
		"settings of a gateway, all switched off but logs.\n\n")
	b.WriteString("| verdict | questions |\n|---|---|\n")
	for _, verdict := range []Verdict{AsEmulator, AsQuirk, Different, NotAsked, NotPermitted, Failed} {
		fmt.Fprintf(&b, "| %s | %d |\n", verdict, r.Count(verdict))
	}
	if r.Interrupted {
		b.WriteString("\n**The run was interrupted.**\n")
	}
	r.writeLeft(&b)
	for _, section := range []struct {
		title    string
		verdicts []Verdict
	}{
		{"The service differs", []Verdict{Different, AsQuirk}},
		{"The service is as the emulator", []Verdict{AsEmulator}},
		{"Without an answer", []Verdict{Failed, NotPermitted, NotAsked}},
	} {
		r.writeSection(&b, section.title, section.verdicts)
	}
	r.writeRecords(&b)
	report := b.String()
	if err := r.redact.verify(report); err != nil {
		return "", err
	}
	return report, nil
}

func (r *Report) writeLeft(b *strings.Builder) {
	if len(r.Left) == 0 {
		b.WriteString("\nEverything that the run created is deleted.\n")
		return
	}
	b.WriteString("\n**Left in the account** (`make sweep` deletes them):\n\n")
	for _, left := range r.Left {
		fmt.Fprintf(b, "* %s\n", r.redact.text(left))
	}
}

func (r *Report) writeSection(b *strings.Builder, title string, verdicts []Verdict) {
	var results []Result
	for _, result := range r.Results {
		if slices.Contains(verdicts, result.Verdict) {
			results = append(results, result)
		}
	}
	if len(results) == 0 {
		return
	}
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Compare(slices.Index(verdicts, a.Verdict), slices.Index(verdicts, b.Verdict))
	})
	fmt.Fprintf(b, "\n## %s (%d)\n\n", title, len(results))
	documented := ""
	for _, result := range results {
		r.writeResult(b, result, result.Question.Documented != documented)
		documented = result.Question.Documented
	}
}

// writeResult writes a result, with what the documents say unless that stands above.
func (r *Report) writeResult(b *strings.Builder, result Result, documented bool) {
	q := result.Question
	fmt.Fprintf(b, "* **%s**: %s", q.Name, q.Question)
	if documented {
		b.WriteString(" " + q.Documented)
	}
	value := r.redact.text(result.Answer.Value)
	switch result.Verdict {
	case AsEmulator:
		fmt.Fprintf(b, " → *%s*", value)
	case AsQuirk:
		fmt.Fprintf(b, "\n  The emulator: *%s*. The service: **%s**, as quirk `%s`.", q.Emulated, value, result.Quirk)
	case Different:
		fmt.Fprintf(b, "\n  The emulator: *%s*. The service: **%s**.", q.Emulated, value)
	default:
		fmt.Fprintf(b, "\n  The emulator: *%s*. The service: **%s**.", q.Emulated, result.Verdict)
	}
	if detail := result.detail(); detail != "" && result.Verdict != AsEmulator {
		fmt.Fprintf(b, " %s", shorten(r.redact.text(detail), 200))
	}
	if asked := r.asked(result); asked != "" {
		fmt.Fprintf(b, " (%s)", asked)
	}
	b.WriteString("\n")
}

// asked lists the last requests of a question. Where the answer is as expected, they have
// no bodies.
func (r *Report) asked(result Result) string {
	most := 3
	exchanges := slices.DeleteFunc(slices.Clone(result.Exchanges), func(e Exchange) bool { return e.setup })
	if len(exchanges) == 0 || result.Verdict == Failed || result.Verdict == NotPermitted {
		exchanges = result.Exchanges
	}
	if result.Verdict == AsEmulator {
		most = 2
	}
	var parts []string
	for _, e := range exchanges[max(0, len(exchanges)-most):] {
		text := fmt.Sprintf("`%s %s", e.Method, r.shortPath(e.Path))
		if result.Verdict != AsEmulator && e.Body != "" {
			text += " " + shorten(strings.ReplaceAll(r.redact.text(essence(e.Body)), "`", "'"), 110)
		}
		parts = append(parts, text+"` "+e.Outcome)
	}
	return strings.Join(parts, ", ")
}

// essence returns a body without the settings that every body of a gateway has.
func essence(body string) string {
	var all values
	if json.Unmarshal([]byte(body), &all) != nil || all["cache_invalidate_on_update"] == nil {
		return body
	}
	for name, value := range required(nil) {
		if compact(all[name]) == compact(value) {
			delete(all, name)
		}
	}
	delete(all, "id")
	return "{…} and " + compact(all)
}

var ownName = regexp.MustCompile(`(?i)` + NamePrefix + `[0-9a-f]{8}-[0-9]+`)

// shortPath returns a path with the account masked and what all paths have left out.
func (r *Report) shortPath(path string) string {
	path = ownName.ReplaceAllString(r.redact.text(path), "{name}")
	path = strings.Replace(path, "/accounts/"+hiddenAccount+"/ai-gateway/", "/", 1)
	return strings.Replace(path, "/accounts/"+hiddenAccount+"/secrets_store/", "/secrets_store/", 1)
}

func shorten(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// longest is the length of a report that fits into an issue on GitHub, with room for some
// words.
const longest = 65536 - 1000

// writeRecords writes the machine-readable part, without samples if there is no room.
func (r *Report) writeRecords(b *strings.Builder) {
	records := r.records(false)
	block := render(records)
	b.WriteString("\n## For machines\n\n")
	if b.Len()+len(block) > longest {
		b.WriteString("The samples of responses are too long for an issue: they are in the file `.json` beside the report.\n\n")
		records.Samples = nil
		block = render(records)
	}
	b.WriteString("```json\n" + block + "\n```\n")
}

// render returns records as JSON, one answer and one sample on a line.
func render(records Records) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{\"format\":%d,\"service\":%q,\"date\":%q,\"answers\":[\n", records.Format, records.Service, records.Date)
	for i, record := range records.Answers {
		b.WriteString(compact(record) + separator(i, len(records.Answers)))
	}
	b.WriteString("],\"samples\":{\n")
	for i, name := range slices.Sorted(maps.Keys(records.Samples)) {
		b.WriteString(compact(name) + ":" + compact(records.Samples[name]) + separator(i, len(records.Samples)))
	}
	b.WriteString("}}")
	return b.String()
}

func separator(i, n int) string {
	if i < n-1 {
		return ",\n"
	}
	return "\n"
}

// ParseRecords returns the machine-readable part of a report, which may be all of the text.
func ParseRecords(report string) (Records, error) {
	if _, after, found := strings.Cut(report, "```json\n"); found {
		report, _, _ = strings.Cut(after, "```")
	}
	var out Records
	if err := json.Unmarshal([]byte(report), &out); err != nil {
		return out, fmt.Errorf("the report has no machine-readable part: %w", err)
	}
	if out.Format != format {
		return out, fmt.Errorf("the report has format %d, not %d", out.Format, format)
	}
	return out, nil
}
