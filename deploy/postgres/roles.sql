-- One schema and one role for each service, and a role that owns all tables. Runs once, when the database is made; the
-- passwords come from the environment. A service can read and write its own rows: it can neither change its tables nor see
-- another service's.
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

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO chuan_owner;

SELECT format(statement, service, :'DBNAME')
FROM unnest(ARRAY['planning', 'inspection', 'notification', 'reporting']) AS service,
     unnest(ARRAY[
       'GRANT CONNECT ON DATABASE %2$I TO %1$I',
       'CREATE SCHEMA %1$I AUTHORIZATION chuan_owner',
       'GRANT USAGE ON SCHEMA %1$I TO %1$I',
       'ALTER DEFAULT PRIVILEGES FOR ROLE chuan_owner IN SCHEMA %1$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I',
       'ALTER DEFAULT PRIVILEGES FOR ROLE chuan_owner IN SCHEMA %1$I GRANT USAGE ON SEQUENCES TO %1$I',
       -- The services ask for the same limits; here they hold for whoever else uses the role.
       'ALTER ROLE %1$I SET statement_timeout = ''60s''',
       'ALTER ROLE %1$I SET lock_timeout = ''10s''',
       'ALTER ROLE %1$I SET idle_in_transaction_session_timeout = ''60s'''
     ]) WITH ORDINALITY AS statements (statement, place)
ORDER BY service, place
\gexec
