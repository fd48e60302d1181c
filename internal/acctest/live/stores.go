package live

import (
	"context"
	"net/http"
)

// storeID returns the ID of the account's Secrets Store. If there is none, it creates one,
// which the cleanup deletes: an account has one at most.
func (s *Session) storeID(ctx context.Context) (string, error) {
	return once(s, "store", func() (string, error) {
		response, err := s.secrets(ctx, http.MethodGet, "stores", nil)
		if err == nil {
			err = response.require("GET secrets_store/stores")
		}
		if err != nil {
			return "", err
		}
		if id := response.text("result", 0, "id"); id != "" {
			return id, nil
		}
		s.making(secretStores, "")
		response, err = s.secrets(ctx, http.MethodPost, "stores", values{"name": s.name()})
		if err == nil {
			err = response.require("POST secrets_store/stores")
		}
		if err != nil {
			return "", err
		}
		id := response.text("result", "id")
		if id == "" {
			id = response.text("result", 0, "id") // an older API document has a list
		}
		if id == "" {
			return "", unasked("the response to a new Secrets Store has no ID")
		}
		s.making(secretStores, id)
		return id, nil
	})
}
