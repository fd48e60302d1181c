// Package process prepares and runs the provider's process: how much it logs,
// how much memory it uses, and how it ends.
package process
