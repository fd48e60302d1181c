package gateways

import (
	"context"
	"errors"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// Create creates a gateway and returns it as the service stored it.
//
// If the response is lost, it looks for the gateway, even if ctx has ended in the
// meantime: a gateway that is as new as the request and has the settings that
// were sent is the one that was asked for. Otherwise the error is
// ErrAlreadyExists if a gateway of this name was there before, ErrOutcomeUnknown
// if that cannot be told, or what the service responded.
//
// Features, and log classification, are sent in a second request, since the API
// takes them on update only. A service that does not find the new gateway gets two
// seconds. If the request fails, the gateway is deleted again. Only if that fails as
// well are both results set: the gateway as it is, and the error.
func Create(ctx context.Context, c *client.Client, accountID, name string, settings Settings) (*Gateway, error) {
	created, err := createPlain(ctx, c, accountID, name, settings)
	gateway := created.Gateway
	if err != nil || !c.Capabilities().PutReplaces || !settings.needsUpdate() {
		return gateway, err
	}
	// The response to the first request shows what an update would read.
	u := update{client: c, accountID: accountID, id: gateway.ID, settings: settings, was: gateway.Settings, shown: created}
	complete, err := u.sendToNew(ctx)
	if err == nil {
		return complete, nil
	}
	var failed *client.Error
	if !errors.As(err, &failed) {
		return gateway, err
	}
	kind := failed.Kind()
	switch {
	case errors.Is(failed, client.ErrAlreadyExists):
		kind = client.ErrInvalid // of a create, this would be about the name
	case errors.Is(failed, client.ErrNotFound):
		kind = client.ErrUnavailable // no value is wrong: the service lost the gateway that it had just created
	}
	failed = failed.WithKind(kind, "the gateway had just been created and was deleted again, since its features could not be set")
	failed.Op = creating
	undo, cancel := c.Recovery(ctx)
	defer cancel()
	if deleteErr := deleteKnowing(undo, c, accountID, gateway.ID, settings.Secrets()); deleteErr != nil {
		exists := "it exists"
		if errors.Is(deleteErr, client.ErrOutcomeUnknown) || errors.Is(deleteErr, client.ErrUnavailable) {
			exists = "it may still exist"
		}
		return gateway, failed.WithKind(kind, "the gateway had just been created, and deleting it again failed as well ("+deleteErr.Error()+
			"): "+exists+", without the features that the configuration asks for")
	}
	return nil, failed
}

const creating = "create gateway"

// sendToNew sends the update of a gateway that was just created. It waits, for two
// seconds at most, while the service does not find the gateway: some of it may not
// know a new gateway yet, as the data plane does not (code 2001, observed). That the
// control plane does the same is inferred.
func (u *update) sendToNew(ctx context.Context) (*Gateway, error) {
	const pause = 500 * time.Millisecond
	poll := u.client.NewPoll(2*time.Second, pause, pause)
	for {
		gateway, err := u.send(ctx)
		if !errors.Is(err, client.ErrNotFound) || poll.Ended() {
			return gateway, err
		}
		if interrupted := poll.Pause(ctx, client.Request{Operation: updating}); interrupted != nil {
			var failed *client.Error
			if errors.As(err, &failed) {
				err = failed.WithInterruption(interrupted)
			}
			return nil, err
		}
	}
}

// createPlain sends the first request of [Create].
func createPlain(ctx context.Context, c *client.Client, accountID, name string, settings Settings) (shownGateway, error) {
	if err := client.CheckAccountID(accountID); err != nil {
		return shownGateway{}, err
	}
	search, want := client.Search[shownGateway]{Noun: noun}, client.Identity{AccountID: accountID, Name: name}
	if c.Capabilities().NamesAreIDs {
		if err := client.CheckID(noun, name); err != nil {
			return shownGateway{}, err
		}
		search = searchCreated(c, accountID, name, settings)
	}
	request := client.Request{
		Operation: creating,
		Body:      formatOf(c.Capabilities()).encodeCreate(name, settings),
		Secrets:   settings.Secrets(),
	}
	call := client.Call0(c.AIGateway().New, ai_gateway.AIGatewayNewParams{AccountID: client.InAccount(accountID).AccountID})
	return client.Create(ctx, c, request, call, shownDecoder(c), want, search)
}

func searchCreated(c *client.Client, accountID, name string, sent Settings) client.Search[shownGateway] {
	return client.Search[shownGateway]{
		Noun: noun, Unique: "of this name", Looks: client.ReadLooks,
		Find: func(ctx context.Context) (shownGateway, time.Time, error) {
			return getShown(ctx, c, accountID, name, sent.Secrets()...)
		},
		// The service reports a taken name with the code of invalid input, and
		// with HTTP 504 at times.
		LookIfRefused: true,
		CreatedAt:     func(gateway shownGateway) time.Time { return gateway.CreatedAt },
		AsSent:        func(gateway shownGateway) bool { return storedAsSent(gateway.Gateway, sent) },
	}
}
