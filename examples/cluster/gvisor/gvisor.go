//go:build tools

// Package gvisor says which gVisor is built, and so which modules that takes.
package gvisor

import _ "gvisor.dev/gvisor/runsc"
