"""What services know of one another: messages, topology, ownership. Imports pydantic alone."""
