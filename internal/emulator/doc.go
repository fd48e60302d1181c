// Package emulator is a local Cloudflare AI Gateway: the part of the control
// plane that manages gateways and reads their logs, and the data plane that
// routes chat requests through them, behind one HTTP handler.
//
// It exists so that the provider can be tested, and tried out, without an
// account. It therefore knows nothing of Terraform and nothing of the
// provider's own client: what the two agree on is the wire, so that one checks
// the other.
//
// # Grades of knowledge
//
// Comments in this package say where a behaviour comes from:
//
//   - documented: Cloudflare's documentation, OpenAPI document or SDKs say so;
//   - observed live: someone recorded it on the real service;
//   - inferred: it follows from the framework that the service is built with
//     (chanfana and zod), or is a plain choice where nothing is known.
//
// Where sources disagree, the default is the more likely behaviour and a
// [Quirk] plays the other one.
//
// # Values
//
// Objects are held in the terms of the wire, as encoding/json decodes them:
// float64, string, bool, nil, []any and map[string]any. The service is written
// in JavaScript, so float64 is also what its own numbers are.
package emulator
