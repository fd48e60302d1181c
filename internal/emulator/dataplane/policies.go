package dataplane

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
)

const (
	// AccessIdentityHeader is the emulator's own: it plays a JWT that Cloudflare Access
	// has verified. Its value is a JSON object with the members id, email, groups and
	// custom.
	AccessIdentityHeader = "X-Emulator-Access-Identity"
	// countryHeader is the country of the request, which Cloudflare sets.
	countryHeader = "CF-IPCountry"
	// userIDKey is the key of metadata that the service reserves for the user whom
	// Access has verified (documented).
	userIDKey = "cf.user_id"
)

// accessIdentity is the caller whom Access has verified.
type accessIdentity struct {
	ID     string         `json:"id,omitempty"`
	Email  string         `json:"email,omitempty"`
	Groups []string       `json:"groups,omitempty"`
	Custom map[string]any `json:"custom,omitempty"`
}

// parseIdentity returns the caller whom Access has verified, nil if there is none.
func parseIdentity(header http.Header) *accessIdentity {
	var identity accessIdentity
	if text := header.Get(AccessIdentityHeader); text == "" || json.Unmarshal([]byte(text), &identity) != nil {
		return nil
	}
	return &identity
}

// fields returns what policies know about a request.
func (req request) fields() map[string]any {
	cf := map[string]any{}
	if country := req.header.Get(countryHeader); country != "" {
		cf["country"] = country
	}
	if identity := parseIdentity(req.header); identity != nil {
		user := map[string]any{}
		for name, value := range map[string]string{"id": identity.ID, "email": identity.Email} {
			if value != "" {
				user[name] = value
			}
		}
		if identity.Groups != nil {
			user["groups"] = identity.Groups
		}
		cf["user"] = user
		if identity.Custom != nil {
			cf["custom"] = identity.Custom
		}
	}
	return map[string]any{"cf": cf, "metadata": req.metadata}
}

// requirePolicies refuses a request that the policies of its gateway do not allow. It
// also returns what they say, so that the cost can be counted. The model of a dynamic
// route is checked when the route has found it (inferred).
func (p *Plane) requirePolicies(req request) (policies.Verdict, *refusal) {
	verdict, exhausted := p.store.EvaluatePolicies(req.account, req.gateway, policies.Request{
		Fields: req.fields(), Models: policyModels(req.provider, req.model.Model), Provider: req.provider,
	})
	switch {
	case verdict.Denied:
		return verdict, &refusal{status: http.StatusForbidden, message: "Access denied by policy", policy: &policyRefusal{}}
	case exhausted.Bucket != "":
		return verdict, &refusal{status: http.StatusTooManyRequests, message: "Spending limit exceeded", policy: &policyRefusal{
			Bucket: exhausted.Bucket, Spent: &exhausted.Spent, Limit: &exhausted.Limit,
		}}
	default:
		return verdict, nil
	}
}

// policyModels returns the names that policies have for a model: with the provider, and
// for Workers AI also without, as the catalog of models has them (inferred).
func policyModels(provider, model string) []string {
	names := []string{provider + "/" + model}
	if provider == providerapi.Workers || strings.HasPrefix(model, "@cf/") {
		names = append(names, model)
	}
	if provider == "google-ai-studio" {
		names = append(names, "google/"+model)
	}
	return names
}

// policyRefusal is what the error of a policy has besides a message.
type policyRefusal struct {
	Bucket string   `json:"bucket,omitempty"`
	Spent  *float64 `json:"spent,omitempty"`
	Limit  *float64 `json:"limit,omitempty"`
}

// body returns the body of the error, in which "error" is an object (documented).
func (r policyRefusal) body(message string) any {
	type details struct {
		Message string `json:"message"`
		policyRefusal
	}
	return struct {
		Success bool    `json:"success"`
		Error   details `json:"error"`
	}{false, details{message, r}}
}
