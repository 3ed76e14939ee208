"""Capabilities that services share; one folder each. Imports contracts, never a service."""
