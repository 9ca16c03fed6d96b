"""A second stand-in for Mailchimp, which shares nothing with the first but the clock: other ways of doing what is left open."""
