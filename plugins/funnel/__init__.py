"""Two Funnels: marketing teaches, selling happens elsewhere."""
