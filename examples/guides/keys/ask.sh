# sh ask.sh MODEL [OPTIONS OF CURL] prints the response and its status.
model=$1
shift
curl -sS "$BASE_URL/chat/completions" "$@" -w '\n%{http_code}\n' \
  -H "cf-aig-authorization: Bearer $CF_AIG_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"model": "'"$model"'", "messages": [{"role": "user", "content": "Say yes."}]}'
