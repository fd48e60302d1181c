package process

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLogLevels(t *testing.T) {
	all := func(level string) map[string]string {
		return map[string]string{
			"TF_LOG_PROVIDER_AIGATEWAY": level, "TF_LOG_SDK": level, "TF_LOG_SDK_PROTO": level, "TF_LOG_SDK_FRAMEWORK": level,
		}
	}
	for name, test := range map[string]struct{ env, want map[string]string }{
		"nothing":                {nil, all("OFF")},
		"TF_LOG":                 {map[string]string{"TF_LOG": "INFO"}, all("INFO")},
		"lower case":             {map[string]string{"TF_LOG": "debug"}, all("DEBUG")},
		"off":                    {map[string]string{"TF_LOG": "off"}, all("OFF")},
		"JSON":                   {map[string]string{"TF_LOG": "JSON"}, all("TRACE")},
		"json":                   {map[string]string{"TF_LOG": "json"}, all("TRACE")},
		"unknown word":           {map[string]string{"TF_LOG": "1"}, all("TRACE")},
		"TF_LOG_PROVIDER":        {map[string]string{"TF_LOG_PROVIDER": "WARN"}, all("WARN")},
		"TF_LOG_PROVIDER wins":   {map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "ERROR"}, all("ERROR")},
		"empty is unset":         {map[string]string{"TF_LOG": "DEBUG", "TF_LOG_PROVIDER": "", "TF_LOG_SDK": ""}, all("DEBUG")},
		"TF_LOG_CORE is another": {map[string]string{"TF_LOG_CORE": "TRACE"}, all("OFF")},
		"ours is set": {
			map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER_AIGATEWAY": "info"},
			map[string]string{"TF_LOG_SDK": "TRACE", "TF_LOG_SDK_PROTO": "TRACE", "TF_LOG_SDK_FRAMEWORK": "TRACE"},
		},
		"subsystems inherit from TF_LOG_SDK": {
			map[string]string{"TF_LOG": "TRACE", "TF_LOG_SDK": "warn"},
			map[string]string{"TF_LOG_PROVIDER_AIGATEWAY": "TRACE", "TF_LOG_SDK_PROTO": "warn", "TF_LOG_SDK_FRAMEWORK": "warn"},
		},
		"a subsystem is set": {
			map[string]string{"TF_LOG": "TRACE", "TF_LOG_SDK_PROTO": "off"},
			map[string]string{"TF_LOG_PROVIDER_AIGATEWAY": "TRACE", "TF_LOG_SDK": "TRACE", "TF_LOG_SDK_FRAMEWORK": "TRACE"},
		},
		"all are set": {
			map[string]string{"TF_LOG_PROVIDER_AIGATEWAY": "TRACE", "TF_LOG_SDK": "TRACE", "TF_LOG_SDK_PROTO": "TRACE", "TF_LOG_SDK_FRAMEWORK": "TRACE"},
			map[string]string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			for _, s := range logLevels("aigateway", func(name string) string { return test.env[name] }) {
				got[s.name] = s.value
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimitLogging(t *testing.T) {
	for _, name := range []string{envLogProvider, "TF_LOG_PROVIDER_AIGATEWAY", envSDKProto, envSDKFramework} {
		t.Setenv(name, "")
	}
	t.Setenv(envLog, "WARN")
	t.Setenv(envSDK, "ERROR")
	if err := LimitLogging("aigateway"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		envLog: "WARN", envLogProvider: "", "TF_LOG_PROVIDER_AIGATEWAY": "WARN",
		envSDK: "ERROR", envSDKProto: "ERROR", envSDKFramework: "ERROR",
	} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
