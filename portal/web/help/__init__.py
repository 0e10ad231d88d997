"""Help: the pages that customers see. One module per resource."""
