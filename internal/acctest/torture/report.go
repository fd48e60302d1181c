//go:build unix

package torture

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// A Row counts the rounds of one kind.
type Row struct {
	Kind string
	// Rounds are those that were interrupted. In the others of Uninterrupted, the
	// run had ended before.
	Rounds, Uninterrupted int
	// AtOnce are the rounds in which one apply was enough.
	AtOnce int
	// Named are the objects outside state that errors named with an import block,
	// and Lost those that nothing named.
	Named, Lost int
	// Stuck are the rounds that did not converge.
	Stuck int
	// Damaged are the rounds in which the CLI left an empty or cut state file, and
	// the backup was used.
	Damaged int
}

// A Report has a row for each kind.
type Report struct{ Rows []*Row }

func (r *Report) add(kind string, interrupted, damaged bool, recovered recovery) {
	var row *Row
	for _, known := range r.Rows {
		if known.Kind == kind {
			row = known
		}
	}
	if row == nil {
		row = &Row{Kind: kind}
		r.Rows = append(r.Rows, row)
	}
	if interrupted {
		row.Rounds++
	} else {
		row.Uninterrupted++
	}
	if damaged {
		row.Damaged++
	}
	if recovered.problem != "" {
		row.Stuck++
	} else if recovered.applies == 1 {
		row.AtOnce++
	}
	row.Named += len(recovered.named)
	row.Lost += len(recovered.lost)
}

// Total returns the sums of all rows.
func (r *Report) Total() Row {
	total := Row{Kind: "all"}
	for _, row := range r.Rows {
		total.Rounds += row.Rounds
		total.Uninterrupted += row.Uninterrupted
		total.AtOnce += row.AtOnce
		total.Named += row.Named
		total.Lost += row.Lost
		total.Stuck += row.Stuck
		total.Damaged += row.Damaged
	}
	return total
}

// Err returns an error unless everything converged and nothing is lost.
func (r *Report) Err() error {
	if total := r.Total(); total.Lost > 0 || total.Stuck > 0 {
		return fmt.Errorf("%d objects are lost, and %d rounds did not converge", total.Lost, total.Stuck)
	}
	return nil
}

// Write prints the report as a table.
func (r *Report) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "interruption\tinterrupted\tended before\tone apply was enough\tnamed for import\tlost\tnot converged\tstate file damaged")
	total := r.Total()
	for _, row := range append(slices.Clip(r.Rows), &total) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n",
			row.Kind, row.Rounds, row.Uninterrupted, row.AtOnce, row.Named, row.Lost, row.Stuck, row.Damaged)
	}
	return table.Flush()
}
