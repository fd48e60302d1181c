# sh ask.sh MODEL METADATA [OPTIONS OF CURL]
model=$1 metadata=$2
shift 2
curl -sS -o /dev/null "$BASE_URL/chat/completions" "$@" \
  -w '%{http_code} %header{cf-aig-provider} %header{cf-aig-model}, step %header{cf-aig-step}\n' \
  -H "cf-aig-authorization: Bearer $CF_AIG_TOKEN" \
  -H "cf-aig-metadata: $metadata" \
  -H "Content-Type: application/json" \
  -d '{"model": "'"$model"'", "messages": [{"role": "user", "content": "Say yes."}]}'
