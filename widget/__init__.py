"""What people see: chat element, pages, counter tablet, administration."""
