package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const keyProvider = "openai"

// keysGateway returns the gateway with a Secrets Store that questions about keys share.
func (s *Session) keysGateway(ctx context.Context) (string, error) {
	store, err := s.storeID(ctx)
	if err != nil {
		return "", err
	}
	return once(s, "keys gateway", func() (string, error) {
		response, id, err := s.createGateway(ctx, values{"store_id": store})
		if err == nil {
			err = response.require("POST of a gateway with a Secrets Store")
		}
		return id, err
	})
}

// newKey creates a provider config with a key of its own. It returns the response and the key.
func (s *Session) newKey(ctx context.Context, gateway, alias string) (Response, string, error) {
	key, before := s.secret(), s.touched[storedSecrets]
	s.making(storedSecrets, "") // under a name that begins with the gateway's
	response, err := s.call(ctx, http.MethodPost, "gateways/"+gateway+"/provider_configs", values{
		"provider_slug": keyProvider, "alias": alias, "default_config": false, "secret": key,
	})
	s.tried(storedSecrets, before, response, err)
	return response, key, err
}

// ofKey is a question about a new provider config.
func ofKey(name, question, documented, emulated string, quirks map[string]emulator.Quirk,
	describe func(ctx context.Context, s *Session, created Response, key string) (Answer, error),
) Question {
	return Question{
		Name: "key/" + name, Question: question, Documented: documented, Emulated: emulated, Quirks: quirks,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			gateway, err := s.keysGateway(ctx)
			if err != nil {
				return Answer{}, err
			}
			created, key, err := s.newKey(ctx, gateway, name)
			if err == nil {
				err = created.require("POST of a provider config")
			}
			if err != nil {
				return Answer{}, err
			}
			return describe(ctx, s, created, key)
		},
	}
}

// keyQuestions are about provider configs and the secrets behind them.
func keyQuestions() []Question {
	return []Question{
		ofKey("create", "Does POST of a provider config accept a key in secret?", "It is optional in the schema.", "200", nil,
			func(_ context.Context, _ *Session, created Response, _ string) (Answer, error) {
				return Answer{Value: created.outcome(), Samples: map[string]Response{"new provider config": created}}, nil
			}),
		ofKey("id", "Which form does the ID of a provider config have?", "Not documented.", "a UUID", nil,
			func(_ context.Context, _ *Session, created Response, _ string) (Answer, error) {
				return Answer{Value: idForm(created.get("result", "id"))}, nil
			}),
		ofKey("default-config", "Which type does default_config have?", "A boolean in the API documents, 0 or 1 as observed.", "a number",
			map[string]emulator.Quirk{"a boolean": emulator.ProviderConfigBool},
			func(_ context.Context, _ *Session, created Response, _ string) (Answer, error) {
				return Answer{Value: typeOf(created.get("result", "default_config"))}, nil
			}),
		ofKey("rate-limit", "What is rate_limit of a provider config without one?", "Optional; that it is null is inferred.", "null or absent", nil,
			func(_ context.Context, _ *Session, created Response, _ string) (Answer, error) {
				return Answer{Value: typeOf(created.get("result", "rate_limit"))}, nil
			}),
		ofKey("preview", "What does secret_preview show of a key?", "The documents only name the field.", "the last 4 characters", nil,
			func(_ context.Context, _ *Session, created Response, key string) (Answer, error) {
				return Answer{Value: previewForm(created.text("result", "secret_preview"), key)}, nil
			}),
		ofKey("list-lag", "Is a new provider config in the list at once?", "Observed: it may lag.", "at once",
			map[string]emulator.Quirk{"later": emulator.ProviderConfigListLags},
			func(ctx context.Context, s *Session, created Response, _ string) (Answer, error) {
				path := "gateways/" + created.text("result", "gateway_id") + "/provider_configs?per_page=100"
				return s.awaited(ctx, func() (bool, error) {
					response, err := s.expect(ctx, http.MethodGet, path, nil)
					items, _ := response.get("result").([]any)
					return hasMember(items, "id", created.get("result", "id")), err
				})
			}),
		ofKey("duplicate", "What does POST return if there is a provider config for the provider and alias?",
			"There is one for each; status and code are not known.", "400 7001", nil,
			func(ctx context.Context, s *Session, created Response, _ string) (Answer, error) {
				response, _, err := s.newKey(ctx, created.text("result", "gateway_id"), created.text("result", "alias"))
				return sampled("error of a duplicate provider config")(response, err)
			}),
		ofKey("rotate", "What does PUT of a provider config return for a new key?", "Only the key can change. The SDK lacks this request.", "200", nil,
			func(ctx context.Context, s *Session, created Response, _ string) (Answer, error) {
				path := "gateways/" + created.text("result", "gateway_id") + "/provider_configs/" + created.text("result", "id")
				return outcomeOf(s.call(ctx, http.MethodPut, path, values{"secret": s.secret()}))
			}),
		ofKey("secret-name", "Under which name does the service store the key?", "{gateway}_{provider}_{alias}.", "as documented", nil,
			func(ctx context.Context, s *Session, created Response, _ string) (Answer, error) {
				found, err := s.hasSecret(ctx, created.text("result", "gateway_id")+"_"+keyProvider+"_secret-name")
				if found {
					return Answer{Value: "as documented"}, err
				}
				return Answer{Value: "another"}, err
			}),
		ofKey("delete", "Does DELETE of a provider config delete the key in the Secrets Store?", "Not documented.", "yes", nil,
			func(ctx context.Context, s *Session, created Response, _ string) (Answer, error) {
				gateway := created.text("result", "gateway_id")
				path := "gateways/" + gateway + "/provider_configs/" + created.text("result", "id")
				if _, err := s.expect(ctx, http.MethodDelete, path, nil); err != nil {
					return Answer{}, err
				}
				found, err := s.hasSecret(ctx, gateway+"_"+keyProvider+"_delete")
				return Answer{Value: yes(!found)}, err
			}),
		{
			Name: "key/gateway-delete", Question: "Does DELETE of a gateway delete the keys of its provider configs?",
			Documented: "Not documented.", Emulated: "yes", Probe: keyOfDeletedGateway,
		},
		{
			Name: "key/no-store", Question: "What does the creation of a provider config return if the gateway has no store_id?",
			Documented: "Observed: it is refused.", Emulated: "400 7001",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				gateway, err := s.gateway(ctx)
				if err != nil {
					return Answer{}, err
				}
				defer s.remove(ctx, gateway)
				response, _, err := s.newKey(ctx, gateway, "no-store")
				return outcomeOf(response, err)
			},
		},
		{
			Name: "key/neither", Question: "What does the creation of a provider config return without secret and secret_id?",
			Documented: "Neither is required by the schema.", Emulated: "400 7001",
			Probe: func(ctx context.Context, s *Session) (Answer, error) {
				gateway, err := s.keysGateway(ctx)
				if err != nil {
					return Answer{}, err
				}
				return outcomeOf(s.call(ctx, http.MethodPost, "gateways/"+gateway+"/provider_configs", values{
					"provider_slug": keyProvider, "alias": "neither", "default_config": false,
				}))
			},
		},
		{
			Name: "secret/activation", Question: "Does a new secret in the Secrets Store become active?",
			Documented: "Observed: it is pending at first.", Emulated: "active",
			Quirks: map[string]emulator.Quirk{"stays pending": emulator.SecretStaysPending}, Probe: activation,
		},
	}
}

