// The official OpenAI SDK, by all three paths into a gateway.
import { account, all, answers, check, control, failure, finish, gateway, prompt, rest, token } from './harness.mjs';
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const messages = [{ role: 'user', content: prompt }];
const words = prompt.split(' ').length;

// As documented, the Cloudflare token is the API key.
const compat = (id = 'locked', options = {}) =>
  new OpenAI({ apiKey: token, baseURL: `${gateway(id)}/compat`, maxRetries: 0, ...options });
const api = (options = {}) =>
  new OpenAI({
    apiKey: token, baseURL: `${rest}/v1`, maxRetries: 0, defaultHeaders: { 'cf-aig-gateway-id': 'locked' }, ...options,
  });
const native = (options = {}) =>
  new OpenAI({
    apiKey: 'sk-of-my-own', baseURL: `${gateway('locked')}/openai`, maxRetries: 0,
    defaultHeaders: { 'cf-aig-authorization': `Bearer ${token}` }, ...options,
  });

function whole(completion, provider, model) {
  assert.equal(completion.object, 'chat.completion');
  assert.equal(completion.model, model);
  assert.equal(completion.choices.length, 1);
  const [choice] = completion.choices;
  assert.equal(choice.finish_reason, 'stop');
  assert.equal(choice.message.role, 'assistant');
  answers(choice.message.content, provider, model);
  assert.equal(completion.usage.prompt_tokens, words);
  assert.equal(completion.usage.total_tokens, words + completion.usage.completion_tokens);
}

async function streamed(client, body, provider, model) {
  const chunks = await all(await client.chat.completions.create({
    ...body, messages, stream: true, stream_options: { include_usage: true },
  }));
  assert.ok(chunks.length > 10, `only ${chunks.length} chunks`);
  assert.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk' && chunk.id === chunks[0].id));
  answers(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), provider, model);
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean), ['stop']);
  assert.equal(chunks.at(-1).usage.prompt_tokens, words);
}

// --- compat --------------------------------------------------------------------

check('compat: a chat completion', async () => {
  const { data, response } = await compat().chat.completions
    .create({ model: 'openai/gpt-5.2', messages }).withResponse();
  whole(data, 'openai', 'gpt-5.2');
  assert.equal(response.headers.get('cf-aig-provider'), 'openai');
  assert.equal(response.headers.get('cf-aig-model'), 'gpt-5.2');
  assert.equal(response.headers.get('cf-aig-step'), '0');
  assert.match(response.headers.get('cf-aig-log-id'), /^[0-9a-f-]{36}$/);
});

check('compat: models of other providers', async () => {
  for (const [model, provider, name] of [
    ['anthropic/claude-opus-5', 'anthropic', 'claude-opus-5'],
    ['google-ai-studio/gemini-3-pro', 'google-ai-studio', 'gemini-3-pro'],
    ['workers-ai/@cf/meta/llama-3.1-8b-instruct', 'workers-ai', '@cf/meta/llama-3.1-8b-instruct'],
  ]) {
    whole(await compat().chat.completions.create({ model, messages }), provider, name);
  }
});

check('compat: a stream', () => streamed(compat(), { model: 'openai/gpt-5.2' }, 'openai', 'gpt-5.2'));

check('compat: the stream helper', async () => {
  let text = '';
  const stream = compat().chat.completions.stream({ model: 'openai/gpt-5.2', messages });
  stream.on('content', (delta) => { text += delta; });
  const final = await stream.finalChatCompletion();
  answers(final.choices[0].message.content, 'openai', 'gpt-5.2');
  assert.equal(text, final.choices[0].message.content);
});

check('compat: parts of text and a limit on tokens', async () => {
  const { choices, usage } = await compat().chat.completions.create({
    model: 'openai/gpt-5.2', max_completion_tokens: 5,
    messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: prompt }] }],
  });
  assert.equal(choices[0].finish_reason, 'length');
  assert.equal(usage.completion_tokens, 5);
});

check('compat: the cache', async () => {
  const client = compat('cached');
  const body = { model: 'openai/gpt-5.2', messages };
  const first = await client.chat.completions.create(body).withResponse();
  const second = await client.chat.completions.create(body).withResponse();
  assert.equal(first.response.headers.get('cf-aig-cache-status'), 'MISS');
  assert.equal(second.response.headers.get('cf-aig-cache-status'), 'HIT');
  assert.deepEqual(second.data, first.data);
  const skipped = await client.chat.completions
    .create(body, { headers: { 'cf-aig-skip-cache': 'true' } }).withResponse();
  assert.equal(skipped.response.headers.get('cf-aig-cache-status'), 'MISS');
});

