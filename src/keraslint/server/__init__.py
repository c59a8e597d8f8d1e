"""The language server: documents that are open in an editor → diagnostics, code actions and hovers."""
