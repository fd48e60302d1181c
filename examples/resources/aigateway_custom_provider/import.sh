# By slug, in the account of the provider:
terraform import aigateway_custom_provider.llm our-llm

# By account and slug:
terraform import aigateway_custom_provider.llm 0123456789abcdef0123456789abcdef/our-llm

# By the id that the service chose:
terraform import aigateway_custom_provider.llm 3f2504e0-4f89-41d3-9a0c-0305e82c3301
