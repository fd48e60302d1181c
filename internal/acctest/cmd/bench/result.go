package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"
)

// The aims. Measured elsewhere, a framework provider that does nothing costs
// 2.7 times the floor for a plan of 100 resources.
const (
	planAim   = 4.0
	schemaAim = 1.2
	sizeAim   = 25_000_000 // bytes
)

// sample is one run of a command.
type sample struct {
	took time.Duration
	// cpu is the time that all its processes worked, on all cores.
	cpu time.Duration
	// memory is the peak of the largest process, in bytes; 0 where the system
	// does not tell.
	memory int64
}

// row is one comparison: the samples at the same place were taken one after
// the other.
type row struct {
	name          string
	base, subject []sample
	aim           float64
}

// ratio is that of the medians, and the lowest and the highest of the single
// pairs, which tell how much the machine can be trusted.
func (r row) ratio() (middle, lowest, highest float64) {
	lowest = math.Inf(1)
	for i := range r.base {
		single := float64(r.subject[i].took) / float64(r.base[i].took)
		lowest, highest = min(lowest, single), max(highest, single)
	}
	return float64(median(r.subject, elapsed)) / float64(median(r.base, elapsed)), lowest, highest
}

// work is the ratio of the medians of processor time.
func (r row) work() float64 {
	return float64(median(r.subject, worked)) / float64(median(r.base, worked))
}

func elapsed(s sample) time.Duration { return s.took }
func worked(s sample) time.Duration  { return s.cpu }

// median is the middle time, or the mean of the two in the middle.
func median(samples []sample, of func(sample) time.Duration) time.Duration {
	times := make([]time.Duration, len(samples))
	for i, s := range samples {
		times[i] = of(s)
	}
	slices.Sort(times)
	return (times[(len(times)-1)/2] + times[len(times)/2]) / 2
}

// peak is the most memory that any of the runs took.
func peak(samples []sample) (most int64) {
	for _, s := range samples {
		most = max(most, s.memory)
	}
	return most
}

// report prints the table. The first line is compared with the empty provider,
// the others with the floor.
func report(out io.Writer, rows []row, size int64) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tbase\tours\tratio\tsingle runs\tcpu ratio\tmemory, base\tours\t\t")
	for _, r := range rows {
		middle, lowest, highest := r.ratio()
		fmt.Fprintf(table, "%s\t%s\t%s\t%.2f\t%.2f-%.2f\t%.2f\t%s\t%s\t%s\t\n",
			r.name, seconds(median(r.base, elapsed)), seconds(median(r.subject, elapsed)), middle, lowest, highest, r.work(),
			megabytes(peak(r.base)), megabytes(peak(r.subject)), verdict(middle, r.aim, fmt.Sprintf("%g", r.aim)))
	}
	fmt.Fprintf(table, "binary\t\t%s\t\t\t\t\t\t%s\t\n",
		megabytes(size), verdict(float64(size), sizeAim, megabytes(sizeAim)))
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(out, `
base          a provider that does nothing (providers schema); as many
              terraform_data resources and no provider (plan, apply)
single runs   lowest and highest ratio of two runs side by side; far apart
              they say that the machine was busy
cpu ratio     the same of the processor time of all processes, which a busy
              machine changes less
memory        peak of the largest process of any run
`)
	return err
}

// verdict says whether an aim is met; an aim of 0 is none.
func verdict(value, aim float64, text string) string {
	switch {
	case aim == 0:
		return ""
	case value <= aim:
		return "at most " + text + ": met"
	default:
		return "at most " + text + ": NOT MET"
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "?"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
