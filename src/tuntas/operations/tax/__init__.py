"""What is done with tax once it is in the books: documents drawn, exported and answered; returns filed, paid and reconciled."""
