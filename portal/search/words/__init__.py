"""Words: how texts of any language are cut, compared, corrected and widened. Pure: text in, words out."""
