variable "name" {
  description = "Name of the gateway."
  type        = string
}

variable "store_id" {
  description = "ID of the account's Secrets Store."
  type        = string
}

variable "openai_api_key" {
  description = "OpenAI API key of the team."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "key_version" {
  description = "Increase this when the key changes, to send the new one."
  type        = number
}

variable "budget" {
  description = "US dollars that the team may spend in any 30 days."
  type        = number
}

variable "model" {
  description = "OpenAI's model that serves requests."
  type        = string
}
