package store

import "slices"

// ListSecrets returns secrets of a store whose name or comment contains a string,
// at most limit of them from offset on, and their total number. The secrets that
// it returns have then been read once more.
func (s *Store) ListSecrets(account, storeID, search string, offset, limit int) (page []Secret, total int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.secretsStore(account, storeID)
	if st == nil {
		return nil, 0, ErrStoreNotFound
	}
	for _, k := range st.secrets {
		if !ContainsFold(k.name, search) && !ContainsFold(k.comment, search) {
			continue
		}
		if total >= offset && len(page) < limit {
			k.reads++
			page = append(page, s.secretSnapshot(st, k))
		}
		total++
	}
	return page, total, nil
}

// CreateSecrets creates secrets from the items of a request, all or none
// (inferred).
func (s *Store) CreateSecrets(account, storeID string, items []any) ([]Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.secretsStore(account, storeID)
	switch {
	case st == nil:
		return nil, ErrStoreNotFound
	case len(items) == 0:
		return nil, ErrSecretsBody
	}
	var created []*secret
	for _, item := range items {
		in, _ := item.(map[string]any)
		k, err := s.parseSecret(in)
		if err != nil {
			return nil, err
		}
		sameName := func(other *secret) bool { return other.name == k.name }
		if st.find(sameName) != nil || slices.ContainsFunc(created, sameName) {
			return nil, ErrSecretExists
		}
		created = append(created, k)
	}
	st.secrets = append(st.secrets, created...)
	out := make([]Secret, 0, len(created))
	for _, k := range created {
		out = append(out, s.secretSnapshot(st, k))
	}
	return out, nil
}

// parseSecret returns the secret that an item of a request describes.
func (s *Store) parseSecret(in map[string]any) (*secret, error) {
	name, _ := in["name"].(string)
	value, _ := in["value"].(string)
	scopes, _ := in["scopes"].([]any)
	switch {
	case name == "":
		return nil, errSecretNameEmpty
	case !secretNamePattern.MatchString(name):
		return nil, errSecretName
	}
	if err := checkSecret(value, scopes); err != nil {
		return nil, err
	}
	k := s.newSecret(name, value, scopes)
	k.comment, _ = in["comment"].(string)
	return k, nil
}

func checkSecret(value string, scopes []any) error {
	switch {
	case value == "":
		return errSecretEmpty
	case len(value) > maxSecretValue:
		return errSecretTooLarge
	case len(scopes) == 0:
		return errScopesEmpty
	}
	for _, scope := range scopes {
		if name, ok := scope.(string); !ok || !slices.Contains(secretScopes, name) {
			return errScope
		}
	}
	return nil
}

// withSecret calls do for a secret and returns the secret afterwards.
func (s *Store) withSecret(account, storeID, id string, do func(*secretsStore, *secret) error) (Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.secretsStore(account, storeID)
	if st == nil {
		return Secret{}, ErrStoreNotFound
	}
	k := st.byID(id)
	if k == nil {
		return Secret{}, ErrSecretNotFound
	}
	if err := do(st, k); err != nil {
		return Secret{}, err
	}
	return s.secretSnapshot(st, k), nil
}

// Secret reads a secret.
func (s *Store) Secret(account, storeID, id string) (Secret, error) {
	return s.withSecret(account, storeID, id, func(_ *secretsStore, k *secret) error {
		k.reads++
		return nil
	})
}

// EditSecret changes value, scopes and comment of a secret, each if values has it.
// Nil values are an invalid body. The secret stays active (inferred: keys are
// rotated without downtime).
func (s *Store) EditSecret(account, storeID, id string, values map[string]any) (Secret, error) {
	return s.withSecret(account, storeID, id, func(_ *secretsStore, k *secret) error {
		if values == nil {
			return ErrSecretsBody
		}
		value, scopes, comment := k.value, k.scopes, k.comment
		if given, present := values["value"]; present {
			value, _ = given.(string)
		}
		if given, present := values["scopes"]; present {
			scopes, _ = given.([]any)
		}
		if given, ok := values["comment"].(string); ok {
			comment = given
		}
		if err := checkSecret(value, scopes); err != nil {
			return err
		}
		k.value, k.scopes, k.comment, k.modified = value, scopes, comment, s.Timestamp()
		return nil
	})
}

// DeleteSecret deletes a secret and returns it. Provider configs that refer to it
// stay, and cannot be used any more (observed live).
func (s *Store) DeleteSecret(account, storeID, id string) (Secret, error) {
	return s.withSecret(account, storeID, id, func(st *secretsStore, k *secret) error {
		st.remove(k.id)
		return nil
	})
}
