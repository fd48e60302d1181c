package policies

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// The service's words for actions, and the one way in which it measures a budget.
const (
	typeBlock   = "block"
	typeNoLimit = "no-limit"
	typeLimit   = "limit"
	technique   = "named-interval"
	everything  = "*"
)

// response is a policy in a response.
type response struct {
	client.Owner
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	GatewayID   string          `json:"gateway_id"`
	Actor       string          `json:"actor"`
	Resource    json.RawMessage `json:"resource"`
	Condition   string          `json:"condition"`
	Action      json.RawMessage `json:"action"`
	Staging     *wire.Boolean   `json:"staging"`
	Uncommitted *wire.Boolean   `json:"uncommitted"`
	CreatedAt   *wire.Moment    `json:"created_at"`
	UpdatedAt   *wire.Moment    `json:"updated_at"`
}

func (r response) identity() client.Identity {
	return client.Identity{ID: r.ID, Name: r.Name, GatewayID: r.GatewayID, AccountID: r.Account()}
}

func (r response) policy() (*Policy, error) {
	isDraft := r.Staging != nil && bool(*r.Staging) || r.Uncommitted != nil && bool(*r.Uncommitted)
	policy := &Policy{
		Rule: Rule{Name: r.Name, Actor: r.Actor, Condition: r.Condition},
		ID:   r.ID, Committed: !isDraft,
		CreatedAt: wire.Time(r.CreatedAt), UpdatedAt: wire.Time(r.UpdatedAt),
		shown: r,
	}
	if err := policy.readResource(r.Resource); err != nil {
		return nil, err
	}
	if err := policy.readAction(r.Action); err != nil {
		return nil, err
	}
	slices.Sort(policy.Unknown)
	return policy, nil
}

// readResource reads "*", or an object with models and providers. A resource that it
// does not understand is an error: taken for everything, it would let a change of the
// policy apply to all models.
func (p *Policy) readResource(raw json.RawMessage) error {
	if text := wire.As[string](raw); text != nil && *text == everything {
		return nil
	}
	members := wire.ObjectOf(raw)
	var err error
	if p.Models, err = readNames(members, "model"); err != nil {
		return err
	}
	if p.Providers, err = readNames(members, "provider"); err != nil {
		return err
	}
	if p.Models == nil && p.Providers == nil {
		return fmt.Errorf("the policy's resource is %s, which this version of the provider does not know", wire.Brief(raw))
	}
	p.note("resource", members, "model", "provider")
	return nil
}

// readNames reads a string or a list of strings; nil if there is neither.
func readNames(members wire.Object, name string) ([]string, error) {
	raw := members[name]
	if wire.IsNull(raw) {
		return nil, nil
	}
	if one := wire.As[string](raw); one != nil {
		return []string{*one}, nil
	}
	many := wire.As[[]string](raw)
	if many == nil || len(*many) == 0 {
		return nil, fmt.Errorf("%s of the policy's resource is %s, and not a string or a list of strings", name, wire.Brief(raw))
	}
	return *many, nil
}

func (p *Policy) readAction(raw json.RawMessage) error {
	var action struct {
		Type   string        `json:"type"`
		Except *wire.Boolean `json:"except"`
		Amount *wire.Number  `json:"amount"`
		Period string        `json:"period"`
	}
	if json.Unmarshal(raw, &action) != nil || action.Type == "" {
		return fmt.Errorf("the policy's action is %s, which this version of the provider does not know", wire.Brief(raw))
	}
	except := action.Except != nil && bool(*action.Except)
	members := wire.ObjectOf(raw)
	switch {
	case action.Type == typeBlock && except:
		p.Action = Allowlist
	case action.Type == typeBlock:
		p.Action = Block
	case action.Type == typeNoLimit:
		p.Action = Unlimited
	case action.Type == typeLimit:
		if action.Amount == nil {
			return fmt.Errorf("the policy's action is %s, which has no amount", wire.Brief(raw))
		}
		p.Action, p.Amount, p.Period = Budget, float64(*action.Amount), action.Period
		if how := wire.As[string](members["technique"]); how != nil && *how != technique {
			p.Unknown = append(p.Unknown, "action.technique")
		}
	default:
		p.Action = Action(action.Type)
	}
	p.note("action", members, "type", "except", "amount", "period", "technique")
	return nil
}

// note notes the members that this version does not know.
func (p *Policy) note(of string, members wire.Object, known ...string) {
	for name := range members {
		if !slices.Contains(known, name) {
			p.Unknown = append(p.Unknown, of+"."+name)
		}
	}
}

// encode returns the body that creates a policy.
func (r Rule) encode() wire.Body {
	return wire.Body{"name": r.Name, "actor": r.Actor, "condition": r.Condition, "resource": r.resource(nil), "action": r.action(nil)}
}

// changes returns the body that makes a policy say what the rule says.
func (p *Policy) changes(to Rule) wire.Body {
	body := wire.Body{}
	put := func(name string, differs bool, value any) {
		if differs || p.HasDraft {
			body[name] = value
		}
	}
	put("name", p.Name != to.Name, to.Name)
	put("actor", p.Actor != to.Actor, to.Actor)
	put("condition", p.Condition != to.Condition, to.Condition)
	put("resource", !p.sameResource(to), to.resource(wire.ObjectOf(p.shown.Resource)))
	put("action", !p.sameAction(to), to.action(wire.ObjectOf(p.shown.Action)))
	return body
}

// resource returns the resource of a request body. Members of the previous one that this
// version does not know are kept.
func (r Rule) resource(previous wire.Object) any {
	members := carried(previous, "model", "provider")
	putNames(members, "model", r.Models)
	putNames(members, "provider", r.Providers)
	if len(members) == 0 {
		return everything
	}
	return members
}

// putNames writes one name as a string and several as a list, as the documentation does.
func putNames(members wire.Body, name string, values []string) {
	switch len(values) {
	case 0:
	case 1:
		members[name] = values[0]
	default:
		members[name] = values
	}
}

// action returns the action of a request body. Members of the previous one that this
// version does not know are kept if its type stays.
func (r Rule) action(previous wire.Object) wire.Body {
	action := wire.Body{}
	switch r.Action {
	case Block:
		action["type"] = typeBlock
	case Allowlist:
		action["type"], action["except"] = typeBlock, true
	case Unlimited:
		action["type"] = typeNoLimit
	case Budget:
		action["type"], action["amount"], action["period"], action["technique"] = typeLimit, r.Amount, r.Period, technique
	}
	if before := wire.As[string](previous["type"]); before != nil && *before == action["type"] {
		maps.Copy(action, carried(previous, "type", "except", "amount", "period", "technique"))
	}
	return action
}

func carried(previous wire.Object, known ...string) wire.Body {
	members := wire.Body{}
	for name, value := range previous {
		if !slices.Contains(known, name) {
			members[name] = value
		}
	}
	return members
}
