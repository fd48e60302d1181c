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
// the URLs of providers; provider configs, which are stored keys. Beside it,
// custom providers and the credit balance; and below
// /client/v4/accounts/{account}/secrets_store as much of the Secrets Store as
// stored keys need.
//
// Data plane, below /v1/{account}/{gateway}: compat/chat/completions, also by
// dynamic routes; the own paths of providers, where chat completions, responses,
// messages, embeddings, models, Gemini's generateContent and Workers AI have the
// shapes of their APIs and all other paths a plain answer; custom providers,
// which are contacted on this machine only; the universal endpoint with its
// steps, which takes no dynamic routes.
//
// REST API, below /client/v4/accounts/{account}/ai: run, run/@cf/{model},
// v1/chat/completions, also by dynamic routes, v1/responses and v1/messages.
//
// All of these share stored keys, caching, rate limits, spend limits, retries and timeouts,
// guardrails, data loss prevention, logs and OpenTelemetry export, which goes to
// this machine only. WebSockets, policies, Logpush, Stripe and log
// classification are not played: their settings are kept and do nothing.
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
// The model says which key it was sent, stored or not, as [KeyFingerprint]s: "with
// key sha256:…". A key that begins with [RejectedKey] is rejected by every
// provider.
//
// A custom provider whose base_url leads to this machine is really asked, over
// https (over http too where a test put it there by [Server.PutCustomProvider]),
// whatever its certificate; all others are answered for by the model, and nothing
// outside this machine is ever contacted.
//
// The emulator has one token, with every permission. What a token without
// Secrets Store Write gets for a provider config is played by a [Fault] with
// status 403 and code 10000.
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
