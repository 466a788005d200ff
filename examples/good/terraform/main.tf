# The mode comes through a module, a variable with a default and a dynamic block: it is ENFORCED all the same.
variable "protected" {
  type    = bool
  default = true
}

module "auth" {
  source = "./modules/auth"
  mode   = var.protected ? "ENFORCED" : null
}