check('compat: a wrong token is an AuthenticationError', async () => {
  const error = await failure(
    compat('locked', { apiKey: 'wrong' }).chat.completions.create({ model: 'openai/gpt-5.2', messages }),
    OpenAI.AuthenticationError, { status: 401 },
  );
  assert.equal(error.error[0].code, 2009);
});

check('compat: a missing gateway and a bad model are BadRequestErrors', async () => {
  let error = await failure(
    compat('nowhere').chat.completions.create({ model: 'openai/gpt-5.2', messages }), OpenAI.BadRequestError,
  );
  assert.equal(error.error[0].code, 2001);
  error = await failure(compat().chat.completions.create({ model: 'gpt-5.2', messages }), OpenAI.BadRequestError);
  assert.equal(error.error[0].code, 2019);
  error = await failure(compat().chat.completions.create({ model: 'acme/gpt-5.2', messages }), OpenAI.BadRequestError);
  assert.equal(error.error[0].code, 2008);
});

check('compat: the rate limit is a RateLimitError', async () => {
  const body = { model: 'openai/gpt-5.2', messages };
  await compat('limited').chat.completions.create(body);
  const error = await failure(compat('limited').chat.completions.create(body), OpenAI.RateLimitError, { status: 429 });
  assert.equal(error.error[0].code, 2003);
});

check('compat: guardrails', async () => {
  for (const [mark, code] of [['[[guardrail:S1]]', 2016], ['[[guardrail-response:S10]]', 2017]]) {
    const error = await failure(compat('guarded').chat.completions.create({
      model: 'openai/gpt-5.2', messages: [{ role: 'user', content: `Hello ${mark}` }],
    }), OpenAI.APIError, { status: 424 });
    assert.equal(error.error[0].code, code);
  }
});

check('compat: budgets and DLP', async () => {
  const body = { model: 'openai/gpt-5.2', messages };
  const cost = { headers: { 'cf-aig-custom-cost': '{"total_cost":2}' } };
  await compat('frugal').chat.completions.create(body, cost);
  let error = await failure(compat('frugal').chat.completions.create(body, cost), OpenAI.RateLimitError);
  assert.equal(error.error[0].code, 2041);
  for (const [mark, code] of [['[[dlp:cards]]', 2029], ['[[dlp-response:cards]]', 2030]]) {
    error = await failure(compat('discreet').chat.completions.create({
      model: 'openai/gpt-5.2', messages: [{ role: 'user', content: `Hello ${mark}` }],
    }), OpenAI.BadRequestError);
    assert.equal(error.error[0].code, code);
    assert.equal(JSON.parse(error.headers.get('cf-aig-dlp')).action, 'BLOCK');
  }
});

check('compat: errors of the provider', async () => {
  const ask = (model) => compat().chat.completions.create({ model, messages });
  await failure(ask('emulator/status-404'), OpenAI.NotFoundError, { code: 'model_not_found' });
  await failure(ask('emulator/status-503'), OpenAI.InternalServerError, { status: 503, type: 'server_error' });
  await failure(ask('emulator/status-429'), OpenAI.RateLimitError);
});

check('compat: the retries of the SDK', async () => {
  const client = compat('open', { maxRetries: 2 });
  const completion = await client.chat.completions.create({ model: 'emulator/flaky-1', messages });
  answers(completion.choices[0].message.content, 'emulator', 'flaky-1');
});

check('compat: time runs out, and connections break', async () => {
  await failure(compat('open', { timeout: 100 }).chat.completions.create({ model: 'emulator/slow-5s', messages }),
    OpenAI.APIConnectionTimeoutError);
  await failure(compat('open').chat.completions.create({ model: 'emulator/cut', messages }), OpenAI.APIConnectionError);
  await failure(compat('open').chat.completions.create({ model: 'emulator/cut', messages, stream: true }).then(all));
});

// --- the REST API --------------------------------------------------------------

check('rest: a chat completion', async () => {
  const { data, response } = await api().chat.completions
    .create({ model: 'openai/gpt-5.2', messages }).withResponse();
  whole(data, 'openai', 'gpt-5.2');
  assert.equal(response.headers.get('cf-aig-cache-status'), 'MISS');
});

