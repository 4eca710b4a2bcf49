"""What happens at each address: read, ask the domain, render."""
