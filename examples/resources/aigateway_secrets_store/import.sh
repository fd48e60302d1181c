# By name, in the provider's account:
terraform import aigateway_secrets_store.keys default_secrets_store

# By ID, in the provider's account:
terraform import aigateway_secrets_store.keys 8f14e45fceea167a5a36dedd4bea2543

# By account and ID:
terraform import aigateway_secrets_store.keys 0123456789abcdef0123456789abcdef/8f14e45fceea167a5a36dedd4bea2543
