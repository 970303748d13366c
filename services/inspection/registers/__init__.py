"""The registers: what is known of sites, products, instruments and bodies, and what alerts and complaints may be about."""
