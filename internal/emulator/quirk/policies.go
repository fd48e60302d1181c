package quirk

// Quirks of policies.
const (
	// PoliciesLag puts changes of policies in force 15 minutes later, by the server's
	// clock: the documentation says that they can take so long. Responses of the control
	// plane show a change at once. Off: it is in force at once.
	PoliciesLag Quirk = "policies-lag"

	// PoliciesStayDrafts saves policies as drafts although a request asks to put them in
	// force, and says so in "committed". Off: they are in force. When the service does
	// so is not documented.
	PoliciesStayDrafts Quirk = "policies-stay-drafts"
)

// OfPolicies returns the quirks that can show in a policy.
func OfPolicies() []Quirk { return []Quirk{PoliciesLag, PoliciesStayDrafts} }
