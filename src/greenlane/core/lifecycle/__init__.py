"""How an account moves: what stands (standing), what may happen (decide), what follows (apply)."""
