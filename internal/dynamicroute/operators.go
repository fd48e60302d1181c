package dynamicroute

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// operators are the query operators of MongoDB, in whose terms conditions are documented.
// Which of them the service knows is not documented.
var operators = []string{
	"$all", "$and", "$elemMatch", "$eq", "$exists", "$expr", "$gt", "$gte", "$in", "$lt", "$lte", "$mod", "$ne", "$nin", "$nor", "$not",
	"$options", "$or", "$regex", "$size", "$type",
}

// unknownOperators adds a warning for each operator of a condition that MongoDB does not
// have. The service may know it all the same, and accepts conditions without checking
// them (inferred).
func (c *checker) unknownOperators(id string, at path.Path, conditions string) {
	decoder := json.NewDecoder(strings.NewReader(conditions))
	decoder.UseNumber()
	var decoded any
	if decoder.Decode(&decoded) != nil {
		return // the type reports it
	}
	unknown := map[string]bool{}
	collectOperators(decoded, unknown)
	for _, known := range operators {
		delete(unknown, known)
	}
	for _, operator := range slices.Sorted(maps.Keys(unknown)) {
		c.add(finding{
			at: at, summary: "Unknown operator in a condition", grade: allowed,
			what: fmt.Sprintf("Element %q: conditions uses %q, which is not an operator of MongoDB.", id, operator),
			advice: fmt.Sprintf("Did you mean %q? If the service does not know the operator either, the condition may never be true, "+
				"without an error.", validate.Nearest(operator, operators)),
		})
	}
}

// collectOperators collects the keys that begin with "$", at every level.
func collectOperators(value any, found map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if strings.HasPrefix(key, "$") {
				found[key] = true
			}
			collectOperators(inner, found)
		}
	case []any:
		for _, inner := range value {
			collectOperators(inner, found)
		}
	}
}
