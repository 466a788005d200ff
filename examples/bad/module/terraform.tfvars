mode = "AUDIT"
