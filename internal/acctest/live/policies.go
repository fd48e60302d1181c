package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// policy returns the body of a policy that blocks all requests.
func policy(name string) values {
	return values{
		"name": name, "actor": "user:tf-acc", "resource": "*", "condition": "true", "action": values{"type": "block"},
	}
}

// policiesGateway returns the gateway that questions about policies share: the first policy
// makes a gateway refuse what no policy allows.
func (s *Session) policiesGateway(ctx context.Context) (string, error) {
	return once(s, "policies gateway", func() (string, error) {
		gateway, err := s.gateway(ctx)
		if err != nil {
			return "", err
		}
		response, err := s.call(ctx, http.MethodGet, "gateways/"+gateway+"/policies", nil)
		if err == nil && (response.Status == http.StatusNotFound || response.Status == http.StatusMethodNotAllowed) {
			return "", unasked("the account has no policies yet (beta): %s", response.outcome())
		}
		if err == nil {
			err = response.require("GET of policies")
		}
		return gateway, err
	})
}

// newPolicy creates a policy. The query is ?commit=true or empty.
func (s *Session) newPolicy(ctx context.Context, gateway, query string, body values) (Response, error) {
	return s.call(ctx, http.MethodPost, "gateways/"+gateway+"/policies"+query, body)
}

// ofPolicy is a question about a new policy.
func ofPolicy(name, question, documented, emulated, query string, quirks map[string]emulator.Quirk,
	describe func(ctx context.Context, s *Session, path string, created Response) (Answer, error),
) Question {
	return Question{
		Name: "policy/" + name, Question: question, Documented: documented, Emulated: emulated, Quirks: quirks,
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			gateway, err := s.policiesGateway(ctx)
			if err != nil {
				return Answer{}, err
			}
			created, err := s.newPolicy(ctx, gateway, query, policy(s.name()))
			if err == nil {
				err = created.require("POST of a policy")
			}
			if err != nil {
				return Answer{}, err
			}
			return describe(ctx, s, "gateways/"+gateway+"/policies/"+created.text("result", "id"), created)
		},
	}
}

// policyQuestions are about policies.
func policyQuestions() []Question {
	const commit = "?commit=true"
	drafts := map[string]emulator.Quirk{"no": emulator.PoliciesStayDrafts}
	return []Question{
		ofPolicy("commit", "Does POST with commit=true put a policy in force?", "Documented: yes, and committed says so.", "yes", commit, drafts,
			func(_ context.Context, _ *Session, _ string, created Response) (Answer, error) {
				return Answer{Value: yes(created.get("committed") == true), Samples: map[string]Response{"new policy": created}}, nil
			}),
		ofPolicy("draft", "Does POST without commit make a draft?", "Documented: yes.", "yes", "", nil,
			func(_ context.Context, _ *Session, _ string, created Response) (Answer, error) {
				return Answer{Value: yes(created.get("committed") == false), Detail: "committed: " + compact(created.get("committed"))}, nil
			}),
		ofPolicy("draft-get", "What does GET of a draft return without includeStaging?", "Not documented.", "404 7002", "", nil,
			func(ctx context.Context, s *Session, path string, _ Response) (Answer, error) {
				return outcomeOf(s.call(ctx, http.MethodGet, path, nil))
			}),
		ofPolicy("draft-update", "What does PUT of a draft return?", "Only committed policies can be updated.", "400 7001", "", nil,
			func(ctx context.Context, s *Session, path string, _ Response) (Answer, error) {
				return sampled("error of a draft's update")(s.call(ctx, http.MethodPut, path, values{"condition": "false"}))
			}),
		ofPolicy("update", "Does PUT with commit=true put a change in force?", "Documented: yes.", "yes", commit, drafts,
			func(ctx context.Context, s *Session, path string, created Response) (Answer, error) {
				if created.get("committed") != true {
					return Answer{Value: "no", Detail: "The new policy is a draft."}, nil
				}
				response, err := s.expect(ctx, http.MethodPut, path+commit, values{"condition": "false"})
				return Answer{Value: yes(response.get("committed") == true), Samples: map[string]Response{"changed policy": response}}, err
			}),
		ofPolicy("times", "Which type do the times of a policy have?", "Seconds since 1970.", "a number", commit, nil,
			func(_ context.Context, _ *Session, _ string, created Response) (Answer, error) {
				return Answer{Value: typeOf(created.get("result", "created_at"))}, nil
			}),
		ofPolicy("id", "Which form does the ID of a policy have?", "A UUID.", "a UUID", commit, nil,
			func(_ context.Context, _ *Session, _ string, created Response) (Answer, error) {
				return Answer{Value: idForm(created.get("result", "id"))}, nil
			}),
		ofPolicy("delete", "Which members does the response to DELETE of a policy have?", "Not documented.", "success", commit, nil,
			func(ctx context.Context, s *Session, path string, _ Response) (Answer, error) {
				response, err := s.expect(ctx, http.MethodDelete, path, nil)
				body, _ := response.JSON.(map[string]any)
				return Answer{Value: listed(keys(body))}, err
			}),
		refusedPolicy("syntax", "What does POST return for a condition that is not CEL?", "400 with details.", values{"condition": "((("}),
		refusedPolicy("empty-resource", "What does POST return for a resource without model and provider?", "Not documented.", values{"resource": values{}}),
		refusedPolicy("zero-limit", "What does POST return for a limit of 0?", "The amount is greater than 0.", values{"action": values{
			"type": "limit", "amount": 0, "period": "daily", "technique": "named-interval",
		}}),
		ofPolicy("lag", "Is a policy in force at once?", "Documented: changes take up to 15 minutes.", "at once", commit, map[string]emulator.Quirk{
			"later": emulator.PoliciesLag, "not in a minute": emulator.PoliciesLag, "it stays a draft": emulator.PoliciesStayDrafts,
		}, inForce),
	}
}

func refusedPolicy(name, question, documented string, wrong values) Question {
	return Question{
		Name: "policy/" + name, Question: question, Documented: documented, Emulated: "400 7001",
		Probe: func(ctx context.Context, s *Session) (Answer, error) {
			gateway, err := s.policiesGateway(ctx)
			if err != nil {
				return Answer{}, err
			}
			body := policy(s.name())
			maps.Copy(body, wrong)
			return sampled("error of policy/" + name)(s.newPolicy(ctx, gateway, "", body))
		},
	}
}

// inForce sends requests until the policy blocks one, for a minute.
func inForce(ctx context.Context, s *Session, _ string, created Response) (Answer, error) {
	if !s.options.Requests {
		return Answer{}, errNoRequests
	}
	if created.get("committed") != true {
		return Answer{Value: "it stays a draft"}, nil
	}
	// A gateway of its own: here other policies block already.
	gateway, err := s.gateway(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer s.remove(ctx, gateway)
	if response, err := s.newPolicy(ctx, gateway, "?commit=true", policy(s.name())); err != nil || !response.OK() {
		return refused(response), err
	}
	const tries, between = 4, 20 * time.Second
	for try := range tries {
		if try > 0 {
			if err := s.options.Sleep(ctx, between); err != nil {
				return Answer{}, err
			}
		}
		response, err := s.chat(ctx, gateway, nil)
		switch {
		case err != nil:
			return Answer{}, err
		case response.Status != http.StatusForbidden:
		case try == 0:
			return Answer{Value: "at once", Detail: response.complaint()}, nil
		default:
			return Answer{Value: "later", Detail: fmt.Sprintf("after about %s", time.Duration(try)*between)}, nil
		}
	}
	return Answer{Value: "not in a minute"}, nil
}
