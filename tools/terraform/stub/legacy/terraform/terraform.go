// Package terraform stands in for a package that only the left-out backends use.
package terraform
