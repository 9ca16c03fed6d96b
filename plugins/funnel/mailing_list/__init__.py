"""Letters to a permission-based list: a port, a plan, a ledger, and one adapter for each provider."""
