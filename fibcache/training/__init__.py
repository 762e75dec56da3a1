"""Makes the word lists in `fibcache/data/` from public dictionaries and corpora."""
