package diagnostics

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// longestPaths is how many bytes of the names of fields a warning quotes. The service
// chooses them.
const longestPaths = 500

// AddCarried adds warnings about fields that this version of the provider does not
// know, and that an update could not keep or kept unasked. The subject names the
// object, such as `gateway "production"`.
func AddCarried(subject string, carried client.Carried, diags *diag.Diagnostics) {
	for _, warning := range []struct {
		paths          []string
		summary, about string
	}{
		{
			carried.Appeared, "Settings that appeared since the last read",
			"The %s has settings that were added after this change was planned: %s. They were kept. The next plan shows them; add them to the " +
				"configuration to keep them.",
		},
		{
			carried.Masked, "Unknown fields were not sent back",
			"The %s has fields that this version of the provider does not know and that the service returns masked: %s. To send a mask back would " +
				"replace the value that it hides, so they were left out, and the service may have reset them. Check them, and set them again where they " +
				"were set. A newer version of the provider may know them.",
		},
		{
			carried.Refused, "The service did not take back unknown fields",
			"The %s had fields that this version of the provider does not know: %s. An update replaces the whole object, and the service refused " +
				"to take these fields back, so the update was sent without them, and they may be reset. Check them, and set them again where they " +
				"were set. A newer version of the provider may know them.",
		},
	} {
		if len(warning.paths) > 0 {
			diags.AddWarning(warning.summary, fmt.Sprintf(warning.about, subject, client.Printable(strings.Join(warning.paths, ", "), longestPaths)))
		}
	}
}
