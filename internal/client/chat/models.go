package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A Model is a model that a gateway can reach.
type Model struct {
	// ID is {provider}/{model}, as in the model of a request to [APICompat].
	ID string
	// OwnedBy is who owns the model by the response, or nil.
	OwnedBy *string
}

// A RefusedError is a response that has no list of models. Its status may be one of
// success.
type RefusedError struct{ Response *Response }

func (e *RefusedError) Error() string { return "list models: " + e.Response.Summary() }

// ListModels returns the models that a gateway can reach, sorted by ID. The request is
// free, and repeated where that is safe. A gateway that does not exist is waited for
// like by [Send] with AwaitGateway.
//
// The error is a [RefusedError] if the response has no list, and otherwise one of those
// of [Send].
func ListModels(ctx context.Context, c *client.Client, accountID, gatewayID string) ([]Model, error) {
	if err := client.CheckGateway(accountID, gatewayID); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "list models", MaxBody: client.MaxListBody}
	header := http.Header{"Accept": {"application/json"}, "User-Agent": {c.UserAgent()}}
	if token := c.GatewayToken(); token != "" {
		header.Set(headerToken, "Bearer "+token)
	}
	poll := c.NewPoll(10*time.Second, 500*time.Millisecond, 2*time.Second)
	for {
		resp, err := c.GetFromGateway(ctx, request, c.GatewayURL(accountID, gatewayID)+"/compat/models", header)
		if err != nil {
			return nil, err
		}
		response := decode(resp, form{read: noCompletion}, resp.Redact)
		if response.gatewayAbsent() && !poll.Ended() {
			if err := poll.Pause(ctx, request); err != nil {
				return nil, client.Interrupted(ctx, request, err)
			}
			continue
		}
		if response.Status != http.StatusOK || response.JSON == nil {
			return nil, &RefusedError{response}
		}
		models, err := readModels(wire.ObjectOf([]byte(*response.JSON)))
		if errors.Is(err, errNoList) {
			return nil, &RefusedError{response}
		} else if err != nil {
			return nil, resp.Unexpected(err)
		}
		return models, nil
	}
}

func noCompletion(*Response, wire.Object) bool { return false }

var errNoList = errors.New("there is no list of models")

// readModels reads a list in the form of OpenAI's.
func readModels(o wire.Object) ([]Model, error) {
	data := wire.As[[]wire.Object](o["data"])
	if data == nil {
		return nil, errNoList
	}
	models := []Model{}
	for i, item := range *data {
		id := wire.NonEmpty(wire.As[string](item["id"]))
		if id == nil {
			return nil, fmt.Errorf("data.%d has no id", i)
		}
		models = append(models, Model{*id, wire.NonEmpty(wire.As[string](item["owned_by"]))})
	}
	slices.SortStableFunc(models, func(a, b Model) int { return cmp.Compare(a.ID, b.ID) })
	return models, nil
}
