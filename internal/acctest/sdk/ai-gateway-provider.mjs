// Cloudflare's provider for the AI SDK, which uses the universal endpoint.
import { account, ask, answers, check, control, failure, finish, prompt, token } from './harness.mjs';
import assert from 'node:assert/strict';
import { generateText, streamText } from 'ai';
import { AiGatewayDoesNotExist, AiGatewayUnauthorizedError, createAiGateway } from 'ai-gateway-provider';
import { createAnthropic } from 'ai-gateway-provider/providers/anthropic';
import { createGoogleGenerativeAI } from 'ai-gateway-provider/providers/google';
import { createOpenAI } from 'ai-gateway-provider/providers/openai';
import { createUnified } from 'ai-gateway-provider/providers/unified';

globalThis.AI_SDK_LOG_WARNINGS = false;

const through = (gateway = 'locked', options = undefined, apiKey = token) =>
  createAiGateway({ accountId: account, gateway, apiKey, options });
const generate = (model) => generateText({ model, prompt, maxRetries: 0 });

const unified = createUnified();
// Workers AI needs the Authorization of its own step.
const authorized = createUnified({ apiKey: token });
const openai = createOpenAI({ apiKey: 'sk-of-my-own' });
const anthropic = createAnthropic({ apiKey: 'sk-of-my-own' });
const google = createGoogleGenerativeAI({ apiKey: 'of-my-own' });

// header returns a cf-aig header of the gateway's response.
const header = (result, name) => result.response.headers[`cf-aig-${name}`];

