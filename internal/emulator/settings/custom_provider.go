package settings

import (
	"regexp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
)

// maxCustomHeaders is the maximum length of a custom provider's headers
// (documented).
const maxCustomHeaders = 8192

// slugPattern is the form of a slug: letters, digits and hyphens (documented).
var slugPattern = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// CustomField is a field of custom providers.
type CustomField struct {
	Name     string
	Schema   apischema.Schema
	Required bool
	// Newer fields cannot be edited under [quirk.CustomProviderPatchIgnores], and are not
	// shown under [quirk.CustomProviderHidesHeaders].
	Newer   bool
	Default any
}

// customFields is the table of fields, in the order of responses. Names, types,
// required fields and the defaults of enable and beta are documented. The
// documentation's samples show null for fields that are not set; for headers and
// position this is inferred. The schemas refuse null.
var customFields = []CustomField{
	{Name: "name", Schema: apischema.String{Min: 1}, Required: true},
	{Name: "slug", Schema: apischema.String{Min: 1, Pattern: slugPattern}, Required: true},
	{Name: "base_url", Schema: apischema.String{Min: 1}, Required: true},
	{Name: "description", Schema: text},
	{Name: "enable", Schema: boolean, Default: false},
	{Name: "beta", Schema: boolean, Default: false},
	{Name: "headers", Schema: apischema.String{Max: maxCustomHeaders}, Newer: true},
	{Name: "link", Schema: text},
	{Name: "curl_example", Schema: text},
	{Name: "js_example", Schema: text},
	{Name: "position", Schema: apischema.Integer(-apischema.NoMax, apischema.NoMax), Newer: true},
}

// CustomFields returns the table of fields, in the order of responses.
func CustomFields() []CustomField { return customFields }

// CustomCreateSchema returns the schema of the body that creates a custom
// provider.
func CustomCreateSchema() apischema.Object {
	var members apischema.Object
	for _, f := range customFields {
		members = append(members, apischema.Member{Name: f.Name, Schema: f.Schema, Optional: !f.Required})
	}
	return members
}

// CustomEditSchema returns the schema of the body that edits a custom provider, in
// which nothing is required. That it has every field is inferred: the
// documentation's list lacks headers and position, probably because it is older.
func CustomEditSchema(quirks quirk.Set) apischema.Object {
	var members apischema.Object
	for _, f := range customFields {
		if !f.Newer || !quirks[quirk.CustomProviderPatchIgnores] {
			members = append(members, apischema.Member{Name: f.Name, Schema: f.Schema, Optional: true})
		}
	}
	return members
}
