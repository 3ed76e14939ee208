"""Vibe's API, and the places from which its reports are downloaded."""
