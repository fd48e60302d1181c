// Package diagnostics converts errors of the client to diagnostics that say what
// failed, on which object, why, and what to do next.
package diagnostics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// A Subject describes the operation that failed.
type Subject struct {
	// Verb and Object make the summary, such as "Unable to create gateway".
	Verb, Object string
	// AccountID and ID name the object. ID is empty for lists.
	AccountID, ID string
	// GatewayID names the gateway that the object belongs to, if it belongs to one.
	GatewayID string
	// Contents names what the gateway holds, such as "routes", in the error about a
	// gateway that does not exist.
	Contents string
	// Permission is the permission that the API token needs, if it is not the one to
	// read or edit gateways.
	Permission string
	// ResourceType is the type that the object can be imported as, if there is one.
	ResourceType string
	// ImportHint ends the error about an import of an object that does not exist: how to
	// find the import ID.
	ImportHint string
	// Partly reports whether earlier requests of the same change may have changed
	// something.
	Partly bool
	// ServerChoosesID reports whether ID is a name that several objects may have, so
	// that the object cannot be imported by it.
	ServerChoosesID bool
	// ImportedByID reports whether the object is imported by an ID that the server
	// chooses. The error about an object that already exists then names it.
	ImportedByID bool
	// Attributes maps fields of the request body to the attributes that set them, so
	// that an error about a field is reported at its attribute. Secret attributes
	// must not be here: the CLI prints the line of the configuration that the path of
	// a diagnostic points to.
	Attributes map[string]path.Path
}

// codeInvalidInput is the control plane's code for invalid input. The service also
// sends it when an account has too many gateways.
const codeInvalidInput = 7001

// codeInvalidHeaders is the code of Cloudflare's edge for a token in a format that no
// token has.
const codeInvalidHeaders = 6003

// FromError converts err to diagnostics about subject. Each error about a field that
// an attribute sets becomes a diagnostic at that attribute.
func FromError(subject Subject, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	if subject.GatewayID != "" && errors.Is(err, client.ErrGatewayNotFound) {
		AddGatewayNotFound(path.Root("gateway_id"), subject.AccountID, subject.GatewayID, subject.Contents, &diags)
		return diags
	}
	summary := "Unable to " + subject.Verb + " " + subject.Object
	var failed *client.Error
	if !errors.As(err, &failed) {
		diags.AddError(summary, subject.String()+": "+Sentence(err.Error()))
		return diags
	}
	detail := func(what string) string {
		return strings.Join([]string{subject.String() + ": " + Sentence(what), advice(subject, failed)}, "\n\n")
	}
	var unplaced []client.ErrorItem
	for _, item := range failed.Items {
		attribute, ok := subject.Attributes[item.Field]
		if !ok {
			unplaced = append(unplaced, item)
			continue
		}
		what := item.String()
		if note := failed.Note(); note != "" {
			what += "; " + note
		}
		diags.AddAttributeError(attribute, summary, detail(what))
	}
	if len(unplaced) > 0 || len(failed.Items) == 0 {
		diags.AddError(summary, detail(failed.Error()))
	}
	return diags
}

// AddGatewayNotFound adds the error that a gateway does not exist, at the attribute
// that names the gateway, or without a path if it is empty. Contents names what was to
// be read or created in the gateway, such as "routes".
func AddGatewayNotFound(at path.Path, accountID, gatewayID, contents string, diags *diag.Diagnostics) {
	AddAt(at, "Gateway not found", fmt.Sprintf(
		"Account %s has no gateway %q, and therefore no %s in it. Check the ID of the gateway and the account (account_id here or of the "+
			"provider, or CLOUDFLARE_ACCOUNT_ID). The data source aigateway_gateways lists the gateways of an account. Deleting a gateway "+
			"deletes its %[3]s as well.", accountID, gatewayID, contents),
		"If this configuration creates the gateway, refer to the id attribute of the resource.", diags)
}

