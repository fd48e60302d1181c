package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cmd/bench/schemafile"
)

// A server implements the calls that plan and apply make for resources. It has
// the other methods of the interface from a nil value: they panic.
type server struct {
	tfprotov6.ProviderServer

	schemas schemafile.Schemas
}

func (s server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schemas.Provider, nil
}

func (s server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return s.schemas.Identities, nil
}

func (server) ValidateProviderConfig(_ context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (server) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (server) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, nil
}

func (s server) UpgradeResourceIdentity(_ context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	typ := s.schemas.Identities.IdentitySchemas[req.TypeName].ValueType()
	identity, err := req.RawIdentity.Unmarshal(typ)
	if err != nil {
		return nil, err
	}
	data, err := identityData(typ, identity)
	return &tfprotov6.UpgradeResourceIdentityResponse{UpgradedIdentity: data}, err
}

func (server) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, NewIdentity: req.CurrentIdentity, Private: req.Private}, nil
}

func (s server) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned := req.ProposedNewState
	create, err := req.PriorState.IsNull()
	if err != nil {
		return nil, err
	}
	if create {
		planned, err = convert(planned, s.schemas.Provider.ResourceSchemas[req.TypeName], withUnknowns)
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: planned, PlannedIdentity: req.PriorIdentity, PlannedPrivate: req.PriorPrivate,
	}, err
}

func (s server) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp := &tfprotov6.ApplyResourceChangeResponse{NewState: req.PlannedState, Private: req.PlannedPrivate}
	destroy, err := req.PlannedState.IsNull()
	if err != nil || destroy {
		return resp, err
	}
	schema := s.schemas.Provider.ResourceSchemas[req.TypeName]
	if resp.NewState, err = convert(req.PlannedState, schema, withoutUnknowns); err != nil {
		return nil, err
	}
	if identity := s.schemas.Identities.IdentitySchemas[req.TypeName]; identity != nil {
		resp.NewIdentity, err = identify(resp.NewState, schema.ValueType(), identity.ValueType())
	}
	return resp, err
}

// identify returns the identity of a state, whose attributes have the names of
// attributes of the state.
func identify(state *tfprotov6.DynamicValue, stateType, identityType tftypes.Type) (*tfprotov6.ResourceIdentityData, error) {
	value, err := state.Unmarshal(stateType)
	if err != nil {
		return nil, err
	}
	var all map[string]tftypes.Value
	if err := value.As(&all); err != nil {
		return nil, err
	}
	object, ok := identityType.(tftypes.Object)
	if !ok {
		return nil, nil
	}
	identity := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		identity[name] = tftypes.NewValue(typ, nil)
		if v, ok := all[name]; ok && v.Type().Equal(typ) {
			identity[name] = v
		}
	}
	return identityData(identityType, tftypes.NewValue(identityType, identity))
}

func identityData(typ tftypes.Type, identity tftypes.Value) (*tfprotov6.ResourceIdentityData, error) {
	data, err := tfprotov6.NewDynamicValue(typ, identity)
	return &tfprotov6.ResourceIdentityData{IdentityData: &data}, err
}
