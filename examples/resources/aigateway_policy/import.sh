# By gateway and ID, in the provider's account:
terraform import aigateway_policy.everyone production/d682e5be-1cbe-4328-b7ec-0976fc8644f5

# By account, gateway and ID:
terraform import aigateway_policy.everyone 0123456789abcdef0123456789abcdef/production/d682e5be-1cbe-4328-b7ec-0976fc8644f5
