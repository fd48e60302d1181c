# sh as.sh IDENTITY MODEL [OPTIONS OF CURL] plays a request with an Access session.
identity=$1 model=$2
shift 2
curl -sS "${CLOUDFLARE_BASE_URL%/client/v4}/compat/chat/completions" "$@" -w '\n%{http_code}\n' \
  -H "Host: ai.example.com" \
  -H "X-Emulator-Access-Identity: $identity" \
  -H "Content-Type: application/json" \
  -d '{"model": "'"$model"'", "messages": [{"role": "user", "content": "Say yes."}]}'
