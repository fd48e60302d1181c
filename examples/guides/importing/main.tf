terraform {
  required_version = ">= 1.14"

  required_providers {
    aigateway = {
      source = "aigateway/aigateway"
    }
  }
}

provider "aigateway" {}
