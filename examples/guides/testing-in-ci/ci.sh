# Runs the tests against an emulator, which stops when this script ends.
aigateway-emulator -listen 127.0.0.1:8787 -quiet >emulator.log 2>&1 &
trap "kill $!" EXIT

export CLOUDFLARE_BASE_URL=http://127.0.0.1:8787/client/v4
export AIGATEWAY_GATEWAY_BASE_URL=http://127.0.0.1:8787/v1
export CLOUDFLARE_API_TOKEN=emulator-token
export CLOUDFLARE_ACCOUNT_ID=0123456789abcdef0123456789abcdef

# Waits for the emulator. If it has stopped, for instance because the port is in use,
# this script stops, too.
until grep '^http' emulator.log; do
  kill -0 $!
  sleep 1
done

terraform init -input=false
terraform validate
terraform test
