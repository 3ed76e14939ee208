"""The oracle: real processes are killed under load, and every number must come out exactly right."""
