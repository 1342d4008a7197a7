"""What all measurements share: peers as servers, turns, tables, the page."""
