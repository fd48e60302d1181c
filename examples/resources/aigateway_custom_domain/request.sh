cloudflared access curl https://ai.example.com/compat/chat/completions \
  --header "Content-Type: application/json" \
  --data '{"model": "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast", "messages": [{"role": "user", "content": "Hello"}]}'
