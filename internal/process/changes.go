package process

import (
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// changes counts the changes in flight.
type changes struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when n becomes 0
}

func (c *changes) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == 0 {
		c.idle = make(chan struct{})
	}
	c.n++
}

func (c *changes) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n--; c.n == 0 {
		close(c.idle)
	}
}

// finish returns when no change is in flight, or after the limit.
func (c *changes) finish(limit time.Duration) {
	c.mu.Lock()
	n, idle := c.n, c.idle
	c.mu.Unlock()
	if n == 0 {
		return
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	}
}

// track returns a server that counts its changes, and that releases the contexts
// of its calls. It panics if the server lacks RPCs that the framework's server
// has: hiding them would disable features.
func (c *changes) track(server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	full, ok := server.(fullServer)
	if !ok {
		panic(fmt.Sprintf("process: %T does not serve list resources and actions", server))
	}
	return trackedServer{releaseContexts(full), c}
}