// logOf returns the log of a response.
async function logOf(result, gateway = 'locked') {
  const id = header(result, 'log-id');
  const response = await fetch(`${control}/accounts/${account}/ai-gateway/gateways/${gateway}/logs/${id}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(response.status, 200, `the log ${id}`);
  return (await response.json()).result;
}

const kinds = [
  ['unified', () => unified('openai/gpt-5.2'), 'openai', 'gpt-5.2'],
  ['unified, by Workers AI', () => authorized('workers-ai/@cf/meta/llama-3.1-8b-instruct'), 'workers-ai', '@cf/meta/llama-3.1-8b-instruct'],
  ['openai, chat completions', () => openai.chat('gpt-5.2'), 'openai', 'gpt-5.2'],
  ['openai, responses', () => openai.responses('gpt-5.2'), 'openai', 'gpt-5.2'],
  ['anthropic', () => anthropic('claude-opus-5'), 'anthropic', 'claude-opus-5'],
  ['google', () => google('gemini-3-pro'), 'google-ai-studio', 'gemini-3-pro'],
];

for (const [name, model, provider, asked] of kinds) {
  check(`${name}: a text`, async () => {
    const result = await generate(through()(model()));
    answers(result.text, provider, asked);
    assert.equal(result.finishReason, 'stop');
    assert.equal(result.usage.inputTokens, prompt.split(' ').length);
    assert.ok(result.usage.outputTokens > 10);
    assert.equal(header(result, 'step'), '0');
  });

  check(`${name}: a stream`, async () => {
    const result = streamText({ model: through()(model()), prompt, maxRetries: 0 });
    let pieces = 0;
    let text = '';
    for await (const piece of result.textStream) {
      pieces += 1;
      text += piece;
    }
    answers(text, provider, asked);
    assert.ok(pieces > 5, `${pieces} pieces`);
    assert.equal(await result.finishReason, 'stop');
    assert.ok((await result.usage).outputTokens > 10);
  });
}

check('without a key of the provider Unified Billing pays', async () => {
  const result = await generate(through()(createOpenAI().chat('gpt-5.2')));
  answers(result.text, 'openai', 'gpt-5.2');
  assert.equal(header(result, 'provider'), 'openai');
});

check('fallback: the next model answers, of whatever provider', async () => {
  const result = await generate(through()([
    openai.chat('emulator/status-500'), google('models/emulator/status-429'), anthropic('claude-opus-5'), openai.chat('gpt-5.2'),
  ]));
  answers(result.text, 'anthropic', 'claude-opus-5');
  assert.equal(header(result, 'step'), '2');
  assert.equal(header(result, 'provider'), 'anthropic');
});

check('fallback: a stream', async () => {
  const { textStream } = streamText({
    model: through()([anthropic('emulator/status-529'), openai.chat('gpt-5.2')]), prompt, maxRetries: 0,
  });
  let text = '';
  for await (const piece of textStream) {
    text += piece;
  }
  answers(text, 'openai', 'gpt-5.2');
});

check('fallback: a model that takes too long', async () => {
  const result = await generate(through('locked', { requestTimeoutMs: 100, retries: { maxAttempts: 1 } })([
    openai.chat('emulator/slow-10s'), openai.chat('gpt-5.2'),
  ]));
  answers(result.text, 'openai', 'gpt-5.2');
  assert.equal(header(result, 'step'), '1');
});

check('fallback: none is left', async () => {
  const error = await failure(generate(through()([openai.chat('emulator/status-500'), openai.chat('emulator/status-503')])));
  assert.equal(error.statusCode, 400);
  assert.equal(JSON.parse(error.responseBody).error[0].code, 2005);
});

check('options: retries', async () => {
  const gateway = through('locked', { retries: { maxAttempts: 3, retryDelayMs: 1, backoff: 'constant' } });
  const result = await generate(gateway(openai.chat('emulator/flaky-2')));
  answers(result.text, 'openai', 'emulator/flaky-2');
});

check('options: the cache', async () => {
  const model = () => openai.chat('gpt-5.2');
  const statuses = [];
  for (const options of [{ cacheTtl: 60 }, { cacheTtl: 60 }, { cacheTtl: 60, skipCache: true }]) {
    statuses.push(header(await generate(through('open', options)(model())), 'cache-status'));
  }
  assert.deepEqual(statuses, ['MISS', 'HIT', 'MISS']);
  const keyed = [];
  for (const asked of ['gpt-5.2', 'gpt-5.2-mini']) {
    keyed.push(await generate(through('open', { cacheKey: 'mine' })(openai.chat(asked))));
  }
  assert.equal(header(keyed[1], 'cache-status'), 'HIT');
  assert.equal(keyed[1].text, keyed[0].text);
});

check('options: metadata, event id and logs', async () => {
  const result = await generate(through('locked', { metadata: { team: 'red', n: 1n }, eventId: 'event-1' })(openai.chat('gpt-5.2')));
  assert.equal(header(result, 'event-id'), 'event-1');
  const log = await logOf(result);
  const metadata = typeof log.metadata === 'string' ? JSON.parse(log.metadata) : log.metadata;
  assert.deepEqual(metadata, { team: 'red', n: '1' });
  assert.equal(log.provider, 'openai');
  const silent = await generate(through('locked', { collectLog: false })(openai.chat('gpt-5.2')));
  assert.equal(header(silent, 'log-id'), undefined);
});

check('Workers AI without its own Authorization is 401', async () => {
  await failure(generate(through()(unified('workers-ai/@cf/meta/llama-3.1-8b-instruct'))), Error, { statusCode: 401 });
});

check('2001 is AiGatewayDoesNotExist', async () => {
  await failure(generate(through('nowhere')(unified('openai/gpt-5.2'))), AiGatewayDoesNotExist);
  await failure(generate(through('nowhere')(openai.chat('gpt-5.2'))), AiGatewayDoesNotExist);
});

check('2009 is AiGatewayUnauthorizedError', async () => {
  await failure(generate(through('locked', undefined, 'wrong')(unified('openai/gpt-5.2'))), AiGatewayUnauthorizedError);
  await failure(generate(through('locked', undefined, 'wrong')(anthropic('claude-opus-5'))), AiGatewayUnauthorizedError);
});

check('the gateway default makes itself', async () => {
  answers((await generate(through('default')(unified('openai/gpt-5.2')))).text, 'openai', 'gpt-5.2');
});

check('the rate limit and guardrails', async () => {
  await ask('limited', 'openai/gpt-5.2');
  await failure(generate(through('limited')(openai.chat('gpt-5.2'))), Error, { statusCode: 429 });
  await failure(generateText({
    model: through('guarded')(openai.chat('gpt-5.2')), prompt: 'Hello [[guardrail:S1]]', maxRetries: 0,
  }), Error, { statusCode: 424 });
});

await finish();
