package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// finishLimit is how long a provider whose CLI is gone takes at most to finish
// changes in flight. It covers a request that looks for a lost response and a
// rollback, both of which have limits of their own.
const finishLimit = time.Minute

// Serve serves a provider until the CLI ends it. A signal never ends it in the
// middle of a change: the object would exist, and nothing would know it. When
// the CLI is gone without having ended its provider, the changes in flight are
// interrupted as by Ctrl-C, and the process exits when they have returned.
//
// With debug set, no CLI owns the process, and the signals end it as usual.
func Serve(address string, newServer func() tfprotov6.ProviderServer, debug bool) error {
	if debug {
		return tf6server.Serve(address, newServer, tf6server.WithManagedDebug())
	}
	ignoreSignals()
	running := &changes{}
	go func() {
		waitForParent()
		running.finish(finishLimit)
		os.Exit(1)
	}()
	err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return running.track(newServer()) })
	// A CLI that was interrupted twice ends its provider in the middle of a
	// change. It kills a provider that takes longer than two seconds.
	running.finish(finishLimit)
	return err
}

// ignoreSignals makes the process survive the signals that a canceled CI job or a
// closed terminal sends to the whole process group. go-plugin does the same for
// the interrupt. SIGPIPE would end a provider whose CLI is gone at its next log
// line.
//
// A handler that does nothing is used instead of [signal.Ignore], since only a
// handler keeps Windows from ending the process at once.
func ignoreSignals() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
}

// A fullServer has the methods of [tfprotov6.ProviderServer] and those for which
// tf6server looks in addition.
type fullServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// A trackedServer counts the changes in flight.
type trackedServer struct {
	fullServer
	running *changes
}

// ApplyResourceChange creates, updates or deletes an object.
func (s trackedServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	s.running.begin()
	defer s.running.end()
	return s.fullServer.ApplyResourceChange(ctx, req)
}
