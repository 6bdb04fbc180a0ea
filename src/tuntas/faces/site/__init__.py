"""The site: settings, addresses and the door for a web server."""
