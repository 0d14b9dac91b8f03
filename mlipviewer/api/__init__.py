"""What `import mlipviewer` offers (docs/guide/python.md): reading, running, viewing, making."""
