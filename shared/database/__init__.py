"""The only way to the database: engines, one transaction at a time, bulk statements, migrations."""
