package process

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// releaseContexts returns a server that lets go of the context of a call when the
// call ends. The framework's server keeps the context of every call until the
// process ends, with the loggers in it, which is some 10 KiB for each of the
// calls that a CLI makes for one object.
//
// Only the calls that a CLI makes for each object are released.
func releaseContexts(server fullServer) fullServer { return releasing{server} }

type releasing struct{ fullServer }

func (s releasing) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return release(ctx, req, s.fullServer.ValidateResourceConfig)
}

func (s releasing) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return release(ctx, req, s.fullServer.UpgradeResourceState)
}

func (s releasing) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return release(ctx, req, s.fullServer.UpgradeResourceIdentity)
}

func (s releasing) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return release(ctx, req, s.fullServer.ReadResource)
}

func (s releasing) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return release(ctx, req, s.fullServer.PlanResourceChange)
}

func (s releasing) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return release(ctx, req, s.fullServer.ApplyResourceChange)
}

func (s releasing) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return release(ctx, req, s.fullServer.ImportResourceState)
}

func (s releasing) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return release(ctx, req, s.fullServer.ValidateDataResourceConfig)
}

func (s releasing) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return release(ctx, req, s.fullServer.ReadDataSource)
}

// release makes a call with a context that is empty once the call has ended.
func release[Req, Resp any](ctx context.Context, req Req, call func(context.Context, Req) (Resp, error)) (Resp, error) {
	c := &callContext{current: ctx}
	defer c.end()
	return call(c, req)
}

// A callContext is the context of a call until the call ends, and an empty one
// that is canceled afterwards.
type callContext struct {
	mu      sync.RWMutex
	current context.Context // to let go of it is the purpose
}

func (c *callContext) get() context.Context {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.current
}

func (c *callContext) end() {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = ended
}

// Deadline implements [context.Context], as do the methods below.
func (c *callContext) Deadline() (time.Time, bool) { return c.get().Deadline() }
func (c *callContext) Done() <-chan struct{}       { return c.get().Done() }
func (c *callContext) Err() error                  { return c.get().Err() }
func (c *callContext) Value(key any) any           { return c.get().Value(key) }
