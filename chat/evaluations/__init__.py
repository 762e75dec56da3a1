"""What `manage.py evaluate` measures: how right the cache is, on labelled questions."""
