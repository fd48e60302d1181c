package live

import (
	"context"
	"net/http"
)

// storeQuestions are about what the Secrets Store refuses.
func storeQuestions() []Question {
	const missing = "0123456789abcdef0123456789abcdee"
	return []Question{
		{
			Name: "store/second", Question: "What does the creation of a second Secrets Store return?",
			Documented: "One for each account; the code was observed, the status is inferred.", Emulated: "400 1003",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				if _, err := s.storeID(ctx); err != nil {
					return Answer{}, err
				}
				before := s.touched[secretStores]
				s.making(secretStores, "")
				response, err := s.secrets(ctx, http.MethodPost, "stores", values{"name": s.name()})
				s.tried(secretStores, before, response, err)
				return outcomeOf(response, err)
			},
		},
		{
			Name: "store/missing", Question: "What does GET of a Secrets Store that does not exist return?",
			Documented: "Observed: 404 with code 1001.", Emulated: "404 1001",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				if _, err := s.storeID(ctx); err != nil { // for the permission
					return Answer{}, err
				}
				return outcomeOf(s.secrets(ctx, http.MethodGet, "stores/"+missing, nil))
			},
		},
		{
			Name: "secret/duplicate", Question: "What does the creation of a secret return if there is one of that name?",
			Documented: "The code was observed, the status is inferred.", Emulated: "400 1003",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				name := s.name()
				if _, err := s.newSecret(ctx, name); err != nil {
					return Answer{}, err
				}
				response, _, err := s.askForSecret(ctx, name)
				return outcomeOf(response, err)
			},
		},
	}
}

// newSecret creates a secret, and returns its path.
func (s *Session) newSecret(ctx context.Context, name string) (string, error) {
	response, store, err := s.askForSecret(ctx, name)
	if err == nil {
		err = response.require("POST of a secret")
	}
	return "stores/" + store + "/secrets/" + response.text("result", 0, "id"), err
}

// askForSecret asks for a secret, and returns the response and the store.
func (s *Session) askForSecret(ctx context.Context, name string) (Response, string, error) {
	store, err := s.storeID(ctx)
	if err != nil {
		return Response{}, "", err
	}
	before := s.touched[storedSecrets]
	s.making(storedSecrets, "")
	response, err := s.secrets(ctx, http.MethodPost, "stores/"+store+"/secrets", []any{
		values{"name": name, "value": s.secret(), "scopes": []any{"ai_gateway"}, "comment": "a test"},
	})
	s.tried(storedSecrets, before, response, err)
	return response, store, err
}

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
		before := s.touched[secretStores]
		s.making(secretStores, "")
		response, err = s.secrets(ctx, http.MethodPost, "stores", values{"name": s.name()})
		s.tried(secretStores, before, response, err)
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
