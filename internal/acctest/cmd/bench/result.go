package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// The aims.
const (
	planAim   = 1.4 // CPU time of ours over that of the echo
	memoryAim = 100 << 20
	sizeAim   = 25_000_000
)

// A sample is one run of a command.
type sample struct {
	wall time.Duration
	// cpu is user and system time of the CLI and its provider, on all cores.
	cpu time.Duration
}

// A row holds the samples of a comparison. Samples at the same index were
// taken in the same round.
type row struct {
	name              string
	floor, echo, ours []sample
}

// peaks holds the peak memory of the provider processes in bytes.
type peaks struct{ echo, ours int64 }

func wall(s sample) time.Duration { return s.wall }
func cpu(s sample) time.Duration  { return s.cpu }

// ratios returns ours over the echo, round by round, the lowest first.
func (r row) ratios(of func(sample) time.Duration) []float64 {
	ratios := make([]float64, len(r.ours))
	for i := range ratios {
		ratios[i] = float64(of(r.ours[i])) / float64(of(r.echo[i]))
	}
	slices.Sort(ratios)
	return ratios
}

// median returns the middle value, or the mean of the two in the middle.
func median[T ~int64 | ~float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func medianOf(samples []sample, of func(sample) time.Duration) time.Duration {
	values := make([]time.Duration, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return median(values)
}

// report prints the two tables.
func report(out io.Writer, rows []row, memory peaks, size int64) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tCPU: floor\techo\tours\tours/echo\tlowest-highest\twall: floor\techo\tours\tours/echo\tCPU aim\t")
	for _, r := range rows {
		ratios := r.ratios(cpu)
		ratio := median(ratios)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%.2f\t%.2f-%.2f\t%s\t%s\t%s\t%.2f\t%s\t\n", r.name,
			seconds(medianOf(r.floor, cpu)), seconds(medianOf(r.echo, cpu)), seconds(medianOf(r.ours, cpu)),
			ratio, ratios[0], ratios[len(ratios)-1],
			seconds(medianOf(r.floor, wall)), seconds(medianOf(r.echo, wall)), seconds(medianOf(r.ours, wall)),
			median(r.ratios(wall)), verdict(ratio, planAim, fmt.Sprintf("%g", planAim)))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, `
Times are medians, in seconds, of the CLI with its provider. Ratios are medians
of the ratios of each round. If the lowest and the highest ratio are far apart,
the machine was busy.

floor   terraform_data, which the CLI has built in
echo    a provider with our schema that returns what it is given

Memory of the provider, %d gateways at parallelism %d: %s (echo %s), %s
Size of the binary: %s, %s
`, memoryObjects, memoryParallelism, mebibytes(memory.ours), mebibytes(memory.echo),
		memoryVerdict(memory.ours), megabytes(size), verdict(float64(size), sizeAim, megabytes(sizeAim)))
	return nil
}

func memoryVerdict(peak int64) string {
	if peak == 0 {
		return "not measured on this system"
	}
	return verdict(float64(peak), memoryAim, mebibytes(memoryAim))
}

// verdict says whether an aim is met.
func verdict(value, aim float64, text string) string {
	if value <= aim {
		return "at most " + text + ": met"
	}
	return "at most " + text + ": NOT MET"
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "?"
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}
