// Package emulator is a local Cloudflare AI Gateway: the part of the control
// plane that manages gateways, their dynamic routes and their logs, and the data
// plane that routes requests to models through them, behind one HTTP handler.
//
// It exists so that the provider can be tested, and tried out, without an
// account. It therefore knows nothing of Terraform and nothing of the
// provider's own client: what the two agree on is the wire, so that one checks
// the other.
//
// # What is played
//
// Control plane, below /client/v4/accounts/{account}/ai-gateway/gateways:
// gateways with every setting; dynamic routes with their versions and
// deployments; logs with filters, search, order, edits, payloads and deletion;
// the URLs of providers.
//
// Data plane, below /v1/{account}/{gateway}: compat/chat/completions; the own
// paths of providers, where chat completions, responses, messages, embeddings,
// models, Gemini's generateContent and Workers AI have the shapes of their APIs
// and all other paths a plain answer; the universal endpoint with its steps.
//
// REST API, below /client/v4/accounts/{account}/ai: run, run/@cf/{model},
// v1/chat/completions, v1/responses and v1/messages.
//
// All of these share caching, rate limits, spend limits, retries and timeouts,
// guardrails, data loss prevention, logs and OpenTelemetry export, which goes to
// this machine only. WebSockets, stored keys, custom providers, policies,
// Logpush, Stripe and log classification are not played: their settings are kept
// and do nothing.
//
// # The built-in model
//
// Every provider answers with the same model, which repeats what it was asked.
// A token is a word; prices are made up. Two things make a request go another
// way: models called emulator/…, which fail, dawdle or cut the connection (see
// model.go), and marks in its text, [[guardrail:S1]],
// [[guardrail-response:S10]], [[dlp:PROFILE]] and [[dlp-response:PROFILE]],
// which are found by guardrails and data loss prevention (see guard.go).
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
