"""The commands, one module per subject. ``Desk`` is what they work with."""
