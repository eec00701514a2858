"""Words: sandboxed templates, the French and English texts, drafts and documents."""
