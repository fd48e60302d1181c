package cli

import (
	"os"
	"slices"
	"testing"
)

func TestCleanEnv(t *testing.T) {
	got := cleanEnv([]string{
		"HOME=/home/me", "PATH=/bin", "CHECKPOINT_DISABLE=", "TFOO=kept",
		"CLOUDFLARE_API_TOKEN=x", "CLOUDFLARE_ACCOUNT_ID=x", "CF_AIG_TOKEN=x", "AIGATEWAY_MAX_RETRIES=x",
		"TF_LOG=trace", "TF_VAR_name=x", "TF_CLI_CONFIG_FILE=/absent", "TF_CLI_ARGS=-no-color", "TF_ACC=1",
	}, "/tmp/cli.rc", "CLOUDFLARE_API_TOKEN=ours", "TF_INPUT=1")
	want := []string{
		"HOME=/home/me", "PATH=/bin", "TFOO=kept",
		"CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=/tmp/cli.rc", "TF_IN_AUTOMATION=1",
		"CLOUDFLARE_API_TOKEN=ours", "TF_INPUT=1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestCleanEnvWithoutConfigFile(t *testing.T) {
	if got := cleanEnv(nil, ""); !slices.Contains(got, "TF_CLI_CONFIG_FILE="+os.DevNull) {
		t.Errorf("the user's own configuration file would be read: %q", got)
	}
}
