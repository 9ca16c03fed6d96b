"""Files from elsewhere: what they are, what each row says, and what the law makes of it."""
