// The official Anthropic SDK, through the REST API and Anthropic's own path.
import { all, answers, check, failure, finish, gateway, prompt, rest, token } from './harness.mjs';
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';

const body = { model: 'claude-opus-5', max_tokens: 100, messages: [{ role: 'user', content: prompt }] };
const named = { ...body, model: 'anthropic/claude-opus-5' };

const api = (options = {}) =>
  new Anthropic({
    apiKey: null, authToken: token, baseURL: rest, maxRetries: 0,
    defaultHeaders: { 'cf-aig-gateway-id': 'locked' }, ...options,
  });
const native = (options = {}) =>
  new Anthropic({
    apiKey: 'sk-of-my-own', authToken: null, baseURL: `${gateway('locked')}/anthropic`, maxRetries: 0,
    defaultHeaders: { 'cf-aig-authorization': `Bearer ${token}` }, ...options,
  });

function whole(message) {
  assert.equal(message.type, 'message');
  assert.equal(message.role, 'assistant');
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.content.length, 1);
  answers(message.content[0].text, 'anthropic', 'claude-opus-5');
  assert.equal(message.usage.input_tokens, prompt.split(' ').length);
  assert.ok(message.usage.output_tokens > 10);
}

for (const [way, client, request] of [['rest', api, named], ['pass-through', native, body]]) {
  check(`${way}: a message`, async () => {
    const { data, response } = await client().messages.create(request).withResponse();
    whole(data);
    assert.equal(response.headers.get('cf-aig-provider'), 'anthropic');
  });

  check(`${way}: a message from parts of text, cut short`, async () => {
    const message = await client().messages.create({
      ...request, max_tokens: 4, system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
    });
    assert.equal(message.stop_reason, 'max_tokens');
    assert.equal(message.usage.output_tokens, 4);
  });

  check(`${way}: the events of a stream`, async () => {
    const events = await all(await client().messages.create({ ...request, stream: true }));
    assert.deepEqual([...new Set(events.map((event) => event.type))], [
      'message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop',
    ]);
  });

  check(`${way}: the stream helper`, async () => {
    let text = '';
    const stream = client().messages.stream(request).on('text', (delta) => { text += delta; });
    const message = await stream.finalMessage();
    whole(message);
    assert.equal(text, message.content[0].text);
  });
}

check('rest: errors', async () => {
  await failure(api({ authToken: 'wrong' }).messages.create(named), Anthropic.APIError, { status: 401 });
  await failure(api().messages.create({ ...named, model: 'acme/claude' }), Anthropic.NotFoundError);
});

check('pass-through: errors of the gateway', async () => {
  const error = await failure(native({ defaultHeaders: {} }).messages.create(body), Anthropic.AuthenticationError);
  assert.equal(error.error.error[0].code, 2009);
  const open = native({ apiKey: null, baseURL: `${gateway('open')}/anthropic`, defaultHeaders: { 'x-api-key': null, authorization: null } });
  const missing = await failure(open.messages.create(body), Anthropic.AuthenticationError);
  assert.equal(missing.error.error.type, 'authentication_error');
});

check('pass-through: errors of the provider', async () => {
  const ask = (model) => native().messages.create({ ...body, model });
  let error = await failure(ask('emulator/status-429'), Anthropic.RateLimitError);
  assert.equal(error.error.error.type, 'rate_limit_error');
  error = await failure(ask('emulator/status-529'), Anthropic.InternalServerError, { status: 529 });
  assert.equal(error.error.error.type, 'overloaded_error');
  error = await failure(native().messages.create({ ...body, messages: [] }), Anthropic.BadRequestError);
  assert.equal(error.error.error.type, 'invalid_request_error');
});

check('pass-through: the retries of the SDK', async () => {
  const message = await native({ maxRetries: 2 }).messages.create({ ...body, model: 'emulator/flaky-1' });
  answers(message.content[0].text, 'anthropic', 'emulator/flaky-1');
});

check('pass-through: a connection breaks in a stream', async () => {
  await failure(native().messages.stream({ ...body, model: 'emulator/cut' }).finalMessage());
});

await finish();
