curl -X POST http://127.0.0.1:8787/emulator/custom-domains/ai.example.com/activate -H "Authorization: Bearer emulator-token"
curl http://127.0.0.1:8787/compat/chat/completions -H "Host: ai.example.com" -H 'X-Emulator-Access-Identity: {"id": "user-1"}' \
  -d '{"model": "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast", "messages": [{"role": "user", "content": "Hello"}]}'