// hasSecret reports whether the Secrets Store has a secret of a name.
func (s *Session) hasSecret(ctx context.Context, name string) (bool, error) {
	store, err := s.storeID(ctx)
	if err != nil {
		return false, err
	}
	response, err := s.secrets(ctx, http.MethodGet, "stores/"+store+"/secrets?per_page=100&search="+name, nil)
	if err == nil {
		err = response.require("GET of secrets")
	}
	items, _ := response.get("result").([]any)
	return hasMember(items, "name", name), err
}

// keyOfDeletedGateway says whether a key goes with its gateway.
func keyOfDeletedGateway(ctx context.Context, s *Session) (Answer, error) {
	store, err := s.storeID(ctx)
	if err != nil {
		return Answer{}, err
	}
	response, gateway, err := s.createGateway(ctx, values{"store_id": store})
	if err == nil {
		err = response.require("POST of a gateway with a Secrets Store")
	}
	if err != nil {
		return Answer{}, err
	}
	created, _, err := s.newKey(ctx, gateway, "gone")
	if err == nil {
		err = created.require("POST of a provider config")
	}
	if err != nil {
		return Answer{}, err
	}
	if _, err := s.expect(ctx, http.MethodDelete, "gateways/"+gateway, nil); err != nil {
		return Answer{}, err
	}
	s.forget(gateway)
	found, err := s.hasSecret(ctx, gateway+"_"+keyProvider+"_gone")
	return Answer{Value: yes(!found)}, err
}

// activation waits until a new secret is active.
func activation(ctx context.Context, s *Session) (Answer, error) {
	path, err := s.newSecret(ctx, s.name())
	if err != nil {
		return Answer{}, err
	}
	answer, err := s.awaited(ctx, func() (bool, error) {
		got, err := s.secrets(ctx, http.MethodGet, path, nil)
		if err == nil {
			err = got.require("GET of a secret")
		}
		return got.text("result", "status") == "active", err
	})
	answer.Detail = strings.TrimSpace(answer.Value + " " + answer.Detail)
	if answer.Value == "at once" || answer.Value == "later" {
		answer.Value = "active"
	} else {
		answer.Value = "stays pending"
	}
	return answer, err
}

// previewForm says which part of a key a preview shows.
func previewForm(preview, key string) string {
	head, tail := 0, 0
	for head < len(preview) && head < len(key) && preview[head] == key[head] {
		head++
	}
	for tail < len(preview)-head && tail < len(key)-head && preview[len(preview)-1-tail] == key[len(key)-1-tail] {
		tail++
	}
	switch {
	case preview == "":
		return "nothing"
	case preview == key:
		return "all of it"
	case head > 0 && tail > 0:
		return fmt.Sprintf("the first %d and the last %d characters", head, tail)
	case head > 0:
		return fmt.Sprintf("the first %d characters", head)
	case tail > 0:
		return fmt.Sprintf("the last %d characters", tail)
	default:
		return "no part of it"
	}
}
