package process

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// slowServer applies a change when it is told to.
type slowServer struct {
	fullServer
	apply chan struct{}
}

func (s slowServer) ApplyResourceChange(
	context.Context, *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	<-s.apply
	return &tfprotov6.ApplyResourceChangeResponse{}, nil
}

// finished starts finish and returns how long it takes.
func finished(c *changes, limit time.Duration) <-chan time.Duration {
	took := make(chan time.Duration, 1)
	go func() {
		start := time.Now()
		c.finish(limit)
		took <- time.Since(start)
	}()
	return took
}

func TestFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running := &changes{}
		if took := <-finished(running, time.Minute); took != 0 {
			t.Errorf("with nothing in flight, it took %s", took)
		}

		apply := make(chan struct{})
		server := running.track(slowServer{apply: apply})
		const calls = 3
		for range calls {
			go func() { _, _ = server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{}) }()
		}
		synctest.Wait()
		if took := <-finished(running, time.Minute); took != time.Minute {
			t.Errorf("with changes that never return, it took %s", took)
		}

		all := finished(running, time.Minute)
		for range calls {
			select {
			case <-all:
				t.Error("it did not wait for all changes")
			default:
			}
			time.Sleep(time.Second)
			apply <- struct{}{}
		}
		if took := <-all; took != calls*time.Second {
			t.Errorf("with changes that take %d seconds, it took %s", calls, took)
		}
		if took := <-finished(running, time.Minute); took != 0 {
			t.Errorf("after all changes, it took %s", took)
		}
	})
}

// A wrapper that lacks methods would hide list resources and actions from the CLI.
func TestTrackKeepsFeatures(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a server without list resources and actions is accepted")
		}
	}()
	(&changes{}).track(struct{ tfprotov6.ProviderServer }{})
}
