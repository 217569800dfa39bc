"""The app of who and what belongs to a member: people, owners, sites, vessels, partners."""
