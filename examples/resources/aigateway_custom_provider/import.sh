# By slug, in the provider's account:
terraform import aigateway_custom_provider.llm our-llm

# By account and slug:
terraform import aigateway_custom_provider.llm 0123456789abcdef0123456789abcdef/our-llm

# By the ID that the service assigned:
terraform import aigateway_custom_provider.llm 3f2504e0-4f89-41d3-9a0c-0305e82c3301
