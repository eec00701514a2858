"""The measures of the site: small pure functions, one module per family, each citing its section of the definitions."""
