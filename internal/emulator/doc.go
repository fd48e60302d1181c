// Package emulator is a local Cloudflare AI Gateway behind one HTTP handler: the part of
// the control plane that manages gateways, their dynamic routes and their logs, and the
// data plane that routes requests to models through them.
//
// It makes it possible to test the provider, and to try it out, without an account. It
// knows nothing of Terraform and nothing of the provider's own client: they share only
// the wire, so that one checks the other.
//
// # Packages
//
// The server (this package) listens, injects faults and records requests. It routes a
// request to package controlplane, dataplane or status, which work over the state in
// package store. Below are settings (the tables of settings), quirk, wire (envelopes and JSON),
// trace (the steps of a request, for people), graph (drawings of routes), apischema
// (validation of requests), providerapi (the APIs of providers and the
// built-in model), conditions (the conditions of dynamic routes), and policies (their evaluation).
//
// # What is implemented
//
// Control plane, below /client/v4/accounts/{account}/ai-gateway/gateways: gateways with
// every setting; dynamic routes with their versions and deployments; logs with filters,
// search, order, edits, payloads and deletion; the URLs of providers; provider configs,
// which are stored keys; policies with drafts and simulations; custom domains. Beside it,
// custom providers and the credit balance; and below
// /client/v4/accounts/{account}/secrets_store, as much of the Secrets Store as stored
// keys need.
//
// Data plane, below /v1/{account}/{gateway}: compat/chat/completions, also with dynamic
// routes, compat/embeddings and compat/models; the paths of providers, where chat
// completions, responses, messages, embeddings, models, Gemini's generateContent and
// Workers AI have the shapes of their APIs, and all other paths a plain response, except
// those that begin with the same version twice; custom providers, which are contacted on
// this machine only; the universal endpoint, also with dynamic routes.
//
// An active custom domain serves the paths below its gateway: requests whose Host header
// is its hostname, wherever the emulator listens. The header [AccessIdentityHeader] is a
// credential there. A new domain is pending; [Direct.ActivateCustomDomain], or
// POST /emulator/custom-domains/{hostname}/activate with the token, stands for the DNS
// record that somebody creates.
//
// REST API, below /client/v4/accounts/{account}/ai: run, run/@cf/{model},
// v1/chat/completions, also with dynamic routes, v1/responses and v1/messages.
//
// All of these share stored keys, caching, rate limits, spend limits, policies, retries
// and timeouts, guardrails, data loss prevention, logs, and OpenTelemetry export to this
// machine. The header [AccessIdentityHeader] gives policies the caller, and CF-IPCountry
// the country. WebSockets, Logpush, Stripe and log classification are not
// implemented: their settings are stored and have no effect.
//
// GET / is the status page for people: what the emulator holds, and the last requests with
// the step that decided. It is not part of the service. On an address that only this
// machine can reach, it needs no token; see package status.
//
// # The built-in model
//
// The same model plays every provider: it repeats the prompt. A token is a word;
// prices are made up. Two things change how a request goes: models called emulator/…,
// which fail, wait or cut the connection (see providerapi/model.go), and marks in the
// text, [[guardrail:S1]], [[guardrail-response:S10]], [[dlp:PROFILE]] and
// [[dlp-response:PROFILE]], which guardrails and data loss prevention find (see
// dataplane/scan.go).
//
// Workers AI has the models of a built-in catalog (see providerapi/catalog.go) and those
// of Options.WorkersModels. Other providers have every model.
//
// The model says which key it was sent, stored or not, as a [KeyFingerprint]: "with key
// sha256:…". Every provider rejects keys that begin with [RejectedKey].
//
// A custom provider whose base_url leads to this machine is contacted, over https, with
// any certificate (and over http if a test put it there with PutCustomProvider). The
// model plays all others: nothing outside this machine is ever contacted.
//
// The emulator has one token, with every permission. A [Fault] with status 403 and code
// 10000 is what a token without Secrets Store Write gets for a provider config.
//
// # Grades of knowledge
//
// Comments say where a behavior is known from:
//
//   - documented: Cloudflare's documentation, OpenAPI document or SDKs;
//   - observed live: someone recorded it on the real service;
//   - inferred: it follows from the framework that the service is built with (chanfana
//     and zod), or is a plain choice where nothing is known.
//
// Where sources disagree, the default is the more likely behavior and a [Quirk]
// switches to the other one.
package emulator
