"""Questions over several rows."""
