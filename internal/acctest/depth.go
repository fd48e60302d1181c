package acctest

import "os"

// Deep reports whether tests of many combinations try all of them, which
// AIGATEWAY_TEST_DEPTH=full asks for. Otherwise they try the extremes, which is
// enough while something is being written.
func Deep() bool { return depth() == "full" || Exhaustive() }

// Exhaustive reports whether a test of very many combinations tries all of them, which
// AIGATEWAY_TEST_DEPTH=all asks for. That takes minutes.
func Exhaustive() bool { return depth() == "all" }

func depth() string { return os.Getenv("AIGATEWAY_TEST_DEPTH") }
