-- A role for each service, and one that owns all tables; schemas.sql then gives each what it needs. Both run once, by psql,
-- when the database is made; the passwords come from the environment.
\set ON_ERROR_STOP on
\getenv owner_password CHUAN_OWNER_DATABASE_PASSWORD
\getenv planning_password CHUAN_PLANNING_DATABASE_PASSWORD
\getenv inspection_password CHUAN_INSPECTION_DATABASE_PASSWORD
\getenv notification_password CHUAN_NOTIFICATION_DATABASE_PASSWORD
\getenv reporting_password CHUAN_REPORTING_DATABASE_PASSWORD

-- Runs the migrations, and the operators' commands (dead letters, rebuild).
CREATE ROLE chuan_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE planning LOGIN PASSWORD :'planning_password';
CREATE ROLE inspection LOGIN PASSWORD :'inspection_password';
CREATE ROLE notification LOGIN PASSWORD :'notification_password';
CREATE ROLE reporting LOGIN PASSWORD :'reporting_password';