// AddAt adds an error at an attribute, with advice about the configuration. If the
// path is empty, as for imports, it adds the error without path and advice.
func AddAt(at path.Path, summary, detail, advice string, diags *diag.Diagnostics) {
	if at.Equal(path.Empty()) {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(at, summary, detail+" "+advice)
}

// String returns the object as the beginning of a detail.
func (s Subject) String() string {
	where := "in account " + s.AccountID
	if s.GatewayID != "" {
		where = fmt.Sprintf("of gateway %q ", s.GatewayID) + where
	}
	switch {
	case s.ID != "":
		return fmt.Sprintf("%s %q %s", Capitalize(s.Object), s.ID, where)
	case s.GatewayID != "":
		return fmt.Sprintf("Gateway %q in account %s", s.GatewayID, s.AccountID)
	default:
		return "Account " + s.AccountID
	}
}

func advice(s Subject, err *client.Error) string {
	permission := s.Permission
	switch {
	case permission != "":
	case s.Verb == "read" || s.Verb == "list":
		permission = "AI Gateway Read"
	default:
		permission = "AI Gateway Edit"
	}
	switch {
	case s.Verb == "create" && s.Object == "gateway" && err.Says("max number of gateways"):
		// The dashboard's text; status and code of the API are not known.
		return "The account has reached its maximum number of gateways (10, or 20 on a paid plan): delete a gateway that is no longer used, " +
			"or ask Cloudflare for a higher limit. Nothing was changed."
	case errors.Is(err, client.ErrUnauthorized) && err.HasCode(codeInvalidHeaders):
		return "Cloudflare cannot read the API token. Usually it is a Global API Key, which is not an API token, or it was not copied whole. " +
			"Create a token in the dashboard under My Profile, API Tokens, with the permission " + permission + " on account " + s.AccountID +
			", and set it as the provider's api_token or the environment variable CLOUDFLARE_API_TOKEN. The provider does not use Global API Keys."
	case errors.Is(err, client.ErrUnauthorized):
		why := "The API token is unknown to Cloudflare or expired, or it lacks a permission."
		if err.Status == http.StatusForbidden {
			why = "The API token is not allowed to do this."
		}
		return why + " This needs a token with the permission " + permission + " on account " + s.AccountID +
			". The token comes from the provider's api_token or the environment variable CLOUDFLARE_API_TOKEN."
	case errors.Is(err, client.ErrAlreadyExists) && s.Verb == "create":
		return alreadyExists(s, err)
	case errors.Is(err, client.ErrAlreadyExists) && s.Partly:
		return "The change conflicts with another object. Plan again to see the current state."
	case errors.Is(err, client.ErrAlreadyExists):
		return "The change conflicts with another object. Nothing was changed. Plan again to see the current state."
	case errors.Is(err, client.ErrNotFound):
		return "The object does not exist. If it was deleted outside Terraform, the next plan creates it again."
	case errors.Is(err, client.ErrCouldNotRoute) && err.Status == http.StatusMethodNotAllowed:
		return "The API at this address does not have this operation. Check base_url (or CLOUDFLARE_BASE_URL), if it is set. " +
			"If it is correct, the API has changed: please report this error to the provider."
	case errors.Is(err, client.ErrNoBasePath):
		return "The base URL (base_url of the provider, or CLOUDFLARE_BASE_URL) has no path, and the server does not have the API at its root. " +
			"Cloudflare's API is below /client/v4. Add the path to the base URL, as in https://proxy.example.com/client/v4."
	case errors.Is(err, client.ErrCouldNotRoute):
		return "Cloudflare's API does not have this path. Usually the account ID is wrong, or the token belongs to another account. " +
			"Check account_id (or CLOUDFLARE_ACCOUNT_ID) and, if it is set, base_url (or CLOUDFLARE_BASE_URL)."
	case errors.Is(err, client.ErrRateLimited):
		return "Cloudflare's API accepts 1,200 requests per user in five minutes, and blocks the user for the next five minutes after that. " +
			"Wait five minutes and run it again. For large configurations, use a lower -parallelism, such as -parallelism=2."
	case errors.Is(err, client.ErrOutcomeUnknown):
		return "The request may or may not have been applied. " + lookThenImport(s)
	case errors.Is(err, client.ErrOtherObject):
		return "A proxy or a cache between here and the service may return the response to another request. Nothing of this response was " +
			"used. Check base_url (or CLOUDFLARE_BASE_URL) and any proxy in between, then run it again."
	case errors.Is(err, context.Canceled):
		return "The run was interrupted. Run it again: the next plan shows the current state."
	case errors.Is(err, client.ErrUnexpectedResponse):
		return "This is not a response of Cloudflare's API. Check base_url (or CLOUDFLARE_BASE_URL) and any proxy in between. " +
			"If both are correct, the API has changed: please report this error to the provider."
	case errors.Is(err, client.ErrUnavailable) && err.Status == 0:
		return "The service could not be reached. Check the network, any proxy in between, and base_url (or CLOUDFLARE_BASE_URL), " +
			"if it is set. Then run it again. The provider's max_retries sets how often a request is retried."
	case errors.Is(err, client.ErrUnavailable):
		return "The service failed; the configuration is not the cause. Run it again later, and check Cloudflare's status page. " +
			"The provider's max_retries sets how often a request is retried."
	case s.Verb == "create" && s.Object == "gateway" && err.HasCode(codeInvalidInput) && !anyField(err):
		return "The service did not name a field. The account may have reached its maximum number of gateways (10, or 20 on a paid plan): " +
			"delete a gateway that is no longer used, or ask Cloudflare for a higher limit."
	case s.Verb == "read" || s.Verb == "list" || s.Verb == "delete":
		return "The service refused the request. Nothing was changed. If the message above does not help, please report it to the provider."
	default:
		what := "The service refused the request. Correct the values that it names and apply again."
		if err.Note() == "" && !s.Partly {
			what += " Nothing was changed."
		}
		return what
	}
}

func alreadyExists(s Subject, err *client.Error) string {
	isDefault := s.Object == "gateway" && s.ID == "default"
	if err.CreatedDuringRun() && !isDefault {
		what := "A " + s.Object + " of this name was created while this run was under way, probably by another resource of this configuration " +
			"that has the same name. Nothing was changed. Give each of them a name of its own, or remove one: two resources cannot manage one object."
		if s.ResourceType == "" {
			return what
		}
		return what + " Only if no other resource has this name, add this block with the address of your resource, and apply again:\n\n" + importBlock(s)
	}
	what := "A " + s.Object + " of this name already exists. It was created outside this configuration, by an earlier run that was " +
		"interrupted, or by another resource of this configuration that has the same name: then give one of them another name. " +
		"Nothing was changed."
	if isDefault {
		what = "The service creates the gateway \"default\" itself, with the first authenticated request that names it or no gateway. " +
			"Nothing was changed."
	}
	if s.ResourceType == "" {
		return what
	}
	return what + " If this apply replaces an object and create_before_destroy is set, the old object is in the way: remove the setting. " +
		"Otherwise, to manage the existing object, add this block with the address of your resource, and apply again:\n\n" + importBlock(s)
}

func lookThenImport(s Subject) string {
	if s.Verb != "create" || s.ResourceType == "" {
		return "Run it again: the next plan shows the current state."
	}
	if s.ServerChoosesID {
		return "The " + s.Object + " may exist without being in state. Names are not unique on this server, so running it again may create " +
			"a second object. Check whether it exists " +
			"(the data source aigateway_gateways lists the gateways). If it does, import it by the ID that the server assigned."
	}
	const rerun = " may exist without being in state. Run it again. If it then reports that the object already exists, "
	if s.ImportedByID {
		return "The " + s.Object + rerun + "the error says how to import it."
	}
	return "The " + s.Object + rerun + "import it:\n\n" + importBlock(s)
}

func importBlock(s Subject) string {
	id := s.AccountID + "/" + s.ID
	if s.GatewayID != "" {
		id = s.AccountID + "/" + s.GatewayID + "/" + s.ID
	}
	return ImportBlock(s.ResourceType, id)
}

// ImportBlock returns the block that imports an object.
func ImportBlock(resourceType, id string) string {
	return fmt.Sprintf("import {\n  to = %s.example\n  id = %q\n}", resourceType, id)
}

func anyField(err *client.Error) bool {
	for _, item := range err.Items {
		if item.Field != "" {
			return true
		}
	}
	return false
}
