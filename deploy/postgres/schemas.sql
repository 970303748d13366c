-- One schema for each service, owned by chuan_owner. A service reads and writes its own rows: it can neither change its tables
-- nor see another service's.
DO $$
DECLARE
  service text;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO chuan_owner', current_database());
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  FOREACH service IN ARRAY ARRAY['planning', 'inspection', 'notification', 'reporting'] LOOP
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), service);
    EXECUTE format('CREATE SCHEMA %I AUTHORIZATION chuan_owner', service);
    EXECUTE format('GRANT USAGE ON SCHEMA %1$I TO %1$I', service);
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES FOR ROLE chuan_owner IN SCHEMA %1$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I', service);
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE chuan_owner IN SCHEMA %1$I GRANT USAGE ON SEQUENCES TO %1$I', service);
    -- The services ask for the same limits; here they hold for whoever else uses the role.
    EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', service, '60s');
    EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', service, '10s');
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', service, '60s');
  END LOOP;
END
$$;
