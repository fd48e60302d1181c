//go:build !linux

// Package memory measures how much memory processes use.
package memory

// Watch returns 0, for unknown, where there is no /proc.
func Watch(string) (stop func() int64) { return func() int64 { return 0 } }
