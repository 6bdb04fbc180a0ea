"""The river, pure: one room per stage. Stages never import each other, they meet in `tuntas.tables`."""
