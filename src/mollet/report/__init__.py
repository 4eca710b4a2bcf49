"""What is shown on paper and in pictures? Pure: a diary, the knowledge and a date in, figures and SVG out."""
