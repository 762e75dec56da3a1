"""Makes what ships in `nlu/data/` from open data. Nothing here runs while Alice serves."""
