"""A stand-in for Mailchimp's Marketing API 3.0 on loopback: stateful, strict, and able to fail in every known way."""
