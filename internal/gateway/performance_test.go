package gateway_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// benchmarked is a configured provider and one gateway that exists.
type benchmarked struct {
	server tfprotov6.ProviderServer
	typ    tftypes.Type
	state  attrs
}

func newBenchmarked(b *testing.B, config attrs) benchmarked {
	b.Helper()
	service := acctest.Emulate(b, emulator.Options{})
	gateway := service.Protocol(b, nil).Resource(resourceType)
	plan, diags := gateway.Plan(config)
	if diags = append(diags, gateway.Apply(plan)...); diags.HasError() {
		b.Fatal(diags)
	}
	server := providerserver.NewProtocol6(service.Provider()())()
	schemas, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(b, schemas.Provider.ValueType(), attrs{}),
	}); err != nil {
		b.Fatal(err)
	}
	return benchmarked{server, schemas.ResourceSchemas[resourceType].ValueType(), gateway.State()}
}

// dynamic converts a value to its form in the protocol; nil is null.
func dynamic(b *testing.B, typ tftypes.Type, value any) *tfprotov6.DynamicValue {
	b.Helper()
	converted, err := tfprotov6.NewDynamicValue(typ, protocol.Value(b, typ, value))
	if err != nil {
		b.Fatal(err)
	}
	return &converted
}

// BenchmarkProtocol measures what one gateway costs in a plan, by the requests
// of which a plan consists.
func BenchmarkProtocol(b *testing.B) {
	plain := with(attrs{"cache_ttl": int64(300)})
	for _, size := range []struct {
		name   string
		config attrs
	}{{"scalars", plain}, {"everything", with(everything.first)}} {
		bench := newBenchmarked(b, size.config)
		config := dynamic(b, bench.typ, size.config)
		state := dynamic(b, bench.typ, bench.state)
		edited := maps.Clone(size.config)
		edited["cache_ttl"] = int64(301)
		proposed := maps.Clone(bench.state)
		proposed["cache_ttl"] = int64(301)
		plans := map[string]*tfprotov6.PlanResourceChangeRequest{
			"create":    {Config: config, PriorState: dynamic(b, bench.typ, nil), ProposedNewState: config},
			"no change": {Config: config, PriorState: state, ProposedNewState: state},
			"change":    {Config: dynamic(b, bench.typ, edited), PriorState: state, ProposedNewState: dynamic(b, bench.typ, proposed)},
		}
		measure := func(name string, call func() ([]*tfprotov6.Diagnostic, error)) {
			b.Run(size.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if diags, err := call(); err != nil || protocol.Diagnostics(diags).HasError() {
						b.Fatal(err, protocol.Diagnostics(diags))
					}
				}
			})
		}
		for _, name := range []string{"create", "no change", "change"} {
			request := plans[name]
			request.TypeName = resourceType
			measure("plan/"+name, func() ([]*tfprotov6.Diagnostic, error) {
				resp, err := bench.server.PlanResourceChange(b.Context(), request)
				return resp.Diagnostics, err
			})
		}
		measure("validate", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := bench.server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{
				TypeName: resourceType, Config: config,
				ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
			})
			return resp.Diagnostics, err
		})
		stored, err := json.Marshal(bench.state)
		if err != nil {
			b.Fatal(err)
		}
		raw := &tfprotov6.RawState{JSON: stored}
		measure("upgrade", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := bench.server.UpgradeResourceState(b.Context(), &tfprotov6.UpgradeResourceStateRequest{
				TypeName: resourceType, RawState: raw,
			})
			return resp.Diagnostics, err
		})
		measure("read", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := bench.server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: resourceType, CurrentState: state})
			return resp.Diagnostics, err
		})
	}
}
