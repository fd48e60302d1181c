package policies

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// environment has the fields that conditions and actors can use. Their members have no
// fixed type, as metadata and custom claims have none.
var environment = sync.OnceValue(func() *cel.Env {
	fields := cel.MapType(cel.StringType, cel.DynType)
	env, err := cel.NewEnv(cel.Variable("cf", fields), cel.Variable("metadata", fields))
	if err != nil {
		panic(err) // of nothing that a request can change
	}
	return env
})

// fieldPattern matches the fields in braces of an actor. That each is an expression is
// inferred: the service reports syntax errors of actors as those of CEL.
var fieldPattern = regexp.MustCompile(`\{([^{}]*)\}`)

// CheckCondition returns what is wrong with a condition: its syntax, or that it returns
// no boolean.
func CheckCondition(condition string) error {
	ast, issues := environment().Compile(condition)
	if err := issues.Err(); err != nil {
		return fmt.Errorf("invalid CEL expression: %s", firstLine(err))
	}
	if kind := ast.OutputType(); !kind.IsExactType(cel.BoolType) && !kind.IsExactType(cel.DynType) {
		return fmt.Errorf("invalid CEL expression: it returns %s, not a boolean", kind)
	}
	return nil
}

// CheckActor returns what is wrong with the syntax of an actor.
func CheckActor(actor string) error {
	if strings.ContainsAny(fieldPattern.ReplaceAllString(actor, ""), "{}") {
		return fmt.Errorf("invalid actor: unbalanced braces in '%s'", actor)
	}
	for _, field := range fieldPattern.FindAllStringSubmatch(actor, -1) {
		if _, issues := environment().Compile(field[1]); issues.Err() != nil {
			return fmt.Errorf("invalid CEL expression in actor: %s", firstLine(issues.Err()))
		}
	}
	return nil
}

// firstLine leaves out where the error is, which takes several lines.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// evaluate evaluates a condition. It is not known if the request lacks a field that
// decides, or has another type there (the latter inferred).
func evaluate(condition string, fields map[string]any) (isTrue, known bool) {
	value, ok := valueOf(condition, fields)
	isTrue, isBool := value.(bool)
	return isTrue, ok && isBool
}

// resolveActor replaces the fields in an actor. It reports false if the request lacks
// one.
func resolveActor(actor string, fields map[string]any) (resolved string, ok bool) {
	ok = true
	resolved = fieldPattern.ReplaceAllStringFunc(actor, func(field string) string {
		value, found := valueOf(strings.Trim(field, "{}"), fields)
		if !found || value == nil {
			ok = false
			return field
		}
		return fmt.Sprint(value)
	})
	return resolved, ok
}

func valueOf(expression string, fields map[string]any) (any, bool) {
	env := environment()
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, false
	}
	program, err := env.Program(ast)
	if err != nil {
		return nil, false
	}
	variables := map[string]any{"cf": map[string]any{}, "metadata": map[string]any{}}
	for name := range variables {
		if members, ok := fields[name].(map[string]any); ok {
			variables[name] = members
		}
	}
	value, _, err := program.Eval(variables)
	if err != nil || types.IsUnknownOrError(value) {
		return nil, false
	}
	return value.Value(), true
}
