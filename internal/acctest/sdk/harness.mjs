// Shared by all scripts. The Go test starts each script with an emulator of its
// own and reads JSON lines from its output: first the names of all checks, then
// one line for each result.
import assert from 'node:assert/strict';

// The emulator's address, account and token.
export const origin = process.env.EMULATOR_ORIGIN;
export const account = process.env.EMULATOR_ACCOUNT;
export const token = process.env.EMULATOR_TOKEN;

// The base URLs of a gateway and of the REST API. The Go test creates these
// gateways: open, locked (requires the token), cached, limited (one request a
// minute), guarded (blocks S1 and S10), frugal (one dollar an hour) and discreet
// (blocks matches of the DLP profile cards).
export const gateway = (id) => `${origin}/v1/${account}/${id}`;
export const control = `${origin}/client/v4`;
export const rest = `${control}/accounts/${account}/ai`;

// Some SDKs accept no base URL. Redirect the service's address to the emulator, and
// let no request leave this machine.
const service = 'https://gateway.ai.cloudflare.com/';
const fetchAnything = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (url.startsWith(service)) {
    return fetchAnything(`${origin}/${url.slice(service.length)}`, init);
  }
  if (!url.startsWith(`${origin}/`)) {
    throw new Error(`a request to ${url} would leave this machine`);
  }
  return fetchAnything(input, init);
};

const checks = [];

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

// check registers a check, which fails if its function throws.
export function check(name, run) {
  checks.push({ name, run });
}

// finish runs all checks in order. A check that hangs fails after 20 s. A check that
// ends the process fails too, since the Go test misses its result.
export async function finish() {
  print({ checks: checks.map(({ name }) => name) });
  for (const { name, run } of checks) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('timed out after 20 s')), 20_000);
    });
    const result = { name, ok: true, detail: '' };
    try {
      await Promise.race([run(), late]);
    } catch (error) {
      result.ok = false;
      result.detail = String(error?.stack ?? error);
    }
    clearTimeout(timer);
    print(result);
  }
  process.exit(0); // even if a client keeps connections open
}

// failure returns the error that rejects a promise. It asserts the error's class
// and properties, if they are given.
export async function failure(promise, type = Error, properties = {}) {
  let error;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error, 'no error');
  assert.ok(error instanceof type, `want ${type.name}, got ${error.name}: ${error.stack}`);
  for (const [name, value] of Object.entries(properties)) {
    assert.deepEqual(error[name], value, `${name} of ${error.stack}`);
  }
  return error;
}

// all collects the values of an asynchronous iterator.
export async function all(iterator) {
  const items = [];
  for await (const item of iterator) {
    items.push(item);
  }
  return items;
}

// answers asserts that a text is the emulator's reply to prompt: the built-in model
// repeats the prompt.
export const prompt = 'Say the word kingfisher';

export function answers(text, provider, model) {
  // If the request had a key, the reply names its hash.
  const plain = text.replace(/ with key sha256:[0-9a-f]{16}\./, ".");
  assert.equal(plain, `The emulator answers for provider "${provider}" and model "${model}". The prompt was: ${prompt}`);
}

// ask sends a request to a model and returns its log ID.
export async function ask(id, model, { text = prompt, headers = {} } = {}) {
  const response = await fetch(`${gateway(id)}/compat/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-aig-authorization': `Bearer ${token}`, ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: text }] }),
  });
  await response.arrayBuffer();
  return response.headers.get('cf-aig-log-id');
}
