"""The reader's site: what the theme shows, what machines read, and the proof that it holds together."""
