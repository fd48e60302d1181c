package acctest

import "os"

// Deep reports whether tests of many combinations try all of them, which
// AIGATEWAY_TEST_DEPTH=full asks for. Otherwise they try the extremes, which is
// enough while something is being written.
func Deep() bool { return os.Getenv("AIGATEWAY_TEST_DEPTH") == "full" }
