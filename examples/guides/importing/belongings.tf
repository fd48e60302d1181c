import {
  to = aigateway_dynamic_route.support
  id = "production/customer-support" # gateway and name
}

import {
  to = aigateway_provider_config.openai
  id = "production/openai/default" # gateway, provider and alias
}

import {
  to = aigateway_custom_provider.llm
  id = "our-llm" # slug
}
