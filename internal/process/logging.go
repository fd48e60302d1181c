package process

import (
	"os"
	"strings"
)

// Variables that decide how much a provider logs. The CLI reads the first two
// to decide which log lines of a provider it keeps; the loggers of
// terraform-plugin-go and terraform-plugin-framework read the others.
const (
	envLog          = "TF_LOG"
	envLogProvider  = "TF_LOG_PROVIDER"
	envSDK          = "TF_LOG_SDK"
	envSDKProto     = "TF_LOG_SDK_PROTO"
	envSDKFramework = "TF_LOG_SDK_FRAMEWORK"
)

// LimitLogging makes the provider write only the log lines that the CLI keeps.
// Without it, the loggers write every line at TRACE, and the CLI parses and
// drops them, which costs a third of the CPU time of a plan. The typeName is
// that of the provider: the variable of its own logger ends in it.
//
// Variables that are set stay as they are. An empty variable counts as unset,
// as it does for the loggers.
func LimitLogging(typeName string) error {
	for _, s := range logLevels(typeName, os.Getenv) {
		if err := os.Setenv(s.name, s.value); err != nil {
			return err
		}
	}
	return nil
}

type setting struct{ name, value string }

// logLevels returns the variables to set.
func logLevels(typeName string, getenv func(string) string) []setting {
	var settings []setting
	// setDefault returns the value that the variable has in the end.
	setDefault := func(name, value string) string {
		if current := getenv(name); current != "" {
			return current
		}
		settings = append(settings, setting{name, value})
		return value
	}
	kept := keptLevel(getenv)
	setDefault(envLogProvider+"_"+strings.ToUpper(typeName), kept)
	// The two subsystems inherit the level of the SDK's root logger, but only
	// with a level of their own do they skip a line before they prepare it.
	sdk := setDefault(envSDK, kept)
	setDefault(envSDKProto, sdk)
	setDefault(envSDKFramework, sdk)
	return settings
}

// keptLevel returns the level from which the CLI keeps the log lines of
// providers. Like the CLI, it takes JSON and unknown words for TRACE.
func keptLevel(getenv func(string) string) string {
	level := getenv(envLogProvider)
	if level == "" {
		level = getenv(envLog)
	}
	switch level := strings.ToUpper(level); level {
	case "":
		return "OFF"
	case "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF":
		return level
	default:
		return "TRACE"
	}
}
