curl "$AIGATEWAY_GATEWAY_BASE_URL/$CLOUDFLARE_ACCOUNT_ID/support/compat/chat/completions" \
  -H "cf-aig-authorization: Bearer $CLOUDFLARE_API_TOKEN" \
  -H 'cf-aig-metadata: {"plan": "paid"}' \
  -H "Content-Type: application/json" \
  -d '{"model": "dynamic/answers", "messages": [{"role": "user", "content": "Hello"}]}'
