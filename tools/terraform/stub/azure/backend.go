// Package azure stands in for a state backend that our build of Terraform leaves out.
package azure

import "github.com/hashicorp/terraform/internal/backend"

// New panics: no test keeps state in this backend.
func New() backend.Backend { panic("the state backend azure is not in this build of Terraform") }
