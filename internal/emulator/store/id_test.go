package store_test

import (
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

func TestIDsSortByTime(t *testing.T) {
	s, err := store.New(store.Options{Clock: store.NewClock(time.Date(2026, 11, 1, 12, 0, 30, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for i := range 5000 { // more than fit in a millisecond of a clock that stands still
		if i == 4500 {
			s.Clock().Advance(-time.Hour)
		}
		id := s.NewID()
		if id <= last {
			t.Fatalf("id %d is %s after %s", i, id, last)
		}
		last = id
	}
}
