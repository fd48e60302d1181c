// The official Cloudflare SDK: gateways, their logs and their URLs.
import { account, all, answers, ask, check, control, failure, finish, gateway, prompt, token } from './harness.mjs';
import assert from 'node:assert/strict';
import Cloudflare from 'cloudflare';

const client = (options = {}) => new Cloudflare({ apiToken: token, baseURL: control, maxRetries: 0, ...options });
const { aiGateway } = client();

// required holds the settings that the API requires.
const required = {
  cache_invalidate_on_update: false, cache_ttl: 0, collect_logs: true, rate_limiting_interval: 0, rate_limiting_limit: 0,
};
const create = (id, more = {}) => aiGateway.create({ account_id: account, id, ...required, ...more });
const at = (id) => ({ account_id: account, gateway_id: id });

// holds asserts that an object has these members; others may be there.
function holds(object, members) {
  for (const [name, value] of Object.entries(members)) {
    assert.deepEqual(object[name], value, name);
  }
}

check('gateways: create and get', async () => {
  const made = await create('plain');
  holds(made, { id: 'plain', ...required, authentication: false, logpush: false, is_default: false });
  assert.ok(!Number.isNaN(Date.parse(made.created_at)));
  assert.equal(made.modified_at, made.created_at);
  assert.deepEqual(await aiGateway.get('plain', { account_id: account }), made);
});

const features = {
  dlp: { enabled: true, policies: [{ id: 'cards', action: 'BLOCK', check: ['REQUEST'], enabled: true, profiles: ['p1'] }] },
  guardrails: { prompt: { S1: 'BLOCK', P1: 'FLAG' }, response: { S10: 'FLAG' } },
  otel: [{ url: 'https://otel.example.com/v1/traces', headers: { 'x-team': 'a' }, authorization: 'secret', content_type: 'json' }],
  spend_limits: {
    enabled: true,
    rules: [{
      id: 'team', enabled: true, limit: 10, limitType: 'cost', window: 3600, technique: 'fixed',
      metadata: { team: { mode: 'partition' } }, model: { mode: 'filter', values: ['gpt-5.2'] },
    }],
  },
  stripe: { authorization: 'secret', usage_events: [{ payload: '{"cost":"$cost"}' }] },
};
const settings = {
  authentication: true, cache_ttl: 300, collect_logs: true, log_management: 50000, log_management_strategy: 'DELETE_OLDEST',
  logpush: true, rate_limiting_interval: 60, rate_limiting_limit: 10, rate_limiting_technique: 'sliding',
  retry_backoff: 'linear', retry_delay: 500, retry_max_attempts: 3, zdr: true, workers_ai_billing_mode: 'unified',
};

check('gateways: every setting on update', async () => {
  await create('full');
  const updated = await aiGateway.update('full', { account_id: account, ...required, ...settings, ...features, log_classification: true });
  holds(updated, { id: 'full', ...settings, ...features, log_classification: true });
  assert.deepEqual(await aiGateway.get('full', { account_id: account }), updated);
});

check('gateways: null and zero switch off', async () => {
  const updated = await aiGateway.update('full', {
    account_id: account, ...required, guardrails: null, otel: null, spend_limits: null, stripe: null,
    retry_backoff: null, retry_delay: null, retry_max_attempts: null, dlp: { enabled: false, action: 'FLAG', profiles: [] },
  });
  holds(updated, { guardrails: null, spend_limits: null, stripe: null, retry_delay: null, cache_ttl: 0, rate_limiting_limit: 0 });
});

check('gateways: list pages by itself', async () => {
  const names = Array.from({ length: 45 }, (_, i) => `many-${String(i).padStart(2, '0')}`);
  for (const name of names) {
    await create(name);
  }
  const found = await all(aiGateway.list({ account_id: account, search: 'many-', per_page: 20 }));
  assert.deepEqual(found.map(({ id }) => id).sort(), names);
  const page = await aiGateway.list({ account_id: account, search: 'many-', per_page: 20, page: 3 });
  assert.equal(page.getPaginatedItems().length, 5);
  holds(page.result_info, { page: 3, per_page: 20, total_count: 45, count: 5 });
});

check('gateways: delete', async () => {
  const gone = await aiGateway.delete('many-00', { account_id: account });
  assert.equal(gone.id, 'many-00');
  for (const method of ['delete', 'get']) {
    const error = await failure(aiGateway[method]('many-00', { account_id: account }), Cloudflare.NotFoundError, { status: 404 });
    assert.equal(error.errors[0].code, 7002);
  }
});

check('gateways: errors', async () => {
  let error = await failure(create('plain'), Cloudflare.BadRequestError);
  assert.equal(error.errors[0].code, 7001);
  error = await failure(create('wrong', { cache_ttl: -1, rate_limiting_limit: 'x' }), Cloudflare.BadRequestError);
  assert.equal(error.errors.length, 2);
  assert.ok(error.errors.every(({ code }) => code === 7001));
  error = await failure(client({ apiToken: 'wrong' }).aiGateway.get('plain', { account_id: account }), Cloudflare.APIError);
  assert.ok([401, 403].includes(error.status));
  assert.equal(error.errors[0].code, 10000);
});

