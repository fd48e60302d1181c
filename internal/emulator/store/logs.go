package store

import (
	"slices"
	"time"
)

// Log is one stored log. It must not be changed; an edit replaces it.
type Log struct {
	ID, EventID           string
	Created               time.Time
	Duration              float64 // milliseconds
	Provider, Model, Path string
	ModelType             string
	RequestType           string
	Status                int
	Success, Cached       bool
	Step                  int
	// Tokens are nil if they are not known.
	TokensIn, TokensOut *float64
	Cost                float64
	CustomCost          bool
	Metadata            map[string]any
	Feedback, Score     *float64

	Authentication, Wholesale, Compatibility bool
	UserAgent                                string
	DLP                                      *DLPReport
	DLPAction                                string
	Guardrails                               []GuardrailFinding

	RequestContentType, ResponseContentType string
	// Payloads are empty if they were not collected.
	Request, Response []byte
}

// GuardrailFinding is a category that guardrails have found, as logs show it (the
// shape is made up; the service's is not known).
type GuardrailFinding struct {
	Category string `json:"category"`
	Check    string `json:"check"`
	Action   string `json:"action"`
}

// DLPReport is what data loss prevention has found, as the header cf-aig-dlp shows
// it (documented).
type DLPReport struct {
	Findings []DLPFinding `json:"findings"`
	Action   string       `json:"action"`
}

// DLPFinding is one profile that matched.
type DLPFinding struct {
	Profile   DLPProfile `json:"profile"`
	PolicyIDs []string   `json:"policy_ids"`
	Check     string     `json:"check"`
}

// DLPProfile names a profile.
type DLPProfile struct {
	Context struct{} `json:"context"`
	// EntryIDs names the entries of a profile that matched. The emulator knows no
	// entries.
	EntryIDs  []string `json:"entry_ids"`
	ProfileID string   `json:"profile_id"`
}

// InsertLog stores a log within the gateway's retention: a full gateway stores no
// more logs under STOP_INSERTING, and loses its oldest under DELETE_OLDEST
// (documented). Null means the defaults of the plan (inferred). It reports whether
// the log was stored.
func (s *Store) InsertLog(account, gateway string, entry *Log) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return false
	}
	retention, strategy := s.orDefault(g, "log_management"), s.orDefault(g, "log_management_strategy")
	limit, _ := retention.(float64)
	if excess := len(g.logs) + 1 - int(limit); excess > 0 {
		if strategy != "DELETE_OLDEST" {
			return false
		}
		g.logs = slices.Delete(g.logs, 0, min(excess, len(g.logs)))
	}
	g.logs = append(g.logs, entry)
	return true
}

// Logs returns a gateway's logs in order of arrival. It fails with [ErrNoGateway].
func (s *Store) Logs(account, gateway string) ([]*Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return nil, ErrNoGateway
	}
	return slices.Clone(g.logs), nil
}

// EditLog replaces a log by an edited copy. It reports false if there is no such
// log.
func (s *Store) EditLog(account, gateway, id string, edit func(*Log)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return false
	}
	i := slices.IndexFunc(g.logs, func(e *Log) bool { return e.ID == id })
	if i < 0 {
		return false
	}
	edited := *g.logs[i]
	edit(&edited)
	g.logs[i] = &edited
	return true
}

// DeleteLogs deletes the logs that choose returns. It fails with [ErrNoGateway].
func (s *Store) DeleteLogs(account, gateway string, choose func([]*Log) []*Log) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return ErrNoGateway
	}
	chosen := map[*Log]bool{}
	for _, entry := range choose(slices.Clone(g.logs)) {
		chosen[entry] = true
	}
	g.logs = slices.DeleteFunc(g.logs, func(e *Log) bool { return chosen[e] })
	return nil
}
