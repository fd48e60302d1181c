# By gateway and name, in the provider's account:
terraform import aigateway_dynamic_route.support production/customer-support

# By account, gateway and name:
terraform import aigateway_dynamic_route.support 0123456789abcdef0123456789abcdef/production/customer-support

# By gateway and the ID that the service assigned:
terraform import aigateway_dynamic_route.support production/id:54442216
