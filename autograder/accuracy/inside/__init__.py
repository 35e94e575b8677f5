"""What runs beside student code: the standard library and NumPy, and IPython for notebooks."""
