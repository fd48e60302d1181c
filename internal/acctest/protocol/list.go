package protocol

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Query is what a list block says beside its config block.
type Query struct {
	// Limit is the most results that the core reads; 0 is Terraform's default of 100.
	Limit int64
	// IncludeResource is whether the whole resource is asked for.
	IncludeResource bool
}

// A Listed is a result of a list resource.
type Listed struct {
	DisplayName string
	Identity    map[string]any
	// Resource is nil unless it was asked for.
	Resource    map[string]any
	Diagnostics Diagnostics
}

// List validates and runs a list resource; config is as for [Value]. As the core does, it
// stops at the limit and at the first error, and it fails the test if a result lacks
// what the query needs. It returns the results and the diagnostics of validation and
// of all results.
func (s *Server) List(typeName string, config map[string]any, query Query) ([]Listed, Diagnostics) {
	s.t.Helper()
	lister, ok := s.server.(tfprotov6.ListResourceServer)
	schema := s.schema.ListResourceSchemas[typeName]
	if !ok || schema == nil {
		s.t.Fatalf("the provider has no list resource %s", typeName)
	}
	if query.Limit == 0 {
		query.Limit = 100
	}
	dynamic := s.dynamic(Value(s.t, schema.ValueType(), config))
	validated, err := lister.ValidateListResourceConfig(s.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: typeName, Config: dynamic,
	})
	must(s.t, err)
	diags := Diagnostics(validated.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	stream, err := lister.ListResource(s.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: dynamic, Limit: query.Limit, IncludeResource: query.IncludeResource,
	})
	must(s.t, err)
	var found []Listed
	for result := range stream.Results {
		if int64(len(found)) == query.Limit {
			s.t.Errorf("list resource %s: more results than the limit of %d", typeName, query.Limit)
			break
		}
		diags = append(diags, result.Diagnostics...)
		if Diagnostics(result.Diagnostics).HasError() {
			break
		}
		if len(result.Diagnostics) > 0 && result.Identity == nil {
			continue // the core skips such a result
		}
		found = append(found, s.listed(typeName, result, query))
	}
	return found, diags
}

func (s *Server) listed(typeName string, result tfprotov6.ListResourceResult, query Query) Listed {
	s.t.Helper()
	listed := Listed{DisplayName: result.DisplayName, Diagnostics: result.Diagnostics}
	if result.DisplayName == "" {
		s.t.Errorf("list resource %s: a result without a display name", typeName)
	}
	if result.Identity == nil || result.Identity.IdentityData == nil {
		s.t.Fatalf("list resource %s: the result %q has no identity", typeName, result.DisplayName)
	}
	identity := s.value(result.Identity.IdentityData, s.identities.IdentitySchemas[typeName].ValueType())
	for _, broken := range checkKnown(s.t, identity, "") {
		s.t.Errorf("list resource %s: invalid identity: %s", typeName, broken)
	}
	listed.Identity = Object(s.t, identity)
	if !query.IncludeResource {
		return listed
	}
	schema := s.schema.ResourceSchemas[typeName]
	resource := s.value(result.Resource, schema.ValueType())
	if resource.IsNull() {
		s.t.Errorf("list resource %s: the result %q has no resource", typeName, result.DisplayName)
		return listed
	}
	for _, broken := range append(checkKnown(s.t, resource, ""), checkWriteOnly(s.t, schema.Block.Attributes, resource, "")...) {
		s.t.Errorf("list resource %s: invalid resource: %s", typeName, broken)
	}
	listed.Resource = Object(s.t, resource)
	return listed
}
