"""The two interactive pictures, with what the browser runs beside them."""
