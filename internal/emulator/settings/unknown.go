package settings

import (
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
)

// Unknown is the setting of new gateways that no API document has, with
// [quirk.UnknownFields].
const Unknown = "emulator_unknown"

// UnknownDefault returns the value of [Unknown] in a new gateway.
func UnknownDefault() any {
	return map[string]any{"mode": "strict", "levels": []any{1.0, "two", nil}}
}

// unknownKeys returns the schema with what the quirks make of unknown keys.
func unknownKeys(quirks quirk.Set, schema apischema.Schema) apischema.Schema {
	switch {
	case quirks[quirk.StrictBodies]:
		return apischema.WithUnknown(schema, apischema.Refused)
	case quirks[quirk.UnknownFields]:
		return apischema.WithUnknown(schema, apischema.Kept)
	default:
		return schema
	}
}
