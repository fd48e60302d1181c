curl -sS -X POST "${CLOUDFLARE_BASE_URL%/client/v4}/emulator/custom-domains/ai.example.com/activate" \
  -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" -o /dev/null -w '%{http_code}\n'
