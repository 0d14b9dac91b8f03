"""What the commands and scripts work with: inputs, conversions, results as files."""
