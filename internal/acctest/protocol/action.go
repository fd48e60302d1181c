package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ValidateAction validates the configuration of an action; config is as for [Value].
func (s *Server) ValidateAction(typeName string, config map[string]any) Diagnostics {
	s.t.Helper()
	validated, err := s.actions(typeName).ValidateActionConfig(s.t.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: typeName, Config: s.actionConfig(typeName, config),
	})
	must(s.t, err)
	return validated.Diagnostics
}

// PlanAction validates and plans an action.
func (s *Server) PlanAction(typeName string, config map[string]any) Diagnostics {
	s.t.Helper()
	diags := s.ValidateAction(typeName, config)
	if diags.HasError() {
		return diags
	}
	planned, err := s.actions(typeName).PlanAction(s.t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: typeName, Config: s.actionConfig(typeName, config),
	})
	must(s.t, err)
	return append(diags, planned.Diagnostics...)
}

// InvokeAction validates, plans and invokes an action. It returns the messages of its
// progress.
func (s *Server) InvokeAction(typeName string, config map[string]any) (progress []string, diags Diagnostics) {
	s.t.Helper()
	return s.InvokeActionContext(s.t.Context(), typeName, config)
}

// InvokeActionContext is like [Server.InvokeAction] with a context for the invocation.
func (s *Server) InvokeActionContext(ctx context.Context, typeName string, config map[string]any) (progress []string, diags Diagnostics) {
	s.t.Helper()
	if diags = s.PlanAction(typeName, config); diags.HasError() {
		return nil, diags
	}
	progress, invoked := s.InvokeUnvalidated(ctx, typeName, config)
	return progress, append(diags, invoked...)
}

// InvokeUnvalidated invokes an action whose configuration nobody has validated. Values that
// were unknown until the action is invoked are such.
func (s *Server) InvokeUnvalidated(ctx context.Context, typeName string, config map[string]any) (progress []string, diags Diagnostics) {
	s.t.Helper()
	stream, err := s.actions(typeName).InvokeAction(ctx, &tfprotov6.InvokeActionRequest{
		ActionType: typeName, Config: s.actionConfig(typeName, config),
	})
	must(s.t, err)
	completed := false
	for event := range stream.Events {
		if completed {
			s.t.Fatalf("action %s: an event after the last", typeName)
		}
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags, completed = append(diags, event.Diagnostics...), true
		}
	}
	if !completed {
		s.t.Errorf("action %s: no event says that it has ended", typeName)
	}
	return progress, diags
}

func (s *Server) actions(typeName string) tfprotov6.ActionServer {
	s.t.Helper()
	actions, ok := s.server.(tfprotov6.ActionServer)
	if !ok || s.schema.ActionSchemas[typeName] == nil {
		s.t.Fatalf("the provider has no action %s", typeName)
	}
	return actions
}

func (s *Server) actionConfig(typeName string, config map[string]any) *tfprotov6.DynamicValue {
	s.t.Helper()
	return s.dynamic(Value(s.t, s.schema.ActionSchemas[typeName].Schema.ValueType(), config))
}
