// What all scripts share. The test starts each script beside an emulator of its
// own and reads lines of JSON from its output: first the names of all checks,
// then one line for each of them.
import assert from 'node:assert/strict';

// Where the emulator is, and what it takes.
export const origin = process.env.STRANGERS_ORIGIN;
export const account = process.env.STRANGERS_ACCOUNT;
export const token = process.env.STRANGERS_TOKEN;

// The base URL of a gateway, and that of the REST API. The gateways are those
// that the test made: open, locked (which wants the token), cached, limited
// (one request a minute), guarded (which blocks S1 and S10), frugal (one dollar
// an hour) and discreet (which blocks what the DLP profile cards finds).
export const gateway = (id) => `${origin}/v1/${account}/${id}`;
export const control = `${origin}/client/v4`;
export const rest = `${control}/accounts/${account}/ai`;

// Clients know the address of the service, and some take no other. It leads to
// the emulator, and nothing leaves this machine.
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

// check adds a check, which fails when its function does.
export function check(name, run) {
  checks.push({ name, run });
}

// finish runs all checks in order. One that hangs fails, and so does one that
// ends the process, since the test misses its line.
export async function finish() {
  print({ checks: checks.map(({ name }) => name) });
  for (const { name, run } of checks) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('no end after 20 s')), 20_000);
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
  process.exit(0); // whatever a client still keeps open
}

// failure is the error with which a promise is rejected; it must be of the
// class and have the properties, if they are given.
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

// all collects what an asynchronous iterator yields.
export async function all(iterator) {
  const items = [];
  for await (const item of iterator) {
    items.push(item);
  }
  return items;
}

// prompt is a question, and answers tells whether a text is the emulator's
// answer to it: the built-in model repeats what it was asked.
export const prompt = 'Say the word kingfisher';

export function answers(text, provider, model) {
  // Where the request had a key, the answer names it by its hash.
  const plain = text.replace(/ with key sha256:[0-9a-f]{16}\./, ".");
  assert.equal(plain, `The emulator answers for provider "${provider}" and model "${model}". The prompt was: ${prompt}`);
}

// ask sends a plain request to a model, for checks that need a log.
export async function ask(id, model, { text = prompt, headers = {} } = {}) {
  const response = await fetch(`${gateway(id)}/compat/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-aig-authorization': `Bearer ${token}`, ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: text }] }),
  });
  await response.arrayBuffer();
  return response.headers.get('cf-aig-log-id');
}