check('urls: a URL that works', async () => {
  const url = await aiGateway.urls.get('openai', at('plain'));
  assert.equal(url, `${gateway('plain')}/openai`);
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST', headers: { authorization: 'Bearer sk-of-my-own' },
    body: JSON.stringify({ model: 'gpt-5.2', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  assert.equal(response.status, 200);
});

check('ai: a model of Workers AI, with and without a gateway', async () => {
  const model = '@cf/meta/llama-3.1-8b-instruct';
  const messages = [{ role: 'user', content: prompt }];
  for (const headers of [{}, { 'cf-aig-gateway-id': 'open' }]) {
    const { response } = await client().ai.run(model, { account_id: account, messages }, { headers });
    answers(response, 'workers-ai', model);
  }
  assert.equal((await all(aiGateway.logs.list('open', { account_id: account }))).length, 1);
});

// --- logs ----------------------------------------------------------------------

const logs = (query) => all(aiGateway.logs.list('logged', { account_id: account, ...query }));

check('logs: list pages by itself', async () => {
  await create('logged', { cache_ttl: 0 });
  for (let i = 0; i < 12; i += 1) {
    const model = i % 3 === 0 ? 'anthropic/claude-opus-5' : 'openai/gpt-5.2';
    const metadata = JSON.stringify({ team: i % 2 === 0 ? 'red' : 'blue', n: i });
    await ask('logged', i === 11 ? 'emulator/status-500' : model, { text: `request ${i}`, headers: { 'cf-aig-metadata': metadata } });
  }
  const found = await logs({ per_page: 5 });
  assert.equal(found.length, 12);
  assert.equal(new Set(found.map(({ id }) => id)).size, 12);
  holds(found[0], { provider: 'emulator', success: false, status_code: 500, cached: false });
  holds(found[1], { provider: 'openai', model: 'gpt-5.2', success: true, path: 'compat/chat/completions', tokens_in: 2 });
});

check('logs: filters', async () => {
  const filter = (...filters) => logs({ filters });
  assert.equal((await filter({ key: 'provider', operator: 'eq', value: ['anthropic'] })).length, 4);
  assert.equal((await filter({ key: 'provider', operator: 'eq', value: ['anthropic', 'emulator'] })).length, 5);
  assert.equal((await filter({ key: 'provider', operator: 'neq', value: ['anthropic'] })).length, 8);
  assert.equal((await filter({ key: 'model', operator: 'contains', value: ['gpt'] })).length, 7);
  assert.equal((await filter({ key: 'success', operator: 'eq', value: [false] })).length, 1);
  assert.equal((await filter({ key: 'tokens_out', operator: 'gt', value: [0] })).length, 11);
  assert.equal((await filter({ key: 'cost', operator: 'lt', value: [1000] })).length, 12);
  assert.equal((await filter(
    { key: 'provider', operator: 'eq', value: ['openai'] }, { key: 'metadata.value', operator: 'eq', value: ['red'] },
  )).length, 4);
  assert.equal((await filter(
    { key: 'metadata.key', operator: 'eq', value: ['n'] }, { key: 'metadata.value', operator: 'eq', value: [4] },
  )).length, 1);
});

check('logs: search, order, and the flat filters of before', async () => {
  assert.equal((await logs({ search: 'blue' })).length, 6);
  const ordered = await logs({ order_by: 'provider', order_by_direction: 'asc' });
  assert.deepEqual(ordered.map(({ provider }) => provider), ordered.map(({ provider }) => provider).sort());
  assert.equal((await logs({ provider: 'anthropic', success: true })).length, 4);
  assert.equal((await logs({ end_date: '2020-01-01T00:00:00Z' })).length, 0);
  const page = await aiGateway.logs.list('logged', { account_id: account, meta_info: true });
  holds(page.result_info, { total_count: 12, min_tokens_out: 0 });
  assert.ok(page.result_info.max_tokens_out > 0);
});

check('logs: get, and the payloads', async () => {
  const [, { id }] = await logs({});
  const log = await aiGateway.logs.get(id, at('logged'));
  holds(log, { id, provider: 'openai', request_head_complete: true, response_head_complete: true });
  assert.match(log.request_head, /request 10/);
  const request = await aiGateway.logs.request(id, at('logged'));
  assert.equal(request.messages[0].content, 'request 10');
  const response = await aiGateway.logs.response(id, at('logged'));
  assert.match(response.choices[0].message.content, /request 10$/);
  await failure(aiGateway.logs.get('missing', at('logged')), Cloudflare.NotFoundError);
});

check('logs: edit', async () => {
  const [{ id }] = await logs({});
  await aiGateway.logs.edit(id, { ...at('logged'), feedback: -1, score: 80, metadata: { team: 'green', reviewed: true } });
  const log = await aiGateway.logs.get(id, at('logged'));
  const metadata = typeof log.metadata === 'string' ? JSON.parse(log.metadata) : log.metadata;
  assert.deepEqual(metadata, { team: 'green', reviewed: true });
  assert.equal((await logs({ filters: [{ key: 'feedback', operator: 'eq', value: [-1] }] })).length, 1);
  await failure(aiGateway.logs.edit(id, { ...at('logged'), score: 101 }), Cloudflare.BadRequestError);
});

check('logs: delete', async () => {
  const drop = (query) => aiGateway.logs.delete('logged', { account_id: account, ...query });
  assert.equal((await drop({ filters: [{ key: 'provider', operator: 'eq', value: ['anthropic'] }] })).success, true);
  assert.equal((await logs({})).length, 8);
  await drop({ limit: 3, order_by: 'created_at', order_by_direction: 'asc' });
  assert.equal((await logs({})).length, 5);
  await drop({});
  assert.equal((await logs({})).length, 0);
});

await finish();
