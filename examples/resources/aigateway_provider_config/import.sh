# By gateway, provider and alias, in the account of the provider:
terraform import aigateway_provider_config.openai production/openai/default

# By account, gateway, provider and alias:
terraform import aigateway_provider_config.openai 0123456789abcdef0123456789abcdef/production/openai/default

# By gateway and the id that the service chose:
terraform import aigateway_provider_config.openai production/54442216
