import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL,
  apiKey: process.env.OPENAI_API_KEY ?? process.env.CF_AIG_TOKEN,
  defaultHeaders: { 'cf-aig-authorization': `Bearer ${process.env.CF_AIG_TOKEN}` },
});
const completion = await client.chat.completions.create({
  model: 'openai/gpt-5.2',
  messages: [{ role: 'user', content: 'Say yes.' }],
});
console.log(completion.choices[0].message.content);
