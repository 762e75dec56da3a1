"""What people, doors and commands do with what Alice keeps: plain functions with named arguments.

They talk to the database; async code calls them through `chat.db.in_db`.
"""
