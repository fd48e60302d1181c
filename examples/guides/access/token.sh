# sh token.sh MODEL sends a request with the token of an application.
curl -sS "$BASE_URL/chat/completions" -w '\n%{http_code}\n' \
  -H "cf-aig-authorization: Bearer $CF_AIG_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"model": "'"$1"'", "messages": [{"role": "user", "content": "Say yes."}]}'
