//go:build unix

package torture

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// maxApplies is how often a round applies until it gives up. The objects of a
// gateway are only reached once the gateway is imported.
const maxApplies = 4

// importBlock matches the import block that an error quotes. A CLI puts a line
// in front of each line of an error.
var importBlock = regexp.MustCompile(`to = (aigateway_\w+)\.\w+\n[│|\s]*id = "([^"]+)"`)

// A recovery is what happens after an interruption.
type recovery struct {
	applies int
	// named are the objects that errors named with an import block.
	named map[string]bool
	// lost are objects of the service that are neither configured nor named, or
	// configured and not there.
	lost []string
	// problem is why the round did not converge, with the CLI's output.
	problem string
}

// recover applies until nothing is left to do. It imports what the errors name,
// as a user would. The result is that of a destroy if destroy is set.
func (w *workspace) recover(ctx context.Context, server *emulator.Server, generation int, destroy bool) (recovery, error) {
	r := recovery{named: map[string]bool{}}
	imports := map[string]string{}
	for {
		r.applies++
		run, err := w.run(ctx, func(int) {}, w.apply(generation, destroy)...)
		if err != nil {
			return r, err
		}
		if !run.failed {
			break
		}
		before := len(r.named)
		for _, block := range importBlock.FindAllStringSubmatch(run.output, -1) {
			typeName, id := block[1], block[2]
			name := id[strings.LastIndex(id, "/")+1:]
			r.named[object(typeName, name)] = true
			imports[address(typeName, name)] = id
		}
		if len(r.named) == before || r.applies == maxApplies {
			r.problem = "the apply fails:\n" + run.output
			break
		}
		if err := w.writeImports(imports); err != nil {
			return r, err
		}
	}
	return r, w.check(ctx, &r, server, generation, destroy)
}

// writeImports writes import blocks, by address.
func (w *workspace) writeImports(ids map[string]string) error {
	var blocks strings.Builder
	for _, to := range slices.Sorted(maps.Keys(ids)) {
		fmt.Fprintf(&blocks, "import {\n  to = %s\n  id = %q\n}\n", to, ids[to])
	}
	return w.Write(importsFile, blocks.String())
}

// check compares what the service stores with the configuration and with state.
func (w *workspace) check(ctx context.Context, r *recovery, server *emulator.Server, generation int, destroy bool) error {
	var want []string
	if !destroy {
		want = wanted(w.size)
	}
	missing, extra := difference(want, stored(server, w.account))
	r.lost = slices.Concat(missing, extra)
	if r.problem != "" {
		return nil
	}
	known, err := inState(w.Dir)
	if err != nil {
		return err
	}
	inService := slices.DeleteFunc(slices.Clone(want), func(o string) bool { return strings.HasPrefix(o, "secret ") })
	if missing, extra := difference(inService, slices.Sorted(maps.Keys(known))); len(missing)+len(extra) > 0 {
		r.problem = fmt.Sprintf("state lacks %q and has %q in addition", missing, extra)
		return nil
	}
	if destroy {
		return nil
	}
	plan, err := w.run(ctx, func(int) {}, w.plan(generation)...)
	if err == nil && plan.failed {
		r.problem = "the plan is not empty:\n" + plan.output
	}
	return err
}

// repairState does what a user has to do if the CLI was killed while it wrote
// its state: use the backup. It reports whether that was necessary.
func (w *workspace) repairState() (bool, error) {
	if _, err := inState(w.Dir); err == nil {
		return false, nil
	}
	state := filepath.Join(w.Dir, stateFile)
	err := os.Rename(state+".backup", state)
	if os.IsNotExist(err) {
		err = os.Remove(state)
	}
	return true, err
}
