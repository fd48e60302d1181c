// Package diagnostics turns errors of the client into diagnostics that say
// what failed, on which object, why, and what to do next.
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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/text"
)

// Subject is what an operation was about.
type Subject struct {
	// Verb and Object make the summary "Unable to create gateway".
	Verb, Object string
	// AccountID and ID name the object. ID is empty for lists.
	AccountID, ID string
	// GatewayID is the gateway that the object belongs to; empty if to none.
	GatewayID string
	// Permission is what the API token needs, where it is not the one for
	// reading or editing gateways.
	Permission string
	// ResourceType is the type to import the object as; empty if there is none.
	ResourceType string
	// Partly is whether requests of the same change may have been carried out
	// before the one that failed.
	Partly bool
	// ServerChoosesID is whether ID is only a name, which others may have too,
	// so that there is nothing to import by it.
	ServerChoosesID bool
	// Attributes are the attributes that set the fields of the request, by the
	// field's name on the wire, so that an error about a field shows at its
	// attribute. Secret attributes must not be here: the CLI prints the line
	// of the configuration that a diagnostic's path points to.
	Attributes map[string]path.Path
}

// Codes of the control plane that decide the advice.
const codeInvalidInput = 7001

// FromError is err as diagnostics about subject. Errors of the service about a
// field that an attribute sets stand at that attribute, each on its own.
func FromError(subject Subject, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	summary := "Unable to " + subject.Verb + " " + subject.Object
	var failed *client.Error
	if !errors.As(err, &failed) {
		diags.AddError(summary, subject.String()+": "+text.Sentence(err.Error()))
		return diags
	}
	detail := func(what string) string {
		return strings.Join([]string{subject.String() + ": " + text.Sentence(what), advice(subject, failed)}, "\n\n")
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

// String is the object as it stands at the start of a detail.
func (s Subject) String() string {
	where := "in account " + s.AccountID
	if s.GatewayID != "" {
		where = fmt.Sprintf("of gateway %q ", s.GatewayID) + where
	}
	switch {
	case s.ID != "":
		return fmt.Sprintf("%s %q %s", text.Capitalised(s.Object), s.ID, where)
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
	case errors.Is(err, client.ErrUnauthorized):
		why := "The API token is unknown to Cloudflare, expired, or lacks a permission."
		if err.Status == http.StatusForbidden {
			why = "The API token is not allowed to do this."
		}
		return why + " This needs a token with the permission " + permission + " on account " + s.AccountID +
			". The token comes from the provider's api_token or the environment variable CLOUDFLARE_API_TOKEN."
	case errors.Is(err, client.ErrAlreadyExists) && s.Verb == "create":
		return alreadyExists(s)
	case errors.Is(err, client.ErrAlreadyExists) && s.Partly:
		return "It contradicts what the service holds by now. Plan again, and see what has become of it."
	case errors.Is(err, client.ErrAlreadyExists):
		return "It contradicts what the service holds by now. Nothing was changed: plan again, and see what has become of it."
	case errors.Is(err, client.ErrNotFound):
		return "It does not exist (any more). If it was deleted outside Terraform, the next plan shows it as to be created."
	case errors.Is(err, client.ErrCouldNotRoute) && err.Status == http.StatusMethodNotAllowed:
		return "There is no such operation at this address. Check base_url (or CLOUDFLARE_BASE_URL), if it is set. " +
			"If it is right, the API has changed: please report it to the provider with this text."
	case errors.Is(err, client.ErrCouldNotRoute):
		return "Cloudflare knows no such path. Usually the account id is wrong, or the token belongs to another account; " +
			"check account_id (or CLOUDFLARE_ACCOUNT_ID) and, if it is set, base_url (or CLOUDFLARE_BASE_URL)."
	case errors.Is(err, client.ErrRateLimited):
		return "Cloudflare's API accepts 1,200 requests in five minutes from one user, and none for the next five minutes after that. " +
			"Wait and run it again; -parallelism=2 or a larger max_retries of the provider helps large configurations."
	case errors.Is(err, client.ErrOutcomeUnknown):
		return "Nobody can tell whether it was done. " + lookThenImport(s)
	case errors.Is(err, context.Canceled):
		return "The run was interrupted, and nothing is known to be wrong. Run it again: the next plan shows what there is."
	case errors.Is(err, client.ErrUnexpectedResponse):
		return "This is not an answer of Cloudflare's API. Check base_url (or CLOUDFLARE_BASE_URL) and any proxy in between. " +
			"If both are right, the API has changed: please report it to the provider with this text."
	case errors.Is(err, client.ErrUnavailable) && err.Status == 0:
		return "The service could not be reached. Check the network, any proxy in between, and base_url (or CLOUDFLARE_BASE_URL), " +
			"if it is set; then run it again. The provider's max_retries says how often it tries."
	case errors.Is(err, client.ErrUnavailable):
		return "Nothing is wrong with the configuration: the service failed. Run it again later; " +
			"Cloudflare's status page tells of disturbances. The provider's max_retries says how often it tries."
	case s.Verb == "create" && s.Object == "gateway" && err.HasCode(codeInvalidInput) && !anyField(err):
		return "The service named no field. If the account already has as many gateways as it may (10, or 20 on a paid plan), " +
			"delete one that is no longer used, or ask Cloudflare for more."
	case s.Verb == "read" || s.Verb == "list" || s.Verb == "delete":
		return "The service refused the request, and nothing was changed. If the text above does not say what to do, please report it " +
			"to the provider."
	default:
		what := "The service refused the request. Correct the values it names and apply again"
		if err.Note() == "" && !s.Partly {
			what += "; nothing was changed"
		}
		return what + "."
	}
}

func alreadyExists(s Subject) string {
	what := "An object of this name is there already, made outside this configuration or by an earlier run that was cut short. " +
		"Nothing was changed. "
	if s.Object == "gateway" && s.ID == "default" {
		what = "The service creates the gateway \"default\" by itself, with the first authenticated request that names it or names none. " +
			"Nothing was changed. "
	}
	if s.ResourceType == "" {
		return strings.TrimSpace(what)
	}
	return what + "If this was to replace an object and create_before_destroy is set, that object is in its own way: remove the setting. " +
		"Otherwise, to manage what is there, add this block, with the address of your resource, and apply again:\n\n" + importBlock(s)
}

func lookThenImport(s Subject) string {
	if s.Verb != "create" || s.ResourceType == "" {
		return "Run it again: the next plan shows what there is."
	}
	if s.ServerChoosesID {
		return "Names are not unique there, so running it again could make another one. Look at what there is " +
			"(the data source aigateway_gateways lists it), and if it was made, import it by the id that the server chose."
	}
	return "Run it again; if it then says that the object exists already, import it:\n\n" + importBlock(s)
}

func importBlock(s Subject) string {
	id := s.AccountID + "/" + s.ID
	if s.GatewayID != "" {
		id = s.AccountID + "/" + s.GatewayID + "/" + s.ID
	}
	return fmt.Sprintf("import {\n  to = %s.example\n  id = %q\n}", s.ResourceType, id)
}

func anyField(err *client.Error) bool {
	for _, item := range err.Items {
		if item.Field != "" {
			return true
		}
	}
	return false
}
