"""The publish transaction: build, plan, deploy, prove, letters; and the way back."""
