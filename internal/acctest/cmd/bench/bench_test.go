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
		out[i] = sample{took: time.Duration(ms) * time.Millisecond, cpu: time.Duration(2*ms) * time.Millisecond, memory: int64(ms) * 1e6}
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
		if got := median(given, elapsed); got != test.want {
			t.Errorf("median of %v ms = %s, want %s", test.times, got, test.want)
		}
		if !slices.Equal(given, samples(test.times...)) {
			t.Errorf("the samples %v were reordered", test.times)
		}
	}
}

// A machine that slows down in the middle of a run changes the times and not
// the ratios.
func TestRatio(t *testing.T) {
	r := row{base: samples(100, 100, 400), subject: samples(300, 250, 1200)}
	middle, lowest, highest := r.ratio()
	if middle != 3 || lowest != 2.5 || highest != 3 {
		t.Errorf("ratio = %g, %g to %g, want 3, 2.5 to 3", middle, lowest, highest)
	}
	if got := r.work(); got != 3 {
		t.Errorf("ratio of work = %g, want 3", got)
	}
	if got := peak(r.subject); got != 1200e6 {
		t.Errorf("peak = %d", got)
	}
}

func TestMeasureTakesTurns(t *testing.T) {
	var order []string
	fake := func(name string, counted *int) func(context.Context) (sample, error) {
		return func(context.Context) (sample, error) {
			order = append(order, name)
			*counted++
			return sample{took: time.Duration(*counted)}, nil
		}
	}
	a, b := 0, 10
	p := pair{name: "x", aim: 2, base: fake("A", &a), subject: fake("B", &b), before: func(context.Context) error {
		order = append(order, "-")
		return nil
	}}
	r, err := p.measure(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, ""); got != "-AB-AB-AB" {
		t.Errorf("order = %s", got)
	}
	// The first turn does not count.
	if !slices.Equal(r.base, []sample{{took: 2}, {took: 3}}) || !slices.Equal(r.subject, []sample{{took: 12}, {took: 13}}) {
		t.Errorf("samples = %v and %v", r.base, r.subject)
	}
	if r.name != "x" || r.aim != 2 {
		t.Errorf("row = %+v", r)
	}

	broken := errors.New("broken")
	p.subject = func(context.Context) (sample, error) { return sample{}, broken }
	if _, err := p.measure(t.Context(), 2); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
}

func TestReport(t *testing.T) {
	var out bytes.Buffer
	err := report(&out, []row{
		{name: "providers schema", base: samples(500), subject: samples(550), aim: schemaAim},
		{name: "plan of 100 gateways", base: samples(500), subject: samples(2100), aim: planAim},
		{name: "apply of 1 gateway", base: samples(500), subject: samples(1000)},
	}, sizeAim+1)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range [][]string{
		{"ratio"},
		{"0.50 s", "0.55 s", "1.10", "500.0 MB", "550.0 MB", "at most 1.2: met"},
		{"4.20", "at most 4: NOT MET"},
		{"apply of 1 gateway", "2.00-2.00"},
		{"binary", "25.0 MB", "NOT MET"},
	} {
		for _, part := range want {
			if !strings.Contains(lines[i], part) {
				t.Errorf("line %d is %q, want %q in it", i, lines[i], part)
			}
		}
	}
	if strings.Contains(lines[3], "met") {
		t.Errorf("there is no aim for %q", lines[3])
	}
}

func TestConfigurations(t *testing.T) {
	for config, want := range map[string]string{
		requires("registry.terraform.io/acme/thing"): `thing = { source = "acme/thing" }`,
		floorConfig(3):   "count = 3",
		gatewayConfig(3): `name  = "bench-${count.index}"`,
	} {
		if !strings.Contains(config, want) {
			t.Errorf("%q is not in\n%s", want, config)
		}
	}
}
