"""Support code for the assignments, complete as it is: data, training, gradient checks, pictures."""