check('rest: a chat completion by Workers AI', async () => {
  const model = '@cf/meta/llama-3.1-8b-instruct';
  whole(await api().chat.completions.create({ model, messages }), 'workers-ai', model);
  whole(await api({ defaultHeaders: {} }).chat.completions.create({ model, messages }), 'workers-ai', model);
});

check('rest: a stream', () => streamed(api(), { model: 'openai/gpt-5.2' }, 'openai', 'gpt-5.2'));

check('rest: a response', async () => {
  const response = await api().responses.create({ model: 'openai/gpt-5.2', instructions: 'Be brief.', input: prompt });
  assert.equal(response.object, 'response');
  assert.equal(response.status, 'completed');
  answers(response.output_text, 'openai', 'gpt-5.2');
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
});

check('rest: a response, streamed', async () => {
  const events = await all(await api().responses.create({ model: 'openai/gpt-5.2', input: messages, stream: true }));
  const types = [...new Set(events.map((event) => event.type))];
  assert.deepEqual(types, [
    'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added',
    'response.output_text.delta', 'response.output_text.done', 'response.content_part.done',
    'response.output_item.done', 'response.completed',
  ]);
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, i) => i));
});

check('rest: the stream helper of responses', async () => {
  const stream = api().responses.stream({ model: 'openai/gpt-5.2', input: prompt });
  let text = '';
  stream.on('response.output_text.delta', (event) => { text += event.delta; });
  const final = await stream.finalResponse();
  answers(final.output_text, 'openai', 'gpt-5.2');
  assert.equal(text, final.output_text);
});

check('rest: without a gateway it is the default one', async () => {
  const client = api({ defaultHeaders: {} });
  whole(await client.chat.completions.create({ model: 'openai/gpt-5.2', messages }), 'openai', 'gpt-5.2');
  const response = await fetch(`${control}/accounts/${account}/ai-gateway/gateways/default`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal((await response.json()).result.authentication, true);
});

check('rest: errors', async () => {
  const ask = (client, model) => client.chat.completions.create({ model, messages });
  await failure(ask(api({ apiKey: 'wrong' }), 'openai/gpt-5.2'), OpenAI.APIError, { status: 401 });
  await failure(ask(api(), 'acme/gpt-5.2'), OpenAI.NotFoundError);
  await failure(ask(api({ defaultHeaders: { 'cf-aig-gateway-id': 'nowhere' } }), 'openai/gpt-5.2'), OpenAI.BadRequestError);
});

// --- the provider's own path -----------------------------------------------------

check('pass-through: a chat completion with a key of its own', async () => {
  whole(await native().chat.completions.create({ model: 'gpt-5.2', messages }), 'openai', 'gpt-5.2');
});

check('pass-through: a stream', () => streamed(native(), { model: 'gpt-5.2' }, 'openai', 'gpt-5.2'));

check('pass-through: a response', async () => {
  const response = await native().responses.create({ model: 'gpt-5.2', input: prompt });
  answers(response.output_text, 'openai', 'gpt-5.2');
});

check('pass-through: embeddings', async () => {
  // By default the SDK requests base64 and decodes it.
  const packed = await native().embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
  const plain = await native().embeddings.create({
    model: 'text-embedding-3-small', input: ['one', 'two'], encoding_format: 'float',
  });
  assert.equal(packed.data.length, 2);
  assert.deepEqual(packed.data[1].embedding.map(Math.fround), plain.data[1].embedding.map(Math.fround));
  assert.notDeepEqual(packed.data[0].embedding, packed.data[1].embedding);
});

check('pass-through: the list of models', async () => {
  const models = await all(native().models.list());
  assert.ok(models.length > 0);
  assert.ok(models.every((model) => model.object === 'model' && model.id));
});

check('pass-through: an authenticated gateway wants its token beside the key', async () => {
  const error = await failure(
    native({ defaultHeaders: {} }).chat.completions.create({ model: 'gpt-5.2', messages }), OpenAI.AuthenticationError,
  );
  assert.equal(error.error[0].code, 2009);
});

check('pass-through: what the provider cannot read is its own error', async () => {
  const error = await failure(native().chat.completions.create({ model: 'gpt-5.2', messages: [] }), OpenAI.BadRequestError);
  assert.equal(error.type, 'invalid_request_error');
});

await finish();
