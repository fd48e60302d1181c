package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A kind is a kind of objects that a run creates in an account. Routes, policies, provider
// configs and logs belong to a gateway and are deleted with it.
type kind string

// The kinds, in the order of their deletion.
const (
	gateways        kind = "gateway"
	customProviders kind = "custom provider"
	storedSecrets   kind = "secret"
	secretStores    kind = "Secrets Store"
)

// cleanupTime bounds the cleanup after an interrupt.
const cleanupTime = 3 * time.Minute

// making notes that a request is about to create an object, whether its response arrives or
// not. The name is what the cleanup deletes it by, if that is known beforehand.
func (s *Session) making(k kind, name string) {
	s.touched[k] = true
	if name != "" {
		s.made[k] = append(s.made[k], name)
	}
}

// tried takes back what making noted if the service has refused the request. Otherwise a
// cleanup would complain about lists that the token may not read. Touched is what it was
// before.
func (s *Session) tried(k kind, touched bool, response Response, err error) {
	if err == nil && response.Status >= http.StatusBadRequest && response.Status < http.StatusInternalServerError {
		s.touched[k] = touched
	}
}

// An object is one that the cleanup deletes.
type object struct {
	kind     kind
	id, name string
	path     string
}

// cleanUp deletes everything whose name begins with prefix, and returns what is left. It
// looks objects up by name, so it finds those whose creation got no response. It deletes
// those that it knows by ID even if a list lags.
func (s *Session) cleanUp(ctx context.Context, prefix string) (left []string) {
	const rounds = 3
	for round := 1; ; round++ {
		left = s.cleanUpOnce(ctx, prefix, round <= rounds)
		if len(left) == 0 || round > rounds {
			return left
		}
		// A list may show an object for a while that is deleted.
		if err := s.options.Sleep(ctx, time.Duration(round*round)*2*time.Second); err != nil {
			return left
		}
	}
}

// cleanUpOnce returns the objects that there were, and deletes them if asked to.
func (s *Session) cleanUpOnce(ctx context.Context, prefix string, remove bool) (left []string) {
	defer func() {
		if p := recover(); p != nil {
			left = append(left, fmt.Sprintf("unknown objects, since the cleanup panicked: %v", p))
		}
	}()
	found, err := s.leftovers(ctx, prefix)
	for _, o := range found {
		left = append(left, fmt.Sprintf("%s %s", o.kind, o.name))
	}
	if err != nil {
		left = append(left, "objects that could not be listed: "+err.Error())
	}
	if remove {
		for _, o := range found {
			// The next round lists what could not be deleted.
			_, _ = s.send(ctx, request{http.MethodDelete, o.path, s.authorization(), nil})
		}
		s.made = map[kind][]string{}
	}
	return left
}

// leftovers returns the objects whose names begin with prefix, and those that the session
// has made, in the order of their deletion.
func (s *Session) leftovers(ctx context.Context, prefix string) (found []object, err error) {
	for _, list := range []struct {
		kind     kind
		path     string
		id, name string
	}{
		{gateways, s.account("ai-gateway/gateways"), "id", "id"},
		{customProviders, s.account("ai-gateway/custom-providers"), "id", "slug"},
		{secretStores, s.account("secrets_store/stores"), "id", "name"},
	} {
		secretsToo := list.kind == secretStores && s.touched[storedSecrets]
		if !s.touched[list.kind] && !secretsToo {
			continue
		}
		items, listErr := s.list(ctx, list.path)
		err = errors.Join(err, listErr)
		for _, item := range items {
			o := object{kind: list.kind}
			o.id, _ = item[list.id].(string)
			o.name, _ = item[list.name].(string)
			o.path = list.path + "/" + url.PathEscape(o.id)
			if secretsToo {
				secrets, secretsErr := s.list(ctx, o.path+"/secrets")
				err = errors.Join(err, secretsErr)
				for _, secret := range secrets {
					id, _ := secret["id"].(string)
					name, _ := secret["name"].(string)
					if id != "" && begins(name, prefix) {
						found = append(found, object{storedSecrets, id, name, o.path + "/secrets/" + url.PathEscape(id)})
					}
				}
			}
			if o.id != "" && begins(o.name, prefix) {
				found = append(found, o)
			}
		}
		for _, id := range s.made[list.kind] {
			if !slices.ContainsFunc(found, func(o object) bool { return o.kind == list.kind && o.id == id }) {
				found = append(found, object{list.kind, id, id, list.path + "/" + url.PathEscape(id)})
			}
		}
	}
	return found, err
}

// begins ignores case, which one question changes.
func begins(name, prefix string) bool { return strings.HasPrefix(strings.ToLower(name), prefix) }

// list returns all objects of a list, whose pages have a result.
func (s *Session) list(ctx context.Context, address string) (items []map[string]any, err error) {
	const perPage, most = 50, 200
	for page := 1; page <= most; page++ {
		response, err := s.send(ctx, request{
			http.MethodGet, fmt.Sprintf("%s?page=%d&per_page=%d", address, page, perPage), s.authorization(), nil,
		})
		if err != nil {
			return items, err
		}
		if err := response.require("GET " + s.shownPath(address)); err != nil {
			return items, err
		}
		result, ok := response.get("result").([]any)
		if !ok {
			return items, fmt.Errorf("GET %s answered without a list", s.shownPath(address))
		}
		for _, item := range result {
			if item, ok := item.(map[string]any); ok {
				items = append(items, item)
			}
		}
		if len(result) < perPage {
			break
		}
	}
	return items, nil
}
