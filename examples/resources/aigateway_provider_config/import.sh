# By gateway, provider and alias, in the provider's account:
terraform import aigateway_provider_config.openai production/openai/default

# By account, gateway, provider and alias:
terraform import aigateway_provider_config.openai 0123456789abcdef0123456789abcdef/production/openai/default

# By gateway and the ID that the service assigned:
terraform import aigateway_provider_config.openai production/54442216
