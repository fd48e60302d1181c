package emulator

// LimitBody sets the maximum length of a request body and returns the one before.
func (s *Server) LimitBody(n int64) int64 {
	before := s.maxBody
	s.maxBody = n
	return before
}

// Open shows the status page without the token, as on an address of this machine.
func (s *Server) Open() { s.page.Open() }
