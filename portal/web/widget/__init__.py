"""Widget: the help centre in a small frame on the company's own pages. One module per resource."""
