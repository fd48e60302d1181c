variable "environment" {
  description = "Environment, such as staging. Names of gateways begin with it."
  type        = string

  # Each environment has a workspace. Tests, which have a state of their own, run in any.
  validation {
    condition     = contains([terraform.workspace, "test"], var.environment)
    error_message = "The workspace is ${terraform.workspace}, but the variables are those of ${var.environment}."
  }
}

variable "account_id" {
  description = "ID of the environment's account. Null for CLOUDFLARE_ACCOUNT_ID."
  type        = string
  default     = null
}

variable "teams" {
  description = <<-EOT
    Teams by name:
    budget: US dollars in any 30 days
    model: OpenAI's model that serves the team's requests
    key_version: increase it when the team's key changes, to send the new one
  EOT

  type = map(object({
    budget      = number
    model       = optional(string, "gpt-5.2")
    key_version = optional(number, 1)
  }))

  validation {
    condition     = alltrue([for name in keys(var.teams) : can(regex("^[a-z0-9]+(-[a-z0-9]+)*$", name))])
    error_message = "Names of teams are lower-case letters and digits, in groups joined by single hyphens."
  }

  validation {
    condition     = alltrue([for team in values(var.teams) : team.budget > 0])
    error_message = "The budget of a team must be more than 0."
  }
}

variable "openai_api_keys" {
  description = "OpenAI API keys by team. They are stored neither in state nor in plans."
  type        = map(string)
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(setsubtract(keys(var.teams), keys(var.openai_api_keys))) == 0
    error_message = "Every team needs a key."
  }
}
