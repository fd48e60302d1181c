package store

// PutCustomDomain creates a custom domain of a gateway, or replaces the one that has the
// hostname. The values are those of the request: domain, zone_id and min_tls. It panics
// if there is no such gateway.
func (d Direct) PutCustomDomain(account, gateway string, values map[string]any) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if d.store.gateway(account, gateway) == nil {
		panic("emulator: PutCustomDomain: there is no gateway " + gateway)
	}
	domain := d.store.newCustomDomain(account, gateway, values)
	d.store.domains[domain.Hostname] = domain
}

// CustomDomains returns a gateway's custom domains by hostname, with their zone_id,
// min_tls and status.
func (d Direct) CustomDomains(account, gateway string) map[string]map[string]any {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	out := map[string]map[string]any{}
	for _, domain := range d.store.domainsOf(account, gateway) {
		out[domain.Hostname] = map[string]any{"zone_id": domain.ZoneID, "min_tls": domain.MinTLS, "status": domain.Status}
	}
	return out
}

// ActivateCustomDomain makes a custom domain active, as if somebody had created its DNS
// record. It reports false if there is no such domain.
func (d Direct) ActivateCustomDomain(hostname string) bool {
	_, ok := d.store.ActivateCustomDomain(hostname)
	return ok
}

// DeleteCustomDomain deletes a custom domain. It reports false if there is no such
// domain.
func (d Direct) DeleteCustomDomain(hostname string) bool {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	_, ok := d.store.domains[hostname]
	delete(d.store.domains, hostname)
	return ok
}
