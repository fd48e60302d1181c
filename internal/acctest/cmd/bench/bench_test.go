package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func samples(milliseconds ...int) []sample {
	out := make([]sample, len(milliseconds))
	for i, ms := range milliseconds {
		out[i] = sample{wall: time.Duration(ms) * time.Millisecond, cpu: time.Duration(2*ms) * time.Millisecond}
	}
	return out
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		times []int
		want  time.Duration
	}{
		{[]int{7}, 7 * time.Millisecond},
		{[]int{9, 1, 2}, 2 * time.Millisecond},
		{[]int{4, 1, 100, 2}, 3 * time.Millisecond},
	} {
		given := samples(test.times...)
		if got := medianOf(given, wall); got != test.want {
			t.Errorf("median of %v ms = %s, want %s", test.times, got, test.want)
		}
		if !slices.Equal(given, samples(test.times...)) {
			t.Errorf("the samples %v were reordered", test.times)
		}
	}
}

// A machine that slows down in the middle of a run changes the times and not
// the ratios.
func TestRatios(t *testing.T) {
	r := row{echo: samples(100, 100, 400), ours: samples(300, 250, 1200)}
	for name, of := range map[string]func(sample) time.Duration{"wall": wall, "cpu": cpu} {
		if got := r.ratios(of); !slices.Equal(got, []float64{2.5, 3, 3}) {
			t.Errorf("ratios of %s = %v, want 2.5, 3, 3", name, got)
		}
		if got := median(r.ratios(of)); got != 3 {
			t.Errorf("median ratio of %s = %g, want 3", name, got)
		}
	}
}

func TestMeasureTakesTurns(t *testing.T) {
	var order []string
	fake := func(name string, counted *int) measurement {
		return func(context.Context) (sample, error) {
			order = append(order, name)
			*counted++
			return sample{wall: time.Duration(*counted)}, nil
		}
	}
	a, b, c := 0, 10, 20
	comparison := comparison{name: "x", floor: fake("A", &a), echo: fake("B", &b), our: fake("C", &c)}
	r, err := comparison.measure(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, ""); got != "ABCABCABC" {
		t.Errorf("order = %s", got)
	}
	// The first turn does not count.
	for _, test := range []struct{ got, want []sample }{
		{r.floor, []sample{{wall: 2}, {wall: 3}}},
		{r.echo, []sample{{wall: 12}, {wall: 13}}},
		{r.ours, []sample{{wall: 22}, {wall: 23}}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("samples = %v, want %v", test.got, test.want)
		}
	}
	if r.name != "x" {
		t.Errorf("row = %+v", r)
	}

	broken := errors.New("broken")
	comparison.our = func(context.Context) (sample, error) { return sample{}, broken }
	if _, err := comparison.measure(t.Context(), 2); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
}

func TestReport(t *testing.T) {
	var out bytes.Buffer
	err := report(&out, []row{
		{name: "100 gateways: first plan", floor: samples(100), echo: samples(500), ours: samples(650)},
		{name: "100 routes: first plan", floor: samples(100), echo: samples(500, 500, 500), ours: samples(600, 1000, 1250)},
	}, peaks{echo: 30 << 20, ours: 100<<20 + 1}, sizeAim)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range [][]string{
		{"floor", "echo", "ours", "ours/echo"},
		// CPU and wall of the three, the ratio, the verdict.
		{"100 gateways: first plan", "0.20", "1.00", "1.30", "1.30-1.30", "0.10", "0.50", "0.65", "at most 1.4: met"},
		{"2.00", "1.20-2.50", "at most 1.4: NOT MET"},
	} {
		for _, part := range want {
			if !strings.Contains(lines[i], part) {
				t.Errorf("line %d is %q, want %q in it", i, lines[i], part)
			}
		}
	}
	for _, want := range []string{
		"500 gateways at parallelism 50: 100.0 MiB (echo 30.0 MiB), at most 100.0 MiB: NOT MET",
		"binary: 25.0 MB, at most 25.0 MB: met",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}

	out.Reset()
	if err := report(&out, nil, peaks{}, 1); err != nil || !strings.Contains(out.String(), "? (echo ?), not measured") {
		t.Errorf("without a measurement of memory (%v):\n%s", err, out.String())
	}
}

func TestConfigurations(t *testing.T) {
	for config, want := range map[string]string{
		requires("registry.terraform.io/acme/thing"): `aigateway = { source = "acme/thing" }`,
		floorConfig(3):   "count = 3",
		gatewayConfig(3): `name  = "bench-${count.index}"`,
		routeConfig(3):   `name       = "bench-${count.index}"`,
	} {
		if !strings.Contains(config, want) {
			t.Errorf("%q is not in\n%s", want, config)
		}
	}
}
