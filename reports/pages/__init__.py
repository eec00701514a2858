"""The pages of the site: what each one shows, as values. Their words are in `site/`."""
