"""The desk: pages in a browser over one home. English and Indonesian, no build step, nothing fetched from elsewhere."""
