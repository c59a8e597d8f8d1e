"""Diagnostics as text or data: one module per output format."""
