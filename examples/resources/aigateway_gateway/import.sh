# By name, in the account of the provider:
terraform import aigateway_gateway.production production

# By account and name:
terraform import aigateway_gateway.production 0123456789abcdef0123456789abcdef/production
