terraform {
  required_providers {
    aigateway = {
      source  = "aigateway/aigateway"
      version = "~> 0.1.0" # 0.1.1 and 0.1.2, but not 0.2.0
    }
  }
}
