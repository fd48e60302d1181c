package dataplane

import (
	"math"
	"testing"
)

func TestShare(t *testing.T) {
	tests := []struct {
		name    string
		draws   float64
		outputs []string
		want    map[string]float64
	}{
		{"with else", 10_000, []string{"50%", "10%", "else"}, map[string]float64{"10%": 0.1, "50%": 0.5, "else": 0.4}},
		{"all named", 2000, []string{"25%", "75%"}, map[string]float64{"25%": 0.25, "75%": 0.75}},
		{"fractions", 2000, []string{"2.5%", "else"}, map[string]float64{"2.5%": 0.025, "else": 0.975}},
		{"by number", 2000, []string{"9%", "100%"}, map[string]float64{"9%": 0.09, "100%": 0.91}},
		{"less than all", 2000, []string{"10%", "20%"}, map[string]float64{"10%": 0.1, "20%": 0.9}},
		{"only else", 200, []string{"else"}, map[string]float64{"else": 1}},
		{"nothing and all", 200, []string{"0%", "100%"}, map[string]float64{"100%": 1}},
		{"no shares", 200, []string{"half", "NaN%", "else"}, map[string]float64{"else": 1}},
		{"below nothing", 2000, []string{"-50%", "50%", "else"}, map[string]float64{"50%": 0.5, "else": 0.5}},
		{"above all", 200, []string{"200%", "else"}, map[string]float64{"else": 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			outputs := map[string]any{}
			for _, name := range tt.outputs {
				outputs[name] = map[string]any{"elementId": name}
			}
			source := newDraws(0)
			got := map[string]float64{}
			for range int(tt.draws) {
				got[share(outputs, source.percent())]++
			}
			if len(got) != len(tt.want) {
				t.Errorf("outputs = %v, want %v", got, tt.want)
			}
			for output, p := range tt.want {
				sigma := math.Sqrt(tt.draws * p * (1 - p))
				if off := math.Abs(got[output] - tt.draws*p); off > 3*sigma {
					t.Errorf("%s was drawn %v times, want %v ± %.0f", output, got[output], tt.draws*p, 3*sigma)
				}
			}
		})
	}
}
