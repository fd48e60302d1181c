package emulator

// LimitBody sets the maximum length of a request body and returns the one before.
func (s *Server) LimitBody(n int64) int64 {
	before := s.maxBody
	s.maxBody = n
	return before
}
