"""`python -m tuntas` is the command `tuntas`."""

from tuntas.faces.cli import main

if __name__ == "__main__":
    main()
