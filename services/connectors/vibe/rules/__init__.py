"""Decisions of this service: windows, limits, profiles, credentials, addresses. No I/O."""
