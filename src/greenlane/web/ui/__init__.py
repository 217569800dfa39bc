"""What every door's pages share: layout, components, template tags."""
