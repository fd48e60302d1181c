package process

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func framework(t *testing.T) fullServer {
	t.Helper()
	server, ok := providerserver.NewProtocol6(provider.New("test")())().(fullServer)
	if !ok {
		t.Fatal("the framework's server lacks methods of fullServer, so nothing is released")
	}
	return server
}

type key struct{}

// The framework keeps what is in the context of a call; the releasing server does not.
func TestReleaseContexts(t *testing.T) {
	for name, test := range map[string]struct {
		server   tfprotov6.ProviderServer
		released bool
	}{
		"framework": {framework(t), false}, // if this is ever released, releaseContexts can go
		"ours":      {releaseContexts(framework(t)), true},
	} {
		t.Run(name, func(t *testing.T) {
			for name, call := range calls(test.server) {
				if !test.released && name != "ReadResource" {
					continue // waiting in vain for one is enough
				}
				released := make(chan struct{}, 1)
				func() { // so that this stack does not keep it
					heavy := new([1 << 10]byte)
					runtime.AddCleanup(heavy, func(c chan struct{}) { c <- struct{}{} }, released)
					call(context.WithValue(t.Context(), key{}, heavy))
				}()
				if got := isReleased(released); got != test.released {
					t.Errorf("%s: released = %v, want %v", name, got, test.released)
				}
			}
			runtime.KeepAlive(test.server)
		})
	}
}

// calls returns a call of each kind that is released. What comes of it does not matter.
func calls(s tfprotov6.ProviderServer) map[string]func(context.Context) {
	const gateway, gateways = "aigateway_gateway", "aigateway_gateways"
	return map[string]func(context.Context){
		"ValidateResourceConfig": func(ctx context.Context) {
			_, _ = s.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: gateway})
		},
		"UpgradeResourceState": func(ctx context.Context) {
			_, _ = s.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: gateway})
		},
		"UpgradeResourceIdentity": func(ctx context.Context) {
			_, _ = s.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: gateway})
		},
		"ReadResource": func(ctx context.Context) {
			_, _ = s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: gateway})
		},
		"PlanResourceChange": func(ctx context.Context) {
			_, _ = s.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: gateway})
		},
		"ApplyResourceChange": func(ctx context.Context) {
			_, _ = s.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: gateway})
		},
		"ImportResourceState": func(ctx context.Context) {
			_, _ = s.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: gateway})
		},
		"ValidateDataResourceConfig": func(ctx context.Context) {
			_, _ = s.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: gateways})
		},
		"ReadDataSource": func(ctx context.Context) {
			_, _ = s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: gateways})
		},
	}
}

func isReleased(released <-chan struct{}) bool {
	for range 5 {
		runtime.GC()
		select {
		case <-released:
			return true
		case <-time.After(20 * time.Millisecond):
		}
	}
	return false
}

// A stub serves nothing but reads.
type stub struct {
	fullServer

	read func(context.Context)
}

func (s stub) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.read(ctx)
	return &tfprotov6.ReadResourceResponse{}, nil
}

// While a call lasts, its context is that of the caller; afterwards it has ended.
func TestContextOfACall(t *testing.T) {
	cause := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "value"))
	contexts := make(chan context.Context, 1)
	_, err := releaseContexts(stub{read: func(got context.Context) {
		contexts <- got
		if got.Value(key{}) != "value" || got.Err() != nil {
			t.Errorf("value = %v, error = %v", got.Value(key{}), got.Err())
		}
		child, stop := context.WithCancel(got)
		defer stop()
		cancel(cause)
		<-child.Done()
		if got := context.Cause(child); !errors.Is(got, cause) {
			t.Errorf("the cause is %v", got)
		}
	}}).ReadResource(ctx, &tfprotov6.ReadResourceRequest{})
	if err != nil {
		t.Fatal(err)
	}
	kept := <-contexts
	<-kept.Done()
	if kept.Value(key{}) != nil || !errors.Is(kept.Err(), context.Canceled) {
		t.Errorf("afterwards: value = %v, error = %v", kept.Value(key{}), kept.Err())
	}
}
