package store

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
)

// idSource generates the ids of requests and logs: lower-case UUIDv7, as the service
// does since October 2026 (documented; before, they were ULIDs).
//
// Ids follow the emulator's clock. Ids of the same millisecond sort in the order in
// which they were generated.
type idSource struct {
	mu      sync.Mutex
	last    int64 // milliseconds since 1970
	counter uint16
}

func (s *idSource) next(now time.Time) string {
	millis, counter := s.tick(now)

	var id uuid.UUID
	// crypto/rand never fails: if the system does, it ends the program.
	_, _ = rand.Read(id[:])
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], uint64(millis)<<16)
	copy(id[:6], stamp[:6])
	id[6] = 0x70 | byte(counter>>8)&0x0f // version 7 and 12 bits of counter
	id[7] = byte(counter)
	id[8] = 0x80 | id[8]&0x3f // RFC 9562 variant
	return id.String()
}

// tick returns the time and counter of the next id. They never go back: if the counter
// is used up it borrows the next millisecond, also with a clock that stands still or
// is moved back.
func (s *idSource) tick(now time.Time) (int64, uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if millis := now.UnixMilli(); millis > s.last {
		s.last, s.counter = millis, 0
		return s.last, s.counter
	}
	if s.counter++; s.counter == 1<<12 {
		s.last, s.counter = s.last+1, 0
	}
	return s.last, s.counter
}
