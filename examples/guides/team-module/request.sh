curl "$OPENAI_BASE_URL/chat/completions" \
  -H "cf-aig-authorization: Bearer $CF_AIG_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"model": "dynamic/chat", "messages": [{"role": "user", "content": "Hello"}]}'
