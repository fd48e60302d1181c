package status

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// comparisons are the operators of conditions that have a usual sign.
var comparisons = map[string]string{
	"$eq": "=", "$ne": "≠", "$gt": ">", "$gte": "≥", "$lt": "<", "$lte": "≤",
	"$in": "in", "$nin": "not in", "$regex": "matches",
}

// conditionText returns a condition as people write it: metadata.plan = "paid". What it
// does not understand stays JSON.
func conditionText(condition any) string {
	members, ok := condition.(map[string]any)
	if !ok {
		return compact(condition)
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		parts = append(parts, memberText(name, members[name]))
	}
	if len(parts) == 0 {
		return "always"
	}
	return strings.Join(parts, " and ")
}

func memberText(name string, operand any) string {
	switch name {
	case "$and", "$or":
		if list, ok := operand.([]any); ok && len(list) > 0 {
			var parts []string
			for _, item := range list {
				parts = append(parts, conditionText(item))
			}
			if len(parts) == 1 {
				return parts[0]
			}
			return "(" + strings.Join(parts, " "+strings.TrimPrefix(name, "$")+" ") + ")"
		}
	case "$not":
		return "not (" + conditionText(operand) + ")"
	}
	if strings.HasPrefix(name, "$") {
		return name + " " + compact(operand)
	}
	tests, ok := operand.(map[string]any)
	if !ok {
		return name + " = " + compact(operand)
	}
	var parts []string
	for _, operator := range slices.Sorted(maps.Keys(tests)) {
		sign, known := comparisons[operator]
		switch value := tests[operator]; {
		case known:
			parts = append(parts, name+" "+sign+" "+compact(value))
		case operator == "$exists" && value == true:
			parts = append(parts, name+" exists")
		case operator == "$exists" && value == false:
			parts = append(parts, name+" does not exist")
		default:
			return name + " " + compact(operand)
		}
	}
	if len(parts) == 0 {
		return name + " = {}"
	}
	return strings.Join(parts, " and ")
}

// compact returns a value as JSON on one line.
func compact(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // the template escapes
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSpace(b.String())
}
