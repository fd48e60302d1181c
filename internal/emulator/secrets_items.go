package emulator

import "slices"

// maxSecretValue is the longest value of a secret in bytes (documented).
const maxSecretValue = 64 << 10

// secretScopes are what a secret may be for (documented).
var secretScopes = []string{"workers", scopeAIGateway, "dex", "access", "containers", "websearch"}

// listSecrets is GET /stores/{id}/secrets with page, per_page and search, which
// looks into names and comments (documented). A secret that is on the page has
// been looked at.
func (s *Server) listSecrets(c call) {
	search := c.r.URL.Query().Get("search")
	s.withStore(c, func(st *secretsStore) (any, *vaultRefusal) {
		var found []*secret
		for _, k := range st.secrets {
			if containsFold(k.name, search) || containsFold(k.comment, search) {
				found = append(found, k)
			}
		}
		return page(c, found, func(k *secret) *ordered { return s.lookAt(st, k) })
	})
}

// lookAt shows a secret to a request that asks for it.
func (s *Server) lookAt(st *secretsStore, k *secret) *ordered {
	k.reads++
	return s.renderSecret(st, k)
}

// createSecrets is POST /stores/{id}/secrets with a list of secrets, all of
// which are made or none (inferred).
func (s *Server) createSecrets(c call) {
	items, ok := decodeBody(c.body).([]any)
	s.withStore(c, func(st *secretsStore) (any, *vaultRefusal) {
		if !ok || len(items) == 0 {
			return nil, badSecret("invalid_json_body")
		}
		var made []*secret
		for _, item := range items {
			in, _ := item.(map[string]any)
			k, refused := s.readSecret(in)
			if refused != nil {
				return nil, refused
			}
			named := func(other *secret) bool { return other.name == k.name }
			if st.find(named) != nil || slices.ContainsFunc(made, named) {
				return nil, errSecretExists
			}
			made = append(made, k)
		}
		st.secrets = append(st.secrets, made...)
		out := []*ordered{}
		for _, k := range made {
			out = append(out, s.renderSecret(st, k))
		}
		return out, nil
	})
}

// readSecret makes a secret of the item of a request.
func (s *Server) readSecret(in map[string]any) (*secret, *vaultRefusal) {
	name, _ := in["name"].(string)
	value, _ := in["value"].(string)
	scopes, _ := in["scopes"].([]any)
	switch {
	case name == "":
		return nil, badSecret("secret_name_empty")
	case !secretNamePattern.MatchString(name):
		return nil, badSecret("secret_name_invalid") // inferred
	}
	if refused := checkValue(value); refused != nil {
		return nil, refused
	}
	if refused := checkScopes(scopes); refused != nil {
		return nil, refused
	}
	k := s.newSecret(name, value, scopes)
	k.comment, _ = in["comment"].(string)
	return k, nil
}

// checkValue refuses values that are empty or too long (the words are inferred).
func checkValue(value string) *vaultRefusal {
	switch {
	case value == "":
		return badSecret("secret_value_empty")
	case len(value) > maxSecretValue:
		return badSecret("secret_value_too_large")
	}
	return nil
}

func checkScopes(scopes []any) *vaultRefusal {
	if len(scopes) == 0 {
		return badSecret("secret_scopes_empty")
	}
	for _, scope := range scopes {
		if name, ok := scope.(string); !ok || !slices.Contains(secretScopes, name) {
			return badSecret("secret_scope_invalid")
		}
	}
	return nil
}

// getSecret is GET /stores/{id}/secrets/{id}.
func (s *Server) getSecret(c call) {
	s.withSecret(c, func(st *secretsStore, k *secret) (any, *vaultRefusal) { return s.lookAt(st, k), nil })
}

// editSecret is PATCH /stores/{id}/secrets/{id} with value, scopes and comment,
// each optional. The secret stays active (inferred: keys are rotated without
// downtime).
func (s *Server) editSecret(c call) {
	in, ok := decodeBody(c.body).(map[string]any)
	s.withSecret(c, func(st *secretsStore, k *secret) (any, *vaultRefusal) {
		if !ok {
			return nil, badSecret("invalid_json_body")
		}
		value, scopes, comment := k.value, k.scopes, k.comment
		if given, present := in["value"]; present {
			value, _ = given.(string)
		}
		if given, present := in["scopes"]; present {
			scopes, _ = given.([]any)
		}
		if given, ok := in["comment"].(string); ok {
			comment = given
		}
		if refused := checkValue(value); refused != nil {
			return nil, refused
		}
		if refused := checkScopes(scopes); refused != nil {
			return nil, refused
		}
		k.value, k.scopes, k.comment, k.modified = value, scopes, comment, s.timestamp()
		return s.renderSecret(st, k), nil
	})
}

// deleteSecret is DELETE /stores/{id}/secrets/{id}. Provider configs that refer
// to the secret stay, and are of no use any more (observed live).
func (s *Server) deleteSecret(c call) {
	s.withSecret(c, func(st *secretsStore, k *secret) (any, *vaultRefusal) {
		st.remove(k.id)
		return s.renderSecret(st, k), nil
	})
}
