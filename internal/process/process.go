// Package process prepares the provider's process before it serves: how much
// it logs and how much memory it uses.
package process
