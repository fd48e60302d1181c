# sh ask.sh PROMPT [OPTIONS OF CURL] prints the response, its status and whether it was cached.
prompt=$1
shift
curl -sS "$BASE_URL/chat/completions" "$@" \
  -w '\n%{http_code} %header{cf-aig-cache-status}\n' \
  -H "cf-aig-authorization: Bearer $CF_AIG_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"model": "openai/gpt-5.2", "messages": [{"role": "user", "content": "'"$prompt"'"}]}'
