"""What people do with agreements before anything is rated under them: bring in, give out, look for mistakes, see what changed."""
