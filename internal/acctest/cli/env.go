package cli

import (
	"os"
	"strings"
)

// foreign are the prefixes of the environment variables that would change what
// a CLI does, or that would let a test or the demo reach somebody's account.
var foreign = []string{"CLOUDFLARE_", "AIGATEWAY_", "CF_AIG_", "TF_"}

// Env returns the environment of this process, cleaned for a CLI: without the
// credentials and settings of the provider (CLOUDFLARE_…, AIGATEWAY_…,
// CF_AIG_…) and without settings of the CLI (TF_…), and with what keeps the CLI
// from asking questions, from calling home, and from reading the user's own
// configuration file. The CLI reads configFile instead, or an empty one if
// configFile is "". The extra "NAME=value" settings come last and win.
func Env(configFile string, extra ...string) []string {
	return cleanEnv(os.Environ(), configFile, extra...)
}

func cleanEnv(environ []string, configFile string, extra ...string) []string {
	if configFile == "" {
		configFile = os.DevNull
	}
	set := append([]string{
		"CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE=" + configFile,
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
	}, extra...)

	env := make([]string, 0, len(environ)+len(set))
	for _, kv := range environ {
		if !isForeign(kv) && !names(set, kv) {
			env = append(env, kv)
		}
	}
	for i, kv := range set {
		if !names(set[i+1:], kv) {
			env = append(env, kv)
		}
	}
	return env
}

func isForeign(kv string) bool {
	for _, prefix := range foreign {
		if strings.HasPrefix(kv, prefix) {
			return true
		}
	}
	return false
}

// names reports whether one of the settings has the name that kv has.
func names(settings []string, kv string) bool {
	name, _, _ := strings.Cut(kv, "=")
	for _, s := range settings {
		if strings.HasPrefix(s, name+"=") {
			return true
		}
	}
	return false
}
