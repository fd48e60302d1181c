# By gateway and hostname, in the provider's account:
terraform import aigateway_custom_domain.ai production/ai.example.com

# By account, gateway and hostname:
terraform import aigateway_custom_domain.ai 0123456789abcdef0123456789abcdef/production/ai.example.com
