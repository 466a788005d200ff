# One module, two callers: one of them turns the protection off.
variable "mode" {
  type = string
}

module "customers" {
  source = "./modules/auth"
  mode   = "ENFORCED"
}

module "partners" {
  source = "./modules/auth"
  mode   = var.mode
}
