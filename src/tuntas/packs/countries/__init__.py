"""Countries. Each is a folder of dated rows with their source; reached only through `packs.load`."""
